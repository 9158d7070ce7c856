import { ref, shallowRef } from 'vue'
import { api, type Schema } from '@/api/client'

export type CaseDetail = Schema<'AuditDetail'>

const current = shallowRef<CaseDetail>()
const etag = ref('')

/** The case whose pages are open: read once for all its tabs, read anew after an action. */
export function useCase(id: () => string) {
  async function refreshCase() {
    const read = await api.read<CaseDetail>(`/api/v1/audits/${id()}`)
    current.value = read.value
    etag.value = read.etag
  }
  async function openCase() {
    if (current.value?.id !== id()) {
      current.value = undefined
      await refreshCase()
    }
  }
  const mayDo = (action: string) => current.value?.allowed_actions.includes(action) ?? false
  return { case_: current, caseTag: etag, openCase, refreshCase, mayDo }
}
