import { computed, ref, shallowRef } from 'vue'
import { api, type Schema } from '@/api/client'
import { useAttempt, type Tone } from '@/ui'

export type AuditList = Schema<'AuditList'>
export type ListDetail = Schema<'ListDetail'>
export type ListCorrection = Schema<'ListCorrection'>
export type ListEntry = Schema<'ListEntry'>
export type Candidate = Schema<'Candidate'>
export type EntryInput = Schema<'EntryInput'>

/** The procedure of lists in the packs. */
export const kListProcedure = 'list-national'

export function toneOf(state: string): Tone {
  const tones: Record<string, Tone> = { drafting: 'muted', proposed: 'warn', cosigned: 'info', confirmed: 'accent', published: 'ok', withdrawn: 'muted' }
  return tones[state] ?? 'muted'
}

/** One list: read, act on, publish. */
export function useList(id: () => string) {
  const list = shallowRef<ListDetail>()
  const etag = ref('')
  const { busy, problem, attempt } = useAttempt()

  async function refresh() {
    const read = await api.read<ListDetail>(`/api/v1/lists/${id()}`)
    list.value = read.value
    etag.value = read.etag
  }
  const load = () => attempt(refresh)
  const may = (action: string) => list.value?.allowed_actions.includes(action) ?? false

  /** An action of the procedure; throws the Problem for the dialog that asked. */
  async function act(action: string, input: Schema<'ListAction'>) {
    await api.post(`/api/v1/lists/${id()}/actions/${action}`, input, { etag: etag.value, quiet: true })
    await refresh()
  }
  async function publish(input: Schema<'PublicationInput'>) {
    await api.post(`/api/v1/lists/${id()}/publish`, input, { quiet: true })
    await refresh()
  }
  async function correct(input: Schema<'CorrectionInput'>) {
    await api.post(`/api/v1/lists/${id()}/corrections`, input, { etag: etag.value, quiet: true })
    await refresh()
  }
  async function setCorrectionNumber(correction: ListCorrection, number: string, datedOn: string | undefined) {
    await api.put(`/api/v1/corrections/${correction.id}/document-number`, { document_number: number, dated_on: datedOn }, `"${correction.version}"`)
    await refresh()
  }
  async function setNumber(number: string, datedOn: string | undefined) {
    await api.put(`/api/v1/lists/${id()}/document-number`, { document_number: number, dated_on: datedOn }, etag.value)
    await refresh()
  }
  /** Actions offered as buttons; editing and those with forms of their own stand apart. */
  const steps = computed(() => (list.value?.allowed_actions ?? []).filter((action) => !['edit', 'publish', 'set_document_number', 'correct'].includes(action)))

  return { list, busy, problem, load, refresh, may, act, publish, correct, setCorrectionNumber, setNumber, steps }
}
