import { useI18n } from 'vue-i18n'
import type { Schema } from '@/api/client'

export type Text = Schema<'Text'>

/** The wording in one language; the other when that one is empty. Plain strings pass through. */
export function textIn(text: Partial<Text> | string | null | undefined, language: string): string {
  if (!text) return ''
  if (typeof text === 'string') return text
  return (language === 'en' ? text.en || text.zh : text.zh || text.en) ?? ''
}

/** A unit as people read it: without what it is of ("kg{COD}"), and in English 万 as 10⁴, 元 as yuan, 吨 as t. */
export function unitIn(unit: string, language: string): string {
  const plain = unit.replace(/\{[^}]*\}/g, '')
  if (language !== 'en') return plain
  return plain.replace(/^\u4e07/, '10⁴ ').replaceAll('\u5143', 'yuan').replaceAll('\u5428', 't')
}

/** `pick({zh, en})` in the language on screen; follows a change of language when used in a template. */
export function useText() {
  const { locale } = useI18n()
  return {
    pick: (text: Partial<Text> | string | null | undefined) => textIn(text, locale.value),
    unitText: (unit: string) => unitIn(unit, locale.value),
  }
}
