import { useI18n } from 'vue-i18n'
import type { Schema } from '@/api/client'

export type Text = Schema<'Text'>

/** The wording in one language; the other when that one is empty. Plain strings pass through. */
export function textIn(text: Partial<Text> | string | null | undefined, language: string): string {
  if (!text) return ''
  if (typeof text === 'string') return text
  return (language === 'en' ? text.en || text.zh : text.zh || text.en) ?? ''
}

/** Chinese names of units, longer ones first. */
const kUnitWords: [string, string][] = [
  ['\u5143', 'yuan'],
  ['\u5428', 't'],
  ['\u4ea9', 'mu'],
  ['\u500d', 'times'],
  ['\u4e2a', 'count'],
  ['\u9879', 'items'],
  ['\u4eba\u6b21', 'times'],
  ['\u6b21', 'times'],
  ['\u4eba', 'people'],
  ['\u6237', 'households'],
  ['\u5bb6', 'enterprises'],
  ['\u53f0', 'machines'],
  ['\u5957', 'sets'],
  ['\u6761', 'lines'],
  ['\u4ef6', 'pieces'],
  ['\u6279', 'batches'],
  ['\u5904', 'places'],
  ['\u4efd', 'copies'],
  ['\u5206', 'points'],
]
/** What stands behind a unit: kg/t of steel, kgce/t of coke. */
const kUnitOf: [string, string][] = [
  ['\u7c97\u94a2', 'steel'],
  ['\u94a2', 'steel'],
  ['\u751f\u94c1', 'iron'],
  ['\u94c1', 'iron'],
  ['\u7126\u70ad', 'coke'],
  ['\u7126', 'coke'],
  ['\u70e7\u7ed3\u77ff', 'ore'],
  ['\u77ff', 'ore'],
  ['\u539f\u7164', 'coal'],
  ['\u7164', 'coal'],
  ['\u4ea7\u54c1', 'product'],
  ['\u6c34', 'water'],
]

/** A unit as people read it: without what it is of ("kg{COD}"), m² and m³, and in English with English words, ten thousand as 10⁴. */
export function unitIn(unit: string, language: string): string {
  const plain = unit.replace(/\{[^}]*\}/g, '').replace(/m([23])(?!\d)/g, (_, power: string) => (power === '2' ? 'm²' : 'm³'))
  if (language !== 'en') return plain
  let text = plain.replace(/\u4e07/, '10⁴ ')
  for (const [zh, en] of kUnitOf) text = text.replaceAll(zh, ` ${en}`)
  for (const [zh, en] of kUnitWords) text = text.replaceAll(zh, en)
  return text
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

/** What a post in the log begins with. */
const kPostWords: [string, string][] = [
  ['\u627f\u529e\u4eba', 'Officer'],
  ['\u8d1f\u8d23\u4eba', 'Chief'],
  ['\u7cfb\u7edf\u7ba1\u7406\u5458', 'Administrator'],
  ['\u5b89\u5168\u5ba1\u8ba1\u5458', 'Security auditor'],
  ['\u586b\u62a5\u4eba', 'Filler'],
  ['\u6388\u6743\u7b7e\u5b57\u4eba', 'Signatory'],
  ['\u54a8\u8be2\u4eba\u5458', 'Consultant'],
  ['\u4e13\u5bb6', 'Expert'],
  ['\u7ecf\u529e\u4eba', 'Operator'],
  ['\u63a5\u53e3', 'Program'],
]
const kSystem = '\u7cfb\u7edf'
const kAsDeputy = '\uff08\u4ee3\uff09'

/** A post as the log keeps it, role and office: in English the role and what marks a deputy; names stay. */
export function postIn(post: string, language: string): string {
  if (language !== 'en') return post
  if (post === kSystem) return 'System'
  const end = post.indexOf(' \u00b7 ')
  if (end < 0) return post
  const deputy = post.slice(0, end).endsWith(kAsDeputy)
  const role = post.slice(0, deputy ? end - kAsDeputy.length : end)
  const word = kPostWords.find(([zh]) => zh === role)?.[1]
  return word ? `${word}${deputy ? ' (deputy)' : ''}${post.slice(end)}` : post
}

/** `pick({zh, en})` in the language on screen; follows a change of language when used in a template. */
export function useText() {
  const { locale } = useI18n()
  return {
    pick: (text: Partial<Text> | string | null | undefined) => textIn(text, locale.value),
    clauseText: (clause: string) => clauseIn(clause, locale.value),
    postText: (post: string) => postIn(post, locale.value),
    unitText: (unit: string) => unitIn(unit, locale.value),
  }
}
