import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import { useCodes, useSession, useText, type Filter } from '@/ui'

/** Region and year of a statistics page, in the URL. */
export function useRegionYear() {
  const { t } = useI18n()
  const route = useRoute()
  const router = useRouter()
  const session = useSession()
  const { pick } = useText()
  const { codes, regionsBelow } = useCodes()
  const region = computed(() => String(route.query.region ?? session.post?.region ?? ''))
  const year = computed(() => String(route.query.year ?? ''))
  const values = computed({
    get: () => ({ region: String(route.query.region ?? ''), year: year.value }),
    set: (next: Record<string, string>) => router.replace({ query: Object.fromEntries(Object.entries(next).filter(([, value]) => value)) }),
  })
  /** The nation chooses a province; others walk down their own tree. */
  const choices = computed(() => {
    const own = session.post?.region ?? ''
    if (!own) return (codes.value?.regions ?? []).filter((one) => one.level === 'province').map((one) => ({ value: one.code, label: pick(one.name) }))
    return regionsBelow(own)
  })
  const filters = computed<Filter[]>(() => [
    { key: 'region', label: t('statistics.region'), kind: 'choice', options: choices.value },
    { key: 'year', label: t('statistics.year'), kind: 'year' },
  ])
  const query = computed(() => ({ region: region.value, year: year.value }))
  return { region, year, values, filters, query }
}
