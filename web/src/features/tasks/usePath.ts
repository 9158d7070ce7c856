import { computed, shallowRef } from 'vue'
import { api, type Schema } from '@/api/client'

export type Audit = Schema<'AuditRow'>
export type AuditDetail = Schema<'AuditDetail'>
export type Deadline = Schema<'Deadline'>

/** The stages of a case as an enterprise walks them; each is done when its day is known. */
export const kStages = ['published', 'disclosed', 'started', 'submitted', 'evaluated', 'implemented', 'accepted'] as const
export type Stage = (typeof kStages)[number]

/** The clocks of each stage, by the last part of their rule's id ("cn-4201.implement"). */
const kClocks: Record<Stage, readonly string[]> = {
  published: [],
  disclosed: ['disclose'],
  started: ['start'],
  submitted: ['finish', 'evaluation_application'],
  evaluated: ['evaluate'],
  implemented: ['implement'],
  accepted: ['accept'],
}

export interface PathRow {
  stage: Stage
  on: string
  state: 'done' | 'now' | 'waiting' | 'skipped'
  deadline?: Deadline
}

/** A report that was returned, or judged not to stand, is to be handed in once more. */
export const handsInAgain = (audit: Partial<Pick<AuditDetail, 'state'>>) => ['returned', 'redo', 'supplement', 'failed'].includes(audit.state ?? '')

/** The rows of the path: before the first open stage everything is done or was skipped, after it everything waits. */
export function pathOf(audit: Pick<AuditDetail, 'terminal' | 'deadlines'> & Partial<Pick<AuditDetail, 'state'> & Record<`${Stage}_on`, string | null>>): PathRow[] {
  const again = handsInAgain(audit)
  const days = kStages.map((stage, i) => (again && i >= kStages.indexOf('submitted') ? '' : (audit[`${stage}_on`] ?? '')))
  const lastDone = days.reduce((last, day, i) => (day ? i : last), -1)
  const now = audit.terminal ? -1 : days.findIndex((day, i) => !day && i > lastDone)
  return kStages.map((stage, i) => ({
    stage,
    on: days[i],
    state: days[i] ? 'done' : i === now ? 'now' : i < lastDone || audit.terminal ? 'skipped' : 'waiting',
    deadline: audit.deadlines
      .filter((one) => one.state !== 'met' && kClocks[stage].includes(one.id.split('.').pop() ?? ''))
      .sort((a, b) => (a.due_on < b.due_on ? -1 : 1))[0],
  }))
}

/** The enterprise's cases, the current one with its path. */
export function usePath() {
  const audits = shallowRef<Audit[]>()
  const current = shallowRef<AuditDetail>()
  const rows = computed(() => (current.value ? pathOf(current.value) : []))

  async function load() {
    audits.value = (await api.list<Audit>('/api/v1/audits', { sort: '-published_on', page_size: 50 })).items
    const open = audits.value.find((audit) => !audit.terminal) ?? audits.value[0]
    if (open) current.value = await api.get<AuditDetail>(`/api/v1/audits/${open.id}`)
  }

  return { audits, current, rows, load }
}
