import { useI18n } from 'vue-i18n'
import type { Schema } from '@/api/client'

export type Text = Schema<'Text'>

/** The wording in one language; the other when that one is empty. Plain strings pass through. */
export function textIn(text: Partial<Text> | string | null | undefined, language: string): string {
  if (!text) return ''
  if (typeof text === 'string') return text
  return (language === 'en' ? text.en || text.zh : text.zh || text.en) ?? ''
}

/** `pick({zh, en})` in the language on screen; follows a change of language when used in a template. */
export function useText() {
  const { locale } = useI18n()
  return { pick: (text: Partial<Text> | string | null | undefined) => textIn(text, locale.value) }
}
