import { computed, shallowRef } from 'vue'
import { api, type Schema } from '@/api/client'
import { useAttempt } from '@/ui'

export type Option = Schema<'Option'>
export type OptionInput = Schema<'OptionInput'>

/** 清洁生产方案 of a case with the totals of the performance table. */
export function useOptions(id: () => string) {
  const list = shallowRef<Schema<'OptionList'>>()
  const { busy, problem, attempt } = useAttempt()
  async function refresh() {
    list.value = await api.get<Schema<'OptionList'>>(`/api/v1/audits/${id()}/options`)
  }
  const load = () => attempt(refresh)
  const may = (action: string) => list.value?.allowed_actions.includes(action) ?? false
  /** Columns that carry numbers, those with values first in sight. */
  const columns = computed(() => (list.value?.columns ?? []).filter((one) => one.unit))
  const shown = computed(() => columns.value.filter((one) => ['investment', 'annual_saving'].includes(one.id) || list.value?.items.some((item) => item.planned[one.id] || item.verified[one.id])))

  async function save(input: OptionInput, existing?: Option) {
    if (existing) await api.put(`/api/v1/options/${existing.id}`, input, `"${existing.version}"`)
    else await api.post(`/api/v1/audits/${id()}/options`, input)
    await refresh()
  }
  async function setState(option: Option, input: Schema<'OptionStateInput'>) {
    await api.post(`/api/v1/options/${option.id}/state`, input, { etag: `"${option.version}"` })
    await refresh()
  }
  async function remove(option: Option) {
    await api.remove(`/api/v1/options/${option.id}`, `"${option.version}"`)
    await refresh()
  }
  return { list, busy, problem, load, attempt, may, columns, shown, save, setState, remove }
}
