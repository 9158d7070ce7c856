import { computed, shallowRef } from 'vue'
import { api, type Schema } from '@/api/client'
import { useSession, useText } from '@/ui'

type Vocabulary = Schema<'RegisterVocabulary'>

const loaded = shallowRef<Vocabulary>()
let loadedFor = ''

/** Regions of the office, industries, tags and categories, with their titles; asked for once per post. */
export function useVocabulary() {
  const session = useSession()
  const { pick } = useText()

  async function load() {
    const post = session.post?.id ?? ''
    if (loaded.value && loadedFor === post) return
    loaded.value = await api.get<Vocabulary>('/api/v1/register/vocabulary')
    loadedFor = post
  }

  const options = <T>(list: readonly T[] | undefined, value: (one: T) => string, label: (one: T) => string) =>
    (list ?? []).map((one) => ({ value: value(one), label: label(one) }))
  const titleIn = (list: readonly { id: string; title: Schema<'Text'> }[] | undefined, id: string) => pick(list?.find((one) => one.id === id)?.title) || id

  const parents = computed(() => new Map((loaded.value?.regions ?? []).map((region) => [region.code, region])))
  /** "云岭市 云溪区": a county with its city; a city by itself. */
  function regionName(code: string) {
    const region = parents.value.get(code)
    if (!region) return code
    const above = region.level === 'county' ? parents.value.get(region.parent) : undefined
    return above ? `${pick(above.name)} ${pick(region.name)}` : pick(region.name)
  }

  const regions = computed(() => options(loaded.value?.regions, (one) => one.code, (one) => regionName(one.code)))
  const counties = computed(() => options(loaded.value?.regions.filter((one) => one.level === 'county'), (one) => one.code, (one) => regionName(one.code)))
  const industries = computed(() => options(loaded.value?.industries, (one) => one.code, (one) => `${one.code} ${pick(one.name)}`))
  const priorities = computed(() => options(loaded.value?.priority_industries, (one) => one.id, (one) => pick(one.title)))
  const tags = computed(() => options(loaded.value?.tags, (one) => one.id, (one) => pick(one.title)))
  const categories = computed(() => options(loaded.value?.categories, (one) => one.id, (one) => pick(one.title)))
  const importFields = computed(() => options(loaded.value?.import_fields, (one) => one.id, (one) => pick(one.title)))

  return {
    load,
    regions,
    counties,
    industries,
    priorities,
    tags,
    categories,
    importFields,
    regionName,
    tagTitle: (id: string) => titleIn(loaded.value?.tags, id),
    priorityTitle: (id: string) => titleIn(loaded.value?.priority_industries, id),
    categoryTitle: (id: string) => titleIn(loaded.value?.categories, id),
    mayDo: (action: string) => loaded.value?.allowed_actions.includes(action) ?? false,
  }
}
