import { computed, reactive, ref, shallowRef } from 'vue'
import { api, type FieldProblem, type Schema } from '@/api/client'
import { useAttempt } from '@/ui'

export type Panel = Schema<'Panel'>

/** A panel as the caller may see it, with the sheet of the expert who looks. */
export function usePanel(id: () => string) {
  const panel = shallowRef<Panel>()
  const points = reactive<Record<string, string>>({})
  const reasons = reactive<Record<string, string>>({})
  const vetoes = reactive<Record<string, '' | 'yes' | 'no'>>({})
  const vetoReasons = reactive<Record<string, string>>({})
  const comment = ref('')
  const { busy, problem, attempt, errorFor } = useAttempt()

  const mine = computed(() => panel.value?.members?.find((one) => one.mine))
  function take(value: Panel, keepSheet = false) {
    panel.value = { ...value, table: value.table ?? panel.value?.table }
    if (keepSheet) return
    const sheet = value.members?.find((one) => one.mine)?.sheet
    for (const item of panel.value.table?.items ?? []) {
      points[item.code] = sheet?.items?.[item.code]?.points ?? ''
      reasons[item.code] = sheet?.items?.[item.code]?.reason ?? ''
    }
    for (const veto of panel.value.table?.vetoes ?? []) {
      const vote = sheet?.vetoes?.[veto.code]
      vetoes[veto.code] = vote ? (vote.found ? 'yes' : 'no') : ''
      vetoReasons[veto.code] = vote?.reason ?? ''
    }
    comment.value = sheet?.comment ?? ''
  }
  const load = () => attempt(async () => take(await api.get<Panel>(`/api/v1/panels/${id()}`)))

  function sheet(): Schema<'ScoreSheet'> {
    const items: Record<string, Schema<'ItemScore'>> = {}
    for (const [code, value] of Object.entries(points)) if (value.trim() !== '') items[code] = { points: value.trim(), reason: reasons[code] || undefined }
    const votes: Record<string, Schema<'VetoVote'>> = {}
    for (const [code, vote] of Object.entries(vetoes)) if (vote) votes[code] = { found: vote === 'yes', reason: vetoReasons[code] || undefined }
    return { items, vetoes: votes, comment: comment.value || undefined }
  }
  const save = () =>
    attempt(async () => {
      await api.put(`/api/v1/panels/${id()}/sheet`, sheet(), `"${mine.value?.version ?? 1}"`)
      take(await api.get<Panel>(`/api/v1/panels/${id()}`))
    })
  /** What the sheet still lacks, each at its row. */
  function gaps(missing: string) {
    const blank = (value: string | undefined) => !(value ?? '').trim()
    const fields: FieldProblem[] = []
    const lack = (pointer: string) => fields.push({ pointer: `#/${pointer}`, code: 'input.required', detail: missing })
    for (const item of panel.value?.table?.items ?? []) {
      if (blank(points[item.code])) lack(`items/${item.code}`)
      else if (Number(points[item.code]) < Number(item.max) && blank(reasons[item.code])) lack(`items/${item.code}/reason`)
    }
    for (const veto of panel.value?.table?.vetoes ?? []) if (!vetoes[veto.code]) lack(`vetoes/${veto.code}`)
    if (blank(comment.value)) lack('comment')
    return fields
  }
  async function submit(password: string) {
    await api.post(`/api/v1/panels/${id()}/submit`, { password }, { quiet: true })
    take(await api.get<Panel>(`/api/v1/panels/${id()}`))
  }
  async function recuse(reason: string, expert?: string) {
    await api.post(`/api/v1/panels/${id()}/recuse`, { reason, expert })
  }
  /** Experts who may still be added, with what stands against the others. */
  async function candidates() {
    const known = new Set((panel.value?.members ?? []).map((one) => one.expert))
    const found = await api.get<Schema<'ExpertCandidates'>>(`/api/v1/audits/${panel.value?.audit}/expert-candidates`)
    return found.items.filter((one) => !known.has(one.id))
  }
  const invite = (expert: string) =>
    attempt(async () => {
      await api.post(`/api/v1/panels/${id()}/members`, { expert })
      take(await api.get<Panel>(`/api/v1/panels/${id()}`))
    })
  async function conclude(input: Schema<'ConclusionInput'>) {
    await api.post(`/api/v1/panels/${id()}/conclude`, input, { etag: `"${panel.value?.version}"`, quiet: true })
    take(await api.get<Panel>(`/api/v1/panels/${id()}`))
  }
  async function decide(what: 'reopen' | 'dissolve', reason: string) {
    take((await api.post<Panel>(`/api/v1/panels/${id()}/${what}`, { reason }, { etag: `"${panel.value?.version}"` })).value)
  }
  const may = (action: string) => panel.value?.allowed_actions.includes(action) ?? false
  /** Whole points are added for the eye only; the sheet's total is the server's. */
  const filled = computed(() => (panel.value?.table?.items ?? []).filter((item) => (points[item.code] ?? '').trim() !== '').length)

  return { panel, mine, points, reasons, vetoes, vetoReasons, comment, filled, busy, problem, errorFor, attempt, load, save, gaps, submit, recuse, candidates, invite, conclude, decide, may }
}
