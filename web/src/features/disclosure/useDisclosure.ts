import { reactive, ref, shallowRef } from 'vue'
import { api, type Schema } from '@/api/client'
import { useAttempt } from '@/ui'

export type Form = Schema<'DisclosureForm'>
export type Item = Schema<'DisclosureItem'>
export interface Draft {
  text: string
  number: string
  none: boolean
  none_reason: string
  /** What stands in the field is the register's and has not been saved. */
  offered: string
  substances: { name: string; mode: string; concentration: string; amount: string }[]
}

/** The disclosure of a case as it is being filled in. */
export function useDisclosure(id: () => string) {
  const form = shallowRef<Form>()
  const drafts = reactive<Record<string, Draft>>({})
  const etag = ref('')
  const { busy, problem, attempt, errorFor } = useAttempt()

  function take(value: Form, tag: string) {
    form.value = value
    etag.value = tag
    for (const item of value.items) {
      const saved = value.answers[item.id]
      const answer = saved ?? {}
      const offered = saved ? '' : (item.from_register ?? '')
      drafts[item.id] = {
        text: answer.text ?? offered,
        offered,
        number: answer.number ?? '',
        none: Boolean(answer.none_reason),
        none_reason: answer.none_reason ?? '',
        substances: (answer.substances ?? []).map((row) => ({ name: row.name ?? '', mode: row.mode ?? '', concentration: row.concentration ?? '', amount: row.amount ?? '' })),
      }
      if (item.kind === 'substances' && drafts[item.id].substances.length === 0) addRow(item.id)
    }
  }
  function addRow(item: string) {
    drafts[item].substances.push({ name: '', mode: '', concentration: '', amount: '' })
  }
  const load = () =>
    attempt(async () => {
      const read = await api.read<Form>(`/api/v1/audits/${id()}/disclosure`)
      take(read.value, read.etag)
    })

  function answers() {
    const out: Record<string, Schema<'DisclosureAnswer'>> = {}
    for (const [item, draft] of Object.entries(drafts)) {
      const rows = draft.substances.filter((row) => Object.values(row).some((cell) => cell.trim() !== ''))
      if (draft.none) {
        if (draft.none_reason.trim()) out[item] = { none_reason: draft.none_reason }
      } else if (draft.text.trim() || draft.number.trim() || rows.length) {
        out[item] = { text: draft.text || undefined, number: draft.number.trim() || undefined, substances: rows.length ? rows : undefined }
      }
    }
    return out
  }
  const save = () =>
    attempt(async () => {
      const saved = await api.put<Form>(`/api/v1/audits/${id()}/disclosure`, { answers: answers() }, etag.value || '"0"')
      take(saved.value, saved.etag)
    })
  async function publish(elsewhere: string) {
    const done = await api.post<Form>(`/api/v1/audits/${id()}/disclosure/publish`, { elsewhere: elsewhere || undefined }, { etag: etag.value || '"0"' })
    take(done.value, done.etag)
  }
  const may = (action: string) => form.value?.allowed_actions.includes(action) ?? false

  return { form, drafts, busy, problem, errorFor, load, save, publish, addRow, may }
}
