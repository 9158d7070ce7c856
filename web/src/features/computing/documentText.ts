/** The text of a JSON document: where a pointer stands in it, and where it stops being JSON. */

export interface Place {
  start: number
  end: number
}

const kBlank = /[\s]*/y
const kScalar = /"(?:[^"\\\u0000-\u001f]|\\.)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

/** Thrown inside the walk at the first character that cannot be. */
class Broken extends Error {
  constructor(readonly at: number) {
    super()
  }
}

/** Walks a document and tells every value with its pointer ("#/rows/3/name"); a member that is an object begins at its value. */
function walk(text: string, visit: (pointer: string, place: Place) => void) {
  let at = 0
  const blank = () => {
    kBlank.lastIndex = at
    at += kBlank.exec(text)?.[0].length ?? 0
  }
  const take = (sign: string) => {
    blank()
    if (text[at] !== sign) return false
    at++
    return true
  }
  const scalar = () => {
    blank()
    kScalar.lastIndex = at
    const found = kScalar.exec(text)
    if (!found) throw new Broken(at)
    at += found[0].length
    return found[0]
  }
  const value = (pointer: string) => {
    blank()
    const start = at
    if (take('{')) {
      if (!take('}')) {
        do {
          blank()
          if (text[at] !== '"') throw new Broken(at)
          const name = JSON.parse(scalar()) as string
          if (!take(':')) throw new Broken(at)
          value(`${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
        } while (take(','))
        if (!take('}')) throw new Broken(at)
      }
    } else if (take('[')) {
      if (!take(']')) {
        let index = 0
        do value(`${pointer}/${index++}`)
        while (take(','))
        if (!take(']')) throw new Broken(at)
      }
    } else scalar()
    visit(pointer, { start, end: at })
  }
  value('#')
  blank()
  if (at < text.length) throw new Broken(at)
}

/** Where the value at `pointer` stands; of a missing one, the nearest thing around it. Nothing when the text is no JSON. */
export function placeOf(text: string, pointer: string): Place | undefined {
  const places = new Map<string, Place>()
  try {
    walk(text, (name, place) => places.set(name, place))
  } catch {
    return undefined
  }
  for (let name = pointer; name.startsWith('#'); name = name.slice(0, name.lastIndexOf('/'))) {
    const place = places.get(name)
    if (place) return place
    if (!name.includes('/')) break
  }
  return places.get('#')
}

export type Why = 'end' | 'quotes' | 'comma' | 'word' | 'sign'

/** What most likely went wrong at the first character that cannot be. */
function whyOf(text: string, at: number): Why {
  const here = text[at]
  if (here === undefined) return 'end'
  if (/[\u2018\u2019\u201c\u201d\u300c\u300d\uff1a\uff0c']/.test(here)) return 'quotes'
  if (/[}\]]/.test(here) && /,\s*$/.test(text.slice(0, at))) return 'comma'
  if (/["\d}\]]\s+$/.test(text.slice(0, at))) return 'sign'
  return /[\p{Letter}\d.+%]/u.test(here) ? 'word' : 'sign'
}

/** The line and column (from 1) of the first character that keeps the text from being JSON, and why; nothing when it is JSON. */
export function brokenAt(text: string): { line: number; column: number; at: number; why: Why } | undefined {
  let at = -1
  try {
    walk(text, () => {})
    JSON.parse(text)
    return undefined
  } catch (error) {
    at = error instanceof Broken ? error.at : text.length
  }
  const why = whyOf(text, at)
  // The comma too many is what the person looks for.
  if (why === 'comma') at = text.slice(0, at).lastIndexOf(',')
  const before = text.slice(0, at).split('\n')
  return { line: before.length, column: before[before.length - 1].length + 1, at, why }
}
