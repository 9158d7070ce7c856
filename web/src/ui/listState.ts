import type { LocationQuery, LocationQueryRaw } from 'vue-router'

/** What a list shows: in the URL, so that a link or the back button brings the same rows. */
export interface ListState {
  page: number
  page_size: number
  /** "name" or "-name". */
  sort: string
  filters: Record<string, string>
}

export interface ListSpec {
  /** Names of the filters the list knows. */
  filters: readonly string[]
  sort?: string
  page_size?: number
  /** Put before every name, when a page has several lists: "members." */
  prefix?: string
}

export const kPageSizes = [20, 50, 100, 200] as const

const one = (value: LocationQuery[string] | undefined) => (Array.isArray(value) ? (value[0] ?? '') : (value ?? ''))

/** Nonsense in the URL falls back to the defaults. */
export function readListState(query: LocationQuery, spec: ListSpec): ListState {
  const prefix = spec.prefix ?? ''
  const get = (name: string) => one(query[prefix + name])
  const page = Number(get('page'))
  const size = Number(get('page_size'))
  return {
    page: Number.isInteger(page) && page > 0 ? page : 1,
    page_size: (kPageSizes as readonly number[]).includes(size) ? size : (spec.page_size ?? 20),
    sort: /^-?[a-z_][a-z0-9_.]*$/i.test(get('sort')) ? get('sort') : (spec.sort ?? ''),
    filters: Object.fromEntries(spec.filters.map((name) => [name, get(name)]).filter(([, value]) => value !== '')),
  }
}

/** The URL's query with this state in it; defaults are left out, names of others are kept. */
export function writeListState(query: LocationQuery, state: ListState, spec: ListSpec): LocationQueryRaw {
  const prefix = spec.prefix ?? ''
  const mine = new Set(['page', 'page_size', 'sort', ...spec.filters].map((name) => prefix + name))
  const out: LocationQueryRaw = Object.fromEntries(Object.entries(query).filter(([name]) => !mine.has(name)))
  if (state.page !== 1) out[`${prefix}page`] = String(state.page)
  if (state.page_size !== (spec.page_size ?? 20)) out[`${prefix}page_size`] = String(state.page_size)
  if (state.sort && state.sort !== (spec.sort ?? '')) out[`${prefix}sort`] = state.sort
  for (const name of spec.filters) if (state.filters[name]) out[prefix + name] = state.filters[name]
  return out
}

/** What a click on a heading does: unsorted → upwards → downwards → unsorted. */
export function nextSort(current: string, column: string): string {
  if (current === column) return `-${column}`
  if (current === `-${column}`) return ''
  return column
}

/** Page numbers to offer, with 0 for a gap: pagesToOffer(6, 20) → [1, 0, 5, 6, 7, 0, 20]. */
export function pagesToOffer(page: number, pages: number): number[] {
  const wanted = [...new Set([1, page - 1, page, page + 1, pages])].filter((n) => n >= 1 && n <= pages).sort((a, b) => a - b)
  return wanted.flatMap((n, i) => {
    const before = wanted[i - 1]
    if (i === 0 || n === before + 1) return [n]
    return n === before + 2 ? [n - 1, n] : [0, n]
  })
}
