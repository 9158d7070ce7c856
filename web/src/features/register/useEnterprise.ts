import { shallowRef } from 'vue'
import { api, type Schema } from '@/api/client'
import { useAttempt } from '@/ui'

export type Enterprise = Schema<'Enterprise'>
export type EnterpriseInput = Schema<'EnterpriseInput'>
export type FormerRound = Schema<'FormerRound'>
export type HistoryEntry = Schema<'EnterpriseHistoryEntry'>

/** One enterprise on record: load it, its history, and write down or correct its former rounds. */
export function useEnterprise(id: () => string) {
  const { busy, problem, attempt } = useAttempt()
  const enterprise = shallowRef<Enterprise>()
  const history = shallowRef<HistoryEntry[]>()
  const path = () => `/api/v1/enterprises/${encodeURIComponent(id())}`

  const load = () => attempt(async () => (enterprise.value = await api.get<Enterprise>(path())))
  const loadHistory = () => attempt(async () => (history.value = (await api.get<Schema<'EnterpriseHistory'>>(`${path()}/history`)).items))

  async function saveRound(input: Schema<'FormerRoundInput'>, existing?: FormerRound) {
    if (existing) await api.put(`/api/v1/former-rounds/${existing.id}`, input, `"${existing.version}"`)
    else await api.post(`${path()}/former-rounds`, input)
    await load()
    history.value = undefined
  }
  const removeRound = (round: FormerRound) =>
    attempt(async () => {
      await api.remove(`/api/v1/former-rounds/${round.id}`, `"${round.version}"`)
      enterprise.value = await api.get<Enterprise>(path())
      history.value = undefined
    })

  const may = (action: string) => enterprise.value?.allowed_actions.includes(action) ?? false
  return { busy, problem, enterprise, history, load, loadHistory, saveRound, removeRound, may }
}

/** The form: an empty one, or that of an enterprise on record. */
export function useEnterpriseForm() {
  const blank: EnterpriseInput = {
    name: '', legal_name: '', credit_code: '', registered_region: '', region: '', address: '', industry: '', tags: [], scale: '', permits: [],
    legal_representative: '', contact_name: '', contact_phone: '', longitude: null, latitude: null, status: 'operating', status_since: null, park: '', note: '',
  }
  const { busy, problem, attempt, errorFor } = useAttempt()
  const form = shallowRef<EnterpriseInput>({ ...blank })
  const loaded = shallowRef<Enterprise>()
  let etag = ''

  const load = (id: string) =>
    attempt(async () => {
      const read = await api.read<Enterprise>(`/api/v1/enterprises/${encodeURIComponent(id)}`)
      loaded.value = read.value
      const fields = Object.keys(blank) as (keyof EnterpriseInput)[]
      form.value = Object.fromEntries(fields.map((field) => [field, read.value[field] ?? blank[field]])) as EnterpriseInput
      etag = read.etag
    })

  /** Saves and returns the enterprise's id, or nothing when the server refused. */
  async function save(id?: string): Promise<string | undefined> {
    let saved: string | undefined
    await attempt(async () => {
      const body = { ...form.value, longitude: form.value.longitude || null, latitude: form.value.latitude || null, scale: form.value.scale || undefined, status_since: form.value.status_since || null }
      const answer = id ? await api.put<Enterprise>(`/api/v1/enterprises/${encodeURIComponent(id)}`, body, etag) : await api.post<Enterprise>('/api/v1/enterprises', body)
      saved = answer.value.id
    })
    return saved
  }

  return { form, loaded, busy, problem, load, save, errorFor }
}
