import { computed, shallowRef } from 'vue'
import { api, type Schema } from '@/api/client'
import { useText } from './text'

type Codes = Schema<'CodeLists'>
/** 进度: the columns of the progress table, which the case list can be narrowed to. */
export const progressSteps = ['listed', 'disclosed', 'started', 'submitted', 'evaluated', 'implemented', 'accepted', 'report_filed', 'late'] as const

const codes = shallowRef<Codes>()
let asked: Promise<void> | undefined

/** The packs' code lists (categories, modes, regions, keys …), read once per visit. Titles fall back to the code. */
export function useCodes() {
  const { pick } = useText()

  function loadCodes(): Promise<void> {
    asked ??= api.get<Codes>('/api/v1/rules/codes').then(
      (value) => {
        codes.value = value
      },
      (error: unknown) => {
        asked = undefined
        throw error
      },
    )
    return asked
  }

  const titleIn = (list: readonly { id: string; title: { zh: string; en: string } }[] | undefined, id: string) => pick(list?.find((one) => one.id === id)?.title) || id
  const categoryTitle = (id: string) => titleIn(codes.value?.categories, id)
  const modeTitle = (id: string) => titleIn(codes.value?.modes, id)
  const priorityTitle = (id: string) => titleIn(codes.value?.priority_industries, id)
  const stateTitle = (procedure: string, id: string) => titleIn(codes.value?.procedures.find((one) => one.id === procedure)?.states, id)
  const actionTitle = (procedure: string, id: string) => titleIn(codes.value?.procedures.find((one) => one.id === procedure)?.actions, id)
  const action = (procedure: string, id: string) => codes.value?.procedures.find((one) => one.id === procedure)?.actions.find((one) => one.id === id)
  const regionName = (code: string) => pick(codes.value?.regions.find((one) => one.code === code)?.name) || code

  const categoryChoices = computed(() => (codes.value?.categories ?? []).map((one) => ({ value: one.id, label: pick(one.title) })))
  const modeChoices = computed(() => (codes.value?.modes ?? []).map((one) => ({ value: one.id, label: pick(one.title) })))
  const priorityChoices = computed(() => (codes.value?.priority_industries ?? []).map((one) => ({ value: one.id, label: pick(one.title) })))
  /** Regions right below one, or all of a level. */
  const regionsBelow = (parent: string) => (codes.value?.regions ?? []).filter((one) => one.parent === parent).map((one) => ({ value: one.code, label: pick(one.name) }))
  const stateChoices = (procedure: string) => (codes.value?.procedures.find((one) => one.id === procedure)?.states ?? []).map((one) => ({ value: one.id, label: pick(one.title) }))

  return {
    codes, loadCodes, categoryTitle, modeTitle, priorityTitle, stateTitle, actionTitle, action, regionName,
    categoryChoices, modeChoices, priorityChoices, regionsBelow, stateChoices,
  }
}
