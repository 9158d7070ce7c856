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

const kDigits = '\u96f6\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d'
const kTens: Record<string, number> = { '\u5341': 10, '\u767e': 100, '\u5343': 1000 }

/** A Chinese numeral below ten thousand as digits; digits pass through. */
function numeral(text: string): string {
  if (/^[\d.a-z]+$/.test(text)) return text
  let sum = 0
  let digit = 0
  for (const sign of text) {
    if (sign in kTens) {
      sum += (digit || 1) * kTens[sign]
      digit = 0
    } else digit = Math.max(0, kDigits.indexOf(sign))
  }
  return String(sum + digit)
}

/** Where in a document: in English Article 967, paragraph 2, item (3); what is none of these stays as it is. */
export function clauseIn(clause: string, language: string): string {
  if (language !== 'en') return clause
  const number = `([${kDigits}${Object.keys(kTens).join('')}]+|[\\d.]+[a-z]?)`
  return clause
    .replace(new RegExp(`\u7b2c${number}\u6761`, 'g'), (_, n: string) => `Article ${numeral(n)}`)
    .replace(new RegExp(`\u7b2c${number}\u6b3e`, 'g'), (_, n: string) => `, paragraph ${numeral(n)}`)
    .replace(new RegExp(`\u7b2c\uff08${number}\uff09\u9879`, 'g'), (_, n: string) => `, item (${numeral(n)})`)
    .replace(new RegExp(`\u7b2c${number}\u9879`, 'g'), (_, n: string) => `item ${numeral(n)}`)
    .replace(/\u9644\u5f55/g, 'Appendix ')
    .replace(/\u3001/g, ', ')
}

/** `pick({zh, en})` in the language on screen; follows a change of language when used in a template. */
export function useText() {
  const { locale } = useI18n()
  return {
    pick: (text: Partial<Text> | string | null | undefined) => textIn(text, locale.value),
    clauseText: (clause: string) => clauseIn(clause, locale.value),
    unitText: (unit: string) => unitIn(unit, locale.value),
  }
}
