import { computed, reactive, ref, shallowRef } from 'vue'
import { api, type Schema } from '@/api/client'
import { useAttempt } from '@/ui'

export type Page = Schema<'BenchmarkPage'>
export type Doc = Schema<'BenchmarkDocument'>
export type Row = Schema<'BenchmarkRow'>
export type Aspect = 'measured' | 'verified'

/** 对标: rows as answered and graded; answers are saved row by row and the grading comes back whole. */
export function useBenchmark(id: () => string) {
  const page = shallowRef<Page>()
  const document = shallowRef<Doc>()
  const aspect = ref<Aspect>('measured')
  const errors = reactive<Record<string, string>>({})
  const { busy, problem, attempt } = useAttempt()

  const load = () =>
    attempt(async () => {
      page.value = await api.get<Page>(`/api/v1/audits/${id()}/benchmark`, { aspect: aspect.value })
      document.value = page.value.benchmark ?? undefined
    })
  const choose = (system: string) =>
    attempt(async () => {
      await api.put(`/api/v1/audits/${id()}/indicator-system`, { system })
      page.value = await api.get<Page>(`/api/v1/audits/${id()}/benchmark`, { aspect: aspect.value })
      document.value = page.value.benchmark ?? undefined
    })

  async function send(body: Schema<'BenchmarkAnswers'>, keys: string[]) {
    for (const key of keys) delete errors[key]
    const sent = await attempt(async () => {
      const after = await api.patch<Schema<'BenchmarkAfter'>>(`/api/v1/audits/${id()}/benchmark?aspect=${aspect.value}`, body)
      document.value = after.value.benchmark
    })
    if (!sent)
      for (const field of problem.value?.fields ?? []) {
        const at = /^#\/(rows|parameters|outputs)\/([^/]+)/.exec(field.pointer)
        if (at) errors[at[1] === 'outputs' ? `outputs/${at[2]}` : at[2]] = field.detail
      }
    return sent
  }
  const answer = (row: string, value: Schema<'BenchmarkAnswer'>) => send({ rows: { [row]: value } }, [row])
  const setParameter = (parameter: string, value: string) => send({ parameters: { [parameter]: value } }, [parameter])

  const setOutput = (row: string, value: string) => send({ outputs: { [row]: value } }, [`outputs/${row}`])
  /** Rows of products that are not made are excused together. */
  const excuse = (rows: string[], reason: string) => send({ rows: Object.fromEntries(rows.map((row) => [row, { not_applicable: reason }])) }, rows)
  /** Computes anew what the ledger's changed figures give. */
  const recompute = () => send({}, [])

  const mayEdit = computed(() => page.value?.allowed_actions.includes('edit') ?? false)
  return { page, document, aspect, errors, busy, problem, load, choose, answer, setParameter, setOutput, excuse, recompute, mayEdit }
}
