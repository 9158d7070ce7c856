import { computed, reactive, ref, shallowRef } from 'vue'
import { api, Problem, type Schema } from '@/api/client'
import { useCodes, useText } from '@/ui'

export type Ledger = Schema<'FigureLedger'>
export type Figure = Schema<'Figure'>

/** Sheets of the three-year ledger, by group of the key catalogue. */
export const kSheets = ['product', 'material', 'energy', 'water', 'pollutant', 'money'] as const

export interface LedgerRow {
  key: string
  scope: string
  unit: string
}
export interface CellState {
  text: string
  /** As last read or saved. */
  saved: string
  version: number
  stale: boolean
  derived: boolean
  slot?: string
  basis?: string
  evidence?: boolean
  error?: string
  saving?: boolean
}

const placeOf = (key: string, scope: string, period: string) => `${key}|${scope}|${period}`

/** 数据台账: three years side by side; each cell is saved by itself, against the version it was read with. */
export function useLedger(id: () => string, years: () => number[]) {
  const { codes, loadCodes } = useCodes()
  const { pick, unitText } = useText()
  const ledger = shallowRef<Ledger>()
  const cells = reactive<Record<string, CellState>>({})
  const added = ref<LedgerRow[]>([])
  const offline = ref(false)
  const savedAt = ref('')

  const path = () => `/api/v1/figures/audit/${id()}`

  /** An answer to a write holds what was written and what went stale by it; the rest stays. */
  function take(value: Ledger) {
    const all = new Map((ledger.value?.figures ?? []).map((figure) => [figure.slot, figure]))
    for (const figure of value.figures) all.set(figure.slot, figure)
    ledger.value = { ...value, figures: [...all.values()] }
    for (const figure of value.figures) {
      if (figure.aspect !== 'measured') continue
      const at = placeOf(figure.key, figure.scope, figure.period)
      const shown = textOf(figure)
      const before = cells[at]
      cells[at] = {
        // What is being typed stays; what somebody else wrote comes in.
        text: before && before.text !== before.saved ? before.text : shown,
        saved: shown,
        version: figure.version,
        stale: figure.stale,
        derived: figure.derived,
        slot: figure.slot,
        basis: figure.basis,
        evidence: Boolean(figure.evidence.file),
        error: before?.text !== before?.saved ? before?.error : undefined,
      }
    }
  }
  function textOf(figure: Figure): string {
    const value = figure.value as { kind: string; number?: string; text?: string; choice?: string; date?: string; reason?: string }
    return value.kind === 'number' ? (value.number ?? '') : value.kind === 'text' ? (value.text ?? '') : value.kind === 'choice' ? (value.choice ?? '') : (value.date ?? '')
  }

  async function load() {
    await loadCodes()
    take(await api.get<Ledger>(path()))
  }

  const titleOf = (key: string) => pick(codes.value?.keys.find((one) => one.key === key)?.title) || key
  const unitOf = (key: string) => codes.value?.keys.find((one) => one.key === key)?.unit ?? ''

  /** Rows of a sheet: what has values, what was just added, and the keys of the whole plant of small groups. */
  function rowsOf(group: string): LedgerRow[] {
    const rows = new Map<string, LedgerRow>()
    const keys = (codes.value?.keys ?? []).filter((one) => one.group === group && one.kind === 'decimal' && !one.replaced_by)
    const known = new Set(keys.map((one) => one.key))
    for (const figure of ledger.value?.figures ?? [])
      if (figure.aspect === 'measured' && known.has(figure.key)) rows.set(`${figure.key}|${figure.scope}`, { key: figure.key, scope: figure.scope, unit: unitOf(figure.key) })
    for (const row of added.value) if (known.has(row.key)) rows.set(`${row.key}|${row.scope}`, row)
    const order = new Map(keys.map((one, i) => [one.key, i]))
    return [...rows.values()].sort((a, b) => (order.get(a.key) ?? 0) - (order.get(b.key) ?? 0) || a.scope.localeCompare(b.scope))
  }
  const choicesOf = (group: string) => (codes.value?.keys ?? []).filter((one) => one.group === group && one.kind === 'decimal' && !one.replaced_by).map((one) => ({ value: one.key, label: `${pick(one.title)}${one.unit ? `（${unitText(one.unit)}）` : ''}` }))

  function cell(row: LedgerRow, year: number): CellState {
    const at = placeOf(row.key, row.scope, String(year))
    return (cells[at] ??= { text: '', saved: '', version: 0, stale: false, derived: false })
  }
  function addRow(key: string, scope: string) {
    added.value = [...added.value, { key, scope, unit: unitOf(key) }]
  }

  /** Saves several cells in one write; each complaint lands on its own cell, the others are kept. */
  async function save(changes: { row: LedgerRow; year: number }[], basis = 'kept') {
    const wanted = changes.map(({ row, year }) => ({ row, year, state: cell(row, year) })).filter(({ state }) => state.text.trim() !== state.saved && !state.derived)
    if (!wanted.length) return
    for (const { state } of wanted) {
      state.saving = true
      state.error = undefined
    }
    const body = {
      cells: wanted.map(({ row, year, state }) => ({
        key: row.key,
        scope: row.scope,
        period: String(year),
        aspect: 'measured',
        version: state.version,
        value: state.text.trim() === '' ? { kind: 'retracted' } : { kind: 'number', number: state.text.trim().replace(/[,，\s]/g, '') },
        // What is left out stays: a corrected number keeps its source, and with it its evidence.
        basis: basis === 'kept' ? (state.basis ?? 'billed') : basis,
      })),
    }
    try {
      const read = await api.patch<Ledger>(path(), body)
      for (const { state } of wanted) state.saved = state.text = state.text.trim().replace(/[,，\s]/g, '')
      take(read.value)
      offline.value = false
      savedAt.value = new Date().toTimeString().slice(0, 5)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (error.status === 0) offline.value = true
      for (const [i, { state }] of wanted.entries()) {
        const own = error.fields.find((field) => field.pointer.startsWith(`#/cells/${i}/`) || field.pointer === `#/cells/${i}`)
        state.error = own?.detail ?? (error.fields.length ? undefined : error.message)
      }
      // One bad cell keeps the others of a paste from being saved: send the good ones again.
      const good = wanted.filter(({ state }) => !state.error)
      if (error.fields.length && good.length && good.length < wanted.length) {
        for (const { state } of wanted) state.saving = false
        await save(good.map(({ row, year }) => ({ row, year })), basis)
      }
      if (error.status === 412) take(await api.get<Ledger>(path()))
    } finally {
      for (const { state } of wanted) state.saving = false
    }
  }

  const staleCount = computed(() => (ledger.value?.figures ?? []).filter((figure) => figure.stale).length)
  const mayEdit = computed(() => ledger.value?.allowed_actions.includes('edit') ?? false)
  const waiting = computed(() => Object.values(cells).filter((state) => state.text.trim() !== state.saved).length)

  return { ledger, load, rowsOf, choicesOf, titleOf, cell, addRow, save, staleCount, mayEdit, offline, savedAt, waiting, years }
}
