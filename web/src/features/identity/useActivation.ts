import { shallowRef } from 'vue'
import { api, type Schema } from '@/api/client'
import { useSession, type Session } from '@/ui'

/** What an activation code opens: a new account of a party, or a new password for one that is there (`login`, `name`). */
export type ActivationOffer = Schema<'ActivationOffer'>

export interface ActivationForm {
  code: string
  name?: string
  login?: string
  password: string
}

/** From a code to an open account: first what the code is for, then the account itself, which logs in at once. */
export function useActivation() {
  const session = useSession()
  const offer = shallowRef<ActivationOffer>()

  async function check(code: string) {
    offer.value = (await api.post<ActivationOffer>('/api/v1/activation/check', { code }, { quiet: true })).value
  }

  async function open(form: ActivationForm) {
    session.take((await api.post<Session>('/api/v1/activation', form, { quiet: true })).value)
  }

  return { offer, check, open }
}
