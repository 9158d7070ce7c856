import { ref } from 'vue'
import { api, type Schema } from '@/api/client'

export type Office = Schema<'Office'>
export type Person = Schema<'Person'>
export type PersonPost = Schema<'PersonPost'>
/** A code to hand over: a party's new account, or an officer's password. */
export type CodeIssued = Pick<Schema<'IssuedCode'>, 'activation_code'> & Partial<Pick<Schema<'IssuedCode'>, 'expires_on' | 'role'>>
export type MachineToken = Schema<'MachineToken'>

/** Offices the caller may see, for choosing one. */
export function useOffices() {
  const offices = ref<Office[]>([])
  const load = async (query: Record<string, string> = {}) => {
    offices.value = (await api.get<{ items: Office[] }>('/api/v1/offices', query)).items
  }
  return { offices, load }
}

/** What an administrator does with people: each call answers the person as they are then. */
export const people = {
  create: (form: { login: string; name: string; role: string; office: string; from?: string; to?: string }) => api.post<Person>('/api/v1/users', form),
  read: (id: string) => api.read<Person>(`/api/v1/users/${id}`),
  change: (id: string, form: { name: string; disabled: boolean }, etag: string) => api.put<Person>(`/api/v1/users/${id}`, form, etag),
  reset: (id: string) => api.post<CodeIssued>(`/api/v1/users/${id}/reset`),
  unlock: (id: string) => api.post<Person>(`/api/v1/users/${id}/unlock`),
  givePost: (id: string, form: { role: string; office: string; from?: string; to?: string }) => api.post<Person>(`/api/v1/users/${id}/posts`, form),
  endPost: (post: PersonPost, last_day: string) => api.put<Person>(`/api/v1/posts/${post.id}`, { to: last_day }, `"${post.version}"`),
  nameDeputy: (post: string, form: { user: string; from?: string; to?: string }) => api.post<Person>(`/api/v1/posts/${post}/deputies`, form),
  endDeputy: (deputy: string) => api.remove<Person>(`/api/v1/deputies/${deputy}`),
}
