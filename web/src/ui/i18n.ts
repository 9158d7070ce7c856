import { createI18n } from 'vue-i18n'

export type Language = 'zh' | 'en'
type Words = { default: Record<string, unknown> }
type Loader = () => Promise<Words>

/** Keys are `<room>.…`, `ui.…` and `app.…`; each comes from a locales/ folder (see web/README.md). */
export const i18n = createI18n({
  legacy: false,
  locale: 'zh' as Language,
  fallbackLocale: false,
  messages: { zh: {}, en: {} },
  missingWarn: import.meta.env.DEV,
})

const loaders: Record<Language, [string, Loader][]> = { zh: [], en: [] }
const loaded = new Set<Language>()

/** Adds the wording files `{path: loader}`; a path ends in `<name>/locales/<language>.ts`, unless `name` says whose they are. */
export function addWords(files: Record<string, Loader>, name?: string) {
  for (const [path, load] of Object.entries(files)) {
    const match = /([^/]+)\/locales\/(zh|en)\.ts$/.exec(path)
    if (match) loaders[match[2] as Language].push([name ?? match[1], load])
  }
}

/** The language of the cookie, then of the browser, then Chinese: the same order as the server's. */
export function preferredLanguage(): Language {
  const cookie = /(?:^|; )qy_lang=(zh|en)/.exec(document.cookie)
  if (cookie) return cookie[1] as Language
  return navigator.language.toLowerCase().startsWith('en') ? 'en' : 'zh'
}

/** Loads a language's wording and shows it; `remember` writes the cookie that the server reads as well. */
export async function showLanguage(language: Language, remember = false) {
  if (!loaded.has(language)) {
    const parts = await Promise.all(loaders[language].map(async ([name, load]) => [name, (await load()).default] as const))
    for (const [name, words] of parts) i18n.global.mergeLocaleMessage(language, { [name]: words })
    loaded.add(language)
  }
  i18n.global.locale.value = language
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  if (remember) document.cookie = `qy_lang=${language}; path=/; max-age=31536000; samesite=lax`
}
