import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { api, Problem, type Schema } from '@/api/client'
import { useAttempt } from '@/ui'

export type Run = Schema<'ComputeRun'>
export type RunResult = Schema<'ComputeRunResult'>

const kSoon = 250
const kLater = 1000
const kList = 4000

/** A run of an engine: started with the text of a document, looked after until it has ended, or opened again later. */
export function useRun() {
  const run = shallowRef<RunResult>()
  const { busy, problem, attempt } = useAttempt()
  const running = computed(() => run.value?.state === 'queued' || run.value?.state === 'running')
  /** What the engine said about its input, or why the run could not start. */
  const refused = computed(() => {
    if (problem.value) return problem.value
    const told = run.value?.problem
    return told ? new Problem(told.status, told.code, told.detail, told.errors ?? []) : undefined
  })
  const runs = ref<Run[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined
  let later: ReturnType<typeof setTimeout> | undefined
  let watched = ''
  let looks = 0

  const path = (id: string) => `/api/v1/compute-runs/${id}`
  /** Asks again while one of them has not ended. */
  const loadRuns = async () => {
    clearTimeout(later)
    runs.value = (await api.list<Run>('/api/v1/compute-runs')).items
    if (runs.value.some((one) => one.ended_at === null)) later = setTimeout(() => attempt(loadRuns), kList)
  }

  function leave() {
    clearTimeout(timer)
    watched = ''
  }
  onScopeDispose(() => {
    leave()
    clearTimeout(later)
  })

  async function look(id: string) {
    const found = await api.get<RunResult>(path(id))
    if (watched !== id) return
    run.value = found
    if (running.value) timer = setTimeout(() => attempt(() => look(id)), ++looks < 8 ? kSoon : kLater)
    else await loadRuns()
  }

  const open = (id: string) => {
    leave()
    watched = id
    looks = 0
    return attempt(() => look(id))
  }

  /** The document a run was started with, laid out to be read. */
  const inputOf = async (id: string) => JSON.stringify(await api.get<object>(`${path(id)}/input`), null, 2)

  /** Shows nothing any more; a run that goes on goes on. */
  const close = () => {
    leave()
    run.value = undefined
    problem.value = undefined
  }

  /** The document goes out as it was written, so that 0.10 stays 0.10; it must be JSON. */
  const start = (name: string, text: string, seconds: number) => {
    leave()
    run.value = undefined
    return attempt(async () => {
      const body = new Blob([`{"name":${JSON.stringify(name)},"time_limit_seconds":${seconds},"input":${text}}`], { type: 'application/json' })
      const { value } = await api.post<Run>('/api/v1/compute-runs', body)
      watched = value.id
      looks = 0
      run.value = { ...value, answer: null }
      await look(value.id)
    })
  }

  const cancel = (id: string) =>
    attempt(async () => {
      await api.post(`${path(id)}/cancel`)
      if (watched === id) {
        clearTimeout(timer)
        await look(id)
      } else await loadRuns()
    })

  const forget = (id: string) =>
    attempt(async () => {
      await api.remove(path(id))
      if (run.value?.id === id) run.value = undefined
      await loadRuns()
    })

  return { run, runs, running, refused, busy, loadRuns: () => attempt(loadRuns), open, close, inputOf, start, cancel, forget }
}
