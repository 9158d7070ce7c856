import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useCodes } from './codes'
import { useText } from './text'

/**
 * What the action log calls its actions and their subjects. An action that a procedure of the packs names has the title there
 * (procedures of a kind begin with it: "audit-national" is about "audit"), the others in `ui.log.actions`; `any` holds for every kind.
 * tools/check-messages sees that none is missing.
 */
export function useActionWords() {
  const { t, te, tm } = useI18n()
  const { pick } = useText()
  const { codes, loadCodes } = useCodes()

  const kinds = computed(() => Object.keys(tm('ui.log.kinds')))
  const written = computed(() => Object.entries(tm('ui.log.actions') as Record<string, Record<string, unknown>>).map(([kind, names]) => [kind, Object.keys(names)] as const))
  const proceduresOf = (kind: string) => (codes.value?.procedures ?? []).filter((one) => one.id === kind || one.id.startsWith(`${kind}-`))
  const joined = (words: readonly string[]) => [...new Set(words.filter(Boolean))].join(' / ')

  const kindTitle = (kind: string) => (te(`ui.log.kinds.${kind}`) ? t(`ui.log.kinds.${kind}`) : kind)

  function known(kind: string, name: string): string {
    const titles = proceduresOf(kind).map((one) => pick(one.actions.find((action) => action.id === name)?.title))
    const key = [kind, 'any'].map((group) => `ui.log.actions.${group}.${name}`).find((one) => te(one))
    return joined(titles) || (key ? t(key) : '')
  }
  /** In several wordings where the procedures of a kind differ. */
  const actionTitle = (kind: string, name: string) => known(kind, name) || name

  const kindChoices = computed(() => kinds.value.map((kind) => ({ value: kind, label: kindTitle(kind) })))
  /** The actions on one kind of subject, or on any. */
  function actionChoices(kind?: string) {
    const of = kind ? [kind] : kinds.value
    const names = [
      ...of.flatMap((one) => proceduresOf(one).flatMap((procedure) => procedure.actions.map((action) => action.id))),
      ...written.value.filter(([group]) => group === 'any' || of.includes(group)).flatMap(([, list]) => list),
    ]
    return [...new Set(names)].map((name) => ({ value: name, label: joined(of.map((one) => known(one, name))) }))
  }

  return { loadCodes, kindTitle, actionTitle, kindChoices, actionChoices }
}
