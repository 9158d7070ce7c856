import { describe, expect, it } from 'vitest'
import { clauseIn, postIn, textIn, unitIn } from './text'

describe('wording of the data', () => {
  it('falls back on the other language', () => {
    expect(textIn({ zh: 'a', en: 'b' }, 'en')).toBe('b')
    expect(textIn({ zh: 'a', en: '' }, 'en')).toBe('a')
    expect(textIn(null, 'zh')).toBe('')
  })
  it('names clauses in English', () => {
    expect(clauseIn('\u7b2c\u4e5d\u767e\u516d\u5341\u4e03\u6761\u7b2c\uff08\u4e8c\uff09\u9879', 'en')).toBe('Article 967, item (2)')
    expect(clauseIn('\u7b2c\u4e8c\u5341\u4e03\u6761\u7b2c\u4e8c\u6b3e', 'en')).toBe('Article 27, paragraph 2')
    expect(clauseIn('\u7b2c\u4e00\u5343\u96f6\u4e94\u5341\u4e03\u6761\u3001\u7b2c\u5341\u4e8c\u6761', 'en')).toBe('Article 1057, Article 12')
    expect(clauseIn('\u7b2c2.1\u9879', 'en')).toBe('item 2.1')
    expect(clauseIn('\u7b2c\u5341\u4e8c\u6761', 'zh')).toBe('\u7b2c\u5341\u4e8c\u6761')
  })
  it('names the role of a post in English and leaves the names', () => {
    const office = '\u4e91\u6eaa\u5e02\u751f\u6001\u73af\u5883\u5c40'
    expect(postIn(`\u627f\u529e\u4eba \u00b7 ${office}`, 'en')).toBe(`Officer \u00b7 ${office}`)
    expect(postIn(`\u8d1f\u8d23\u4eba\uff08\u4ee3\uff09 \u00b7 ${office}`, 'en')).toBe(`Chief (deputy) \u00b7 ${office}`)
    expect(postIn(`\u63a5\u53e3 \u00b7 ${office}`, 'en')).toBe(`Program \u00b7 ${office}`)
    expect(postIn('\u586b\u62a5\u4eba \u00b7 A \u00b7 B', 'en')).toBe('Filler \u00b7 A \u00b7 B')
    expect(postIn('\u7cfb\u7edf', 'en')).toBe('System')
    expect(postIn(`\u5c40\u957f \u00b7 ${office}`, 'en')).toBe(`\u5c40\u957f \u00b7 ${office}`)
    expect(postIn('\u738b\u654f', 'en')).toBe('\u738b\u654f')
    expect(postIn('', 'en')).toBe('')
    expect(postIn(`\u8d1f\u8d23\u4eba\uff08\u4ee3\uff09 \u00b7 ${office}`, 'zh')).toBe(`\u8d1f\u8d23\u4eba\uff08\u4ee3\uff09 \u00b7 ${office}`)
  })
  it('writes the trade’s units in English', () => {
    expect(unitIn('\u4e07\u5143', 'en')).toBe('10⁴ yuan')
    expect(unitIn('\u4e07kWh', 'en')).toBe('10⁴ kWh')
    expect(unitIn('\u6b21/a', 'en')).toBe('times/a')
    expect(unitIn('kgce/t\u70e7\u7ed3\u77ff', 'en')).toBe('kgce/t ore')
    expect(unitIn('tCO2/\u4e07\u5143', 'en')).toBe('tCO2/10⁴ yuan')
    expect(unitIn('m3{water}/m2', 'zh')).toBe('m³/m²')
    expect(unitIn('kg{COD}/t{product}', 'en')).toBe('kg/t')
    expect(unitIn('\u4e07\u5143', 'zh')).toBe('\u4e07\u5143')
  })
})
