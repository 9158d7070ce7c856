import { computed, shallowRef } from 'vue'
import { api, type Schema } from '@/api/client'
import { useAttempt } from '@/ui'

export type EnterpriseImport = Schema<'EnterpriseImport'>
export type ImportMapping = Schema<'ImportMapping'>
export type SheetMapping = Schema<'ImportSheetMapping'>
export type ImportRow = Schema<'ImportRow'>
export type Outcome = ImportRow['outcome']

export const kOutcomes: readonly Outcome[] = ['new', 'changed', 'unchanged', 'unmatched', 'wrong', 'merged']

/** One import on its way: mapping → preview → confirmation. Nothing reaches the register before `confirm`. */
export function useImport(id: () => string) {
  const { busy, problem, attempt } = useAttempt()
  const current = shallowRef<EnterpriseImport>()
  const mapping = shallowRef<ImportMapping>({ sheets: [], default_region: '' })
  const saved = shallowRef<Schema<'SavedImportMapping'>[]>([])
  const path = () => `/api/v1/enterprise-imports/${encodeURIComponent(id())}`
  const etag = () => `"${current.value?.version ?? 0}"`

  function take(value: EnterpriseImport) {
    current.value = value
    mapping.value = value.mapping
  }
  const load = () =>
    attempt(async () => {
      take(await api.get<EnterpriseImport>(path()))
      saved.value = (await api.get<Schema<'SavedImportMappings'>>('/api/v1/import-mappings')).items
    })
  /** Columns anew: by a saved mapping, or below other heading rows. */
  const propose = (input: Schema<'ImportProposalInput'>) =>
    attempt(async () => {
      const proposed = (await api.post<ImportMapping>(`${path()}/proposal`, input)).value
      const used = new Map(mapping.value.sheets.map((sheet) => [sheet.sheet, sheet.use]))
      mapping.value = input.saved_mapping ? proposed : { ...mapping.value, sheets: proposed.sheets.map((sheet) => ({ ...sheet, use: used.get(sheet.sheet) ?? sheet.use })) }
    })
  const preview = (saveAs: string) =>
    attempt(async () => take((await api.put<EnterpriseImport>(`${path()}/mapping`, { ...mapping.value, save_as: saveAs }, etag())).value))
  const confirm = (leaveOutWrong: boolean) =>
    attempt(async () => take((await api.post<EnterpriseImport>(`${path()}/confirm`, { leave_out_wrong: leaveOutWrong }, { etag: etag() })).value))
  const discard = () => attempt(async () => take((await api.post<EnterpriseImport>(`${path()}/discard`, {}, { etag: etag() })).value))

  function changeSheet(number: number, change: Partial<SheetMapping>) {
    mapping.value = { ...mapping.value, sheets: mapping.value.sheets.map((sheet) => (sheet.sheet === number ? { ...sheet, ...change } : sheet)) }
  }
  /** A field stands above one column of a sheet only: choosing it elsewhere moves it. */
  function changeColumn(number: number, column: number, field: string) {
    const sheet = mapping.value.sheets.find((one) => one.sheet === number)
    if (sheet) changeSheet(number, { columns: sheet.columns.map((old, i) => (i === column ? field : field && old === field ? '' : old)) })
  }
  const setDefaultRegion = (region: string) => (mapping.value = { ...mapping.value, default_region: region })

  const may = (action: string) => current.value?.allowed_actions.includes(action) ?? false
  const count = (outcome: keyof Schema<'ImportCounts'>) => current.value?.counts[outcome] ?? 0
  const somethingToDo = computed(() => count('new') + count('changed') + count('unmatched') > 0)

  return { busy, problem, current, mapping, saved, load, propose, preview, confirm, discard, changeSheet, changeColumn, setDefaultRegion, may, count, somethingToDo }
}
