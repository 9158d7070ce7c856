import { describe, expect, it } from 'vitest'
import { textIn, unitIn } from './text'

describe('wording of the data', () => {
  it('falls back on the other language', () => {
    expect(textIn({ zh: 'a', en: 'b' }, 'en')).toBe('b')
    expect(textIn({ zh: 'a', en: '' }, 'en')).toBe('a')
    expect(textIn(null, 'zh')).toBe('')
  })
  it('writes the trade’s units in English', () => {
    expect(unitIn('\u4e07\u5143', 'en')).toBe('10⁴ yuan')
    expect(unitIn('\u4e07kWh', 'en')).toBe('10⁴ kWh')
    expect(unitIn('kg{COD}/t{product}', 'en')).toBe('kg/t')
    expect(unitIn('\u4e07\u5143', 'zh')).toBe('\u4e07\u5143')
  })
})
