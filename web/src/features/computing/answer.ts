import { formatNumber } from '@/ui'

/** How any engine's answer is laid out for people: what is a sentence, a table, a list, facts. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
export type JsonObject = { [name: string]: Json }

export const isObject = (value: Json): value is JsonObject => value !== null && typeof value === 'object' && !Array.isArray(value)

/** {zh, en}, and a code beside them in notes. */
export const isSentence = (value: Json): value is { zh: string; en: string } =>
  isObject(value) && typeof value.zh === 'string' && typeof value.en === 'string' && Object.keys(value).every((name) => ['zh', 'en', 'code'].includes(name))

/** A place in the law or in a document: {title, clause, mark …}. */
export const isCitation = (value: Json): value is { title: { zh: string; en: string }; clause: string; mark: string; gist?: { zh: string; en: string } } =>
  isObject(value) && isSentence(value.title ?? null) && typeof value.clause === 'string' && typeof value.mark === 'string'

/** A sentence that carries more than its words: its place, its members. */
export const isRemark = (value: Json): value is JsonObject & { zh: string; en: string } => isObject(value) && typeof value.zh === 'string' && typeof value.en === 'string' && !isSentence(value)

const isPlain = (value: Json): boolean =>
  value === null || typeof value !== 'object' || isSentence(value) || isCitation(value) || (Array.isArray(value) && value.length > 0 && value.every(isCitation))

/** Lists that read well on one line: numbers, texts, also a few of them. */
export const isLine = (value: Json): value is Json[] => Array.isArray(value) && value.every((item) => isPlain(item) && !isSentence(item))

/** Rows of a table: objects whose values fit a cell, most of them at least. */
export const isTable = (value: Json): value is JsonObject[] => Array.isArray(value) && value.length > 0 && value.every((item) => isObject(item) && !isSentence(item))

const kMostTogether = 4

/** Rows whose small objects, alike in every row, have become columns of their own: "index.I". */
export function flattened(rows: JsonObject[]): JsonObject[] {
  const small = (value: Json) => isObject(value) && !isPlain(value) && !isRemark(value) && Object.keys(value).length <= kMostTogether && Object.values(value).every((one) => isPlain(one) || isLine(one))
  const shape = (value: Json) => Object.keys(value as JsonObject).join()
  const together = Object.keys(rows[0] ?? {}).filter((name) => rows.every((row) => row[name] !== undefined && small(row[name]) && shape(row[name]) === shape(rows[0][name])))
  if (together.length === 0) return rows
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).flatMap(([name, value]): [string, Json][] => (together.includes(name) ? Object.entries(value as JsonObject).map(([inner, one]) => [`${name}.${inner}`, one]) : [[name, value]]))),
  )
}

/** The columns of a table in the order they first appear; what never fits a cell comes in `nested`. */
export function columnsOf(rows: JsonObject[]): { plain: string[]; nested: string[] } {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const fits = (name: string) => rows.every((row) => row[name] === undefined || isPlain(row[name]) || isLine(row[name]))
  // Where a thing has a name in both languages, its code or its English alone says nothing more.
  const said = (name: string) => (['rule', 'id'].includes(name) && names.includes('rule_text')) || (name === 'input' && names.includes('title'))
  return { plain: names.filter((name) => fits(name) && !said(name)), nested: names.filter((name) => !fits(name)) }
}

/** "Cash flow table" of "cash_flow_table", for a name that has no word; names that people gave stay as they are. */
export function wordOf(name: string): string {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) return name
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const kRaised = '⁰¹²³⁴⁵⁶⁷⁸⁹'
const raised = (power: number) => (power < 0 ? '⁻' : '') + [...String(Math.abs(power))].map((digit) => kRaised[Number(digit)]).join('')

/**
 * What was computed in floating point, as people read it: seven digits that count, hundredths of large sums, and powers of ten where
 * a number would otherwise read as 0. The document has all digits.
 */
export function readable(value: number): string {
  const size = Math.abs(value)
  if (Number.isInteger(value)) return formatNumber(value)
  if (size < 1e-6) {
    const [digits, power] = value.toExponential(2).split('e')
    return `${formatNumber(Number(digits))} × 10${raised(Number(power))}`
  }
  return size >= 1e5 ? formatNumber(value.toFixed(2).replace(/\.?0+$/, '')) : formatNumber(Number(value.toPrecision(7)))
}

/** A decimal that is written out, with six of its decimals where it repeats. */
export function shortened(value: string): string {
  const decimals = value.includes('.') ? value.length - value.indexOf('.') - 1 : 0
  return decimals > 6 && Math.abs(Number(value)) >= 1e-3 ? formatNumber(value, 6).replace(/\.?0+$/, '') : formatNumber(value)
}

export const isDay = (value: Json) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)

export const isNumeric = (value: Json) => typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
