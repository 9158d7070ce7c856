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
    ['{"a": 1,}', 1, 9],
    ['{\n "a" 1}', 2, 6],
    ['', 1, 1],
    ['{"a": 01}', 1, 8],
    ['[1 2]', 1, 4],
    ['{} x', 1, 4],
  ])('%s is told by line and character', (broken, line, column) => {
    expect(brokenAt(broken)).toMatchObject({ line, column })
  })
  it('is nothing in a document', () => {
    expect(brokenAt(text)).toBeUndefined()
    expect(brokenAt(' [1e5, -0.10, "\\u00e9", true] ')).toBeUndefined()
  })
})
