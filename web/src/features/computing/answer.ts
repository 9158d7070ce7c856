/** How any engine's answer is laid out for people: what is a sentence, a table, a list, facts. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
export type JsonObject = { [name: string]: Json }

export const isObject = (value: Json): value is JsonObject => value !== null && typeof value === 'object' && !Array.isArray(value)

/** {zh, en}, and a code beside them in notes. */
export const isSentence = (value: Json): value is { zh: string; en: string } =>
  isObject(value) && typeof value.zh === 'string' && typeof value.en === 'string' && Object.keys(value).every((name) => ['zh', 'en', 'code'].includes(name))

const isPlain = (value: Json) => value === null || typeof value !== 'object' || isSentence(value)

/** Lists that read well on one line: numbers, texts, also a few of them. */
export const isLine = (value: Json): value is Json[] => Array.isArray(value) && value.every((item) => isPlain(item) && !isSentence(item))

/** Rows of a table: objects whose values fit a cell, most of them at least. */
export const isTable = (value: Json): value is JsonObject[] => Array.isArray(value) && value.length > 0 && value.every((item) => isObject(item) && !isSentence(item))

/** The columns of a table in the order they first appear; what never fits a cell comes in `nested`. */
export function columnsOf(rows: JsonObject[]): { plain: string[]; nested: string[] } {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const fits = (name: string) => rows.every((row) => row[name] === undefined || isPlain(row[name]) || isLine(row[name]))
  return { plain: names.filter(fits), nested: names.filter((name) => !fits(name)) }
}

/** "Cash flow table" of "cash_flow_table", for a name that has no word. */
export function wordOf(name: string): string {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export const isNumeric = (value: Json) => typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
