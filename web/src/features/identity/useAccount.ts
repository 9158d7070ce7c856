import { ref } from 'vue'
import { api, type Schema } from '@/api/client'

/** One log-in of the person that is still open. */
export type OpenSession = Schema<'OpenSession'>

/** A person's own account: password and open log-ins. */
export function useAccount() {
  const sessions = ref<OpenSession[]>()

  async function load() {
    sessions.value = (await api.get<{ items: OpenSession[] }>('/api/v1/sessions')).items
  }

  async function revoke(id: string) {
    await api.remove(`/api/v1/sessions/${id}`)
    await load()
  }

  const changePassword = (current: string, next: string) => api.put('/api/v1/session/password', { current_password: current, new_password: next }, '', { quiet: true })

  return { sessions, load, revoke, changePassword }
}
