import { ref, shallowRef } from 'vue'
import { api, type Schema } from '@/api/client'
import { useAttempt } from '@/ui'

export type Party = Schema<'Party'>
export type PartyInput = Schema<'PartyInput'>

/** Parks to choose from. */
export function useParks() {
  const parks = shallowRef<Party[]>([])
  async function loadParks() {
    parks.value = (await api.list<Party>('/api/v1/parties', { kind: 'park', page_size: 200, sort: 'name' })).items
  }
  return { parks, loadParks }
}

/** The drawer in which a party is added or changed. */
export function usePartyForm() {
  const { busy, problem, attempt, errorFor } = useAttempt()
  const form = ref<PartyInput>(blank('consultancy'))
  const existing = shallowRef<Party>()

  function blank(kind: PartyInput['kind']): PartyInput {
    return { kind, name: '', credit_code: '', region: '', address: '', employer: '', title: '', fields: [], qualifications: [], contact_name: '', contact_phone: '', active: true, note: '' }
  }

  function start(kind: PartyInput['kind'], party?: Party) {
    problem.value = undefined
    existing.value = party
    const empty = blank(kind)
    form.value = party ? (Object.fromEntries((Object.keys(empty) as (keyof PartyInput)[]).map((field) => [field, party[field] ?? empty[field]])) as PartyInput) : empty
  }

  const save = () =>
    attempt(async () => {
      if (existing.value) await api.put(`/api/v1/parties/${existing.value.id}`, form.value, `"${existing.value.version}"`)
      else await api.post('/api/v1/parties', form.value)
    })

  return { form, existing, busy, problem, start, save, errorFor }
}
