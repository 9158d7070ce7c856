import { computed, ref, shallowRef } from 'vue'
import { api, type Schema } from '@/api/client'
import { useAttempt } from '@/ui'

export type Dossier = Schema<'Dossier'>
export type Section = Schema<'DossierSection'>
export type Build = Schema<'ReportBuild'>
export type Revision = Schema<'DossierRevision'>
export type Stage = Dossier['stage']

/** What a section holds: nothing yet, tables from the data only, or words of its writers. A chapter needs none of its own. */
export type Mark = 'empty' | 'data' | 'written' | 'dropped' | 'chapter'
export function markOf(section: Section, all: readonly Section[]): Mark {
  if (section.dropped) return 'dropped'
  if (section.text.trim()) return 'written'
  if (section.content.length > 0) return 'data'
  return all.some((one) => one.parent === section.id) ? 'chapter' : 'empty'
}

/** The report of one case: its sections, their texts, and the versions made. */
export function useDossier(audit: () => string) {
  const { busy, problem, attempt } = useAttempt()
  const building = useAttempt()
  const dossier = shallowRef<Dossier>()
  const path = () => `/api/v1/audits/${encodeURIComponent(audit())}/dossier`

  const load = (stage?: string) => attempt(async () => (dossier.value = await api.get<Dossier>(path(), { stage })))
  /** Puts a saved section in its place; versions made before are out of date now. */
  function replace(saved: Section) {
    if (!dossier.value) return
    dossier.value = {
      ...dossier.value,
      sections: dossier.value.sections.map((one) => (one.id === saved.id ? saved : one)),
      builds: dossier.value.builds.map((one) => ({ ...one, stale: true })),
    }
  }
  const build = (stage: Stage) =>
    building.attempt(async () => {
      await api.post(`${path()}/builds`, { stage })
      dossier.value = await api.get<Dossier>(path(), { stage })
    })
  const preview = (stage: Stage) => api.get<Schema<'DossierPreview'>>(`${path()}/preview`, { stage })
  const download = (one: Build, format: 'docx' | 'pdf') => building.attempt(() => api.download(`/api/v1/report-builds/${one.id}/${format}`))
  const may = (action: 'edit' | 'build') => dossier.value?.allowed_actions.includes(action) ?? false

  return { busy, problem, dossier, load, replace, build, building: building.busy, buildProblem: building.problem, preview, download, may, path, attempt }
}

/** One section being written: text, saving with the version last read, and what to do when somebody was quicker. */
export function useSectionEditor(path: () => string, saved: (section: Section) => void) {
  const { busy, problem, attempt, errorFor } = useAttempt()
  const section = shallowRef<Section>()
  const text = ref('')
  const savedAt = ref<Date>()
  const changed = computed(() => section.value !== undefined && text.value !== section.value.text)
  const revisions = shallowRef<Revision[]>()

  function open(next: Section) {
    section.value = next
    text.value = next.text
    savedAt.value = undefined
    problem.value = undefined
    revisions.value = undefined
  }
  const sectionPath = () => `${path()}/sections/${encodeURIComponent(section.value?.id ?? '')}`
  const save = () =>
    attempt(async () => {
      if (!section.value) return
      const answer = await api.put<Section>(sectionPath(), { text: text.value }, `"${section.value.version}"`)
      section.value = answer.value
      savedAt.value = new Date()
      saved(answer.value)
    })
  /** The present text of the server beside one's own, after "somebody changed it". */
  const loadRevisions = () => attempt(async () => (revisions.value = (await api.get<{ items: Revision[] }>(`${sectionPath()}/revisions`)).items))
  return { busy, problem, errorFor, section, text, changed, savedAt, revisions, open, save, loadRevisions }
}
