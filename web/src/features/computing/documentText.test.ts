import { describe, expect, it } from 'vitest'
import { brokenAt, placeOf } from './documentText'

const text = '{\n  "a": 1,\n  "rows": [{"x": "two"}, {"x": [3, 4]}],\n  "b/c": {"~": null}\n}'
const at = (pointer: string) => {
  const place = placeOf(text, pointer)
  return place && text.slice(place.start, place.end)
}

describe('a pointer in the text of a document', () => {
  it('is found where its value stands', () => {
    expect(at('#/a')).toBe('1')
    expect(at('#/rows/0/x')).toBe('"two"')
    expect(at('#/rows/1/x/1')).toBe('4')
    expect(at('#/b~1c/~0')).toBe('null')
    expect(at('#')).toBe(text)
  })
  it('of something missing is what lies around it', () => {
    expect(at('#/rows/0/y')).toBe('{"x": "two"}')
    expect(at('#/z')).toBe(text)
  })
  it('is nowhere in what is no JSON', () => {
    expect(placeOf('{"a": }', '#/a')).toBeUndefined()
  })
})

describe('what is no JSON', () => {
  it.each([
    ['{"a": 1,}', 1, 8, 'comma'],
    ['{"a": [1,\n 2,\n]}', 2, 3, 'comma'],
    ['{\n "a" 1}', 2, 6, 'sign'],
    ['', 1, 1, 'end'],
    ['{"a": 1', 1, 8, 'end'],
    ['{"a": 01}', 1, 8, 'word'],
    ['{"rate": 8%}', 1, 11, 'word'],
    ['{\u201ca\u201d: 1}', 1, 2, 'quotes'],
    ['{"a"\uff1a 1}', 1, 5, 'quotes'],
    ['[1 2]', 1, 4, 'sign'],
    ['[1 "b"]', 1, 4, 'sign'],
    ['{} x', 1, 4, 'sign'],
  ])('%s is told by line, character and reason', (broken, line, column, why) => {
    expect(brokenAt(broken)).toMatchObject({ line, column, why })
  })
  it('is nothing in a document', () => {
    expect(brokenAt(text)).toBeUndefined()
    expect(brokenAt(' [1e5, -0.10, "\\u00e9", true] ')).toBeUndefined()
  })
})
