import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'
import { columnsOf, isSentence, isTable, readable, shortened, wordOf, type Json } from './answer'
import AnswerView from './AnswerView.vue'
import en from './locales/en'
import zh from './locales/zh'

function shown(value: Json, locale = 'en') {
  const i18n = createI18n({ legacy: false, locale, messages: { en: { computing: en }, zh: { computing: zh } } })
  return mount(AnswerView, { props: { value }, global: { plugins: [i18n] } })
}

describe('an answer', () => {
  it('becomes facts, sentences and tables', () => {
    const view = shown({
      npv: 1234.5,
      tax_shield: '0.10',
      irr: [0.25, 4],
      mirr: null,
      warnings: [],
      nav: 0.10661234567891,
      accepted: true,
      notes: [{ code: 'a', zh: '\u6709\u4e24\u4e2a', en: 'There are two.' }],
      table: [{ year: 0, flow: '-100' }, { year: 1, flow: '60', note: 'x' }],
    })
    const facts = view.findAll('dt').map((dt, i) => [dt.text(), view.findAll('dd')[i].text()])
    expect(facts).toEqual([
      ['Net present value', '1,234.5'],
      ['Tax shield', '0.10'],
      ['Internal rate of return', '25.00%; 400.00%'],
      ['Modified rate of return', '\u2014'],
      ['Net annual value', '0.1066123'],
      ['Increment accepted', 'yes'],
    ])
    expect(view.text()).toContain('There are two.')
    expect(view.findAll('th').map((th) => th.text())).toEqual(['Year', 'Flow', 'Note'])
    expect(view.findAll('th').map((th) => th.classes('num'))).toEqual([true, true, false])
    expect(view.findAll('tbody td').map((td) => td.text())).toEqual(['0', '\u2212100', '\u2014', '1', '60', 'x'])
  })
  it('speaks the language of the page', () => {
    const value = { notes: [{ zh: '\u6709\u4e24\u4e2a', en: 'two' }] }
    expect(shown(value, 'zh').text()).toContain('\u6709\u4e24\u4e2a')
    expect(shown(value, 'zh').text()).not.toContain('two')
  })
  it('opens what lies inside rows below the table', () => {
    const view = shown({ options: [{ id: 'E', measures: { npv: 8182, nav: 1, npvr: 2, mirr: null, irr: [0.1] } }] })
    expect(view.findAll('th').map((th) => th.text())).toEqual(['Id'])
    expect(view.text()).toContain('8,182')
  })
  it('puts a clause into one cell and says how sure it is', () => {
    const clause = { document: 'd', number: '', title: { zh: '\u6cd5', en: 'The Code' }, clause: 'article 9', gist: { zh: '', en: 'in public' }, mark: 'secondary' }
    const view = shown({ deadlines: [{ id: 'disclose', basis: [clause], rule: 'one month', rule_text: { zh: '\u4e00\u4e2a\u6708', en: 'one month from then' } }] })
    expect(view.findAll('th').map((th) => th.text())).toEqual(['Legal basis', 'Rule'])
    expect(view.findAll('td').map((td) => td.text())).toEqual(['The Code, article 9: in public (secondary)', 'one month from then'])
  })
  it('puts small objects that are alike into columns', () => {
    const view = shown({ groups: [{ id: '1', index: { I: '55', II: '100' } }, { id: '2', index: { I: '0', II: '80' } }] })
    expect(view.findAll('th').map((th) => [th.text(), th.classes('num')])).toEqual([['Id', false], ['Index \u00b7 Level I', true], ['Index \u00b7 Level II', true]])
    expect(view.findAll('td').map((td) => td.text())).toEqual(['1', '55', '100', '2', '0', '80'])
  })
  it('says a remark in words and its members below', () => {
    const view = shown({ status: 'contradictory', contradiction: { code: 'x', zh: '\u77db\u76fe', en: 'They contradict each other.', streams: ['A', 'B'] } })
    expect(view.text()).toContain('They contradict each other.')
    expect(view.findAll('dt').map((dt) => dt.text())).not.toContain('Zh')
    expect(view.text()).toContain('A, B')
  })
  it('says that nothing was found, and what was said first', () => {
    const view = shown({ status: 'solved', findings: [], hints: [], notes: [{ zh: 'a', en: 'Mind the gap.' }] })
    expect(view.findAll('dt').map((dt, i) => [dt.text(), view.findAll('dd')[i].text()])).toEqual([['Status', 'solved'], ['Findings', 'none']])
    expect(view.text().indexOf('Mind the gap.')).toBeLessThan(view.text().indexOf('solved'))
  })
  it('prints every row', async () => {
    const view = shown(Array.from({ length: 150 }, (_, i) => ({ i })))
    window.dispatchEvent(new Event('beforeprint'))
    await view.vm.$nextTick()
    expect(view.findAll('tbody tr')).toHaveLength(150)
  })
  it('shows a hundred rows first', async () => {
    const view = shown(Array.from({ length: 150 }, (_, i) => ({ i })))
    expect(view.findAll('tbody tr')).toHaveLength(100)
    await view.find('button').trigger('click')
    expect(view.findAll('tbody tr')).toHaveLength(150)
  })
})

describe('its layout', () => {
  it('knows sentences from objects', () => {
    expect(isSentence({ zh: 'a', en: 'b', code: 'c' })).toBe(true)
    expect(isSentence({ zh: 'a', en: 'b', value: 1 })).toBe(false)
    expect(isTable([])).toBe(false)
    expect(columnsOf([{ a: 1 }, { b: [1], c: { d: 1 } }])).toEqual({ plain: ['a', 'b'], nested: ['c'] })
    expect(wordOf('lag_of_x')).toBe('Lag of x')
    expect(wordOf('COD_t')).toBe('COD_t')
  })
  it.each([
    [2026, '2,026'],
    [0.1066123456, '0.1066123'],
    [12345678.9, '12,345,678.9'],
    [-11759620.418, '\u221211,759,620.42'],
    [5.44e-25, '5.44 \u00d7 10\u207b\u00b2\u2075'],
    [-4.44e-16, '\u22124.44 \u00d7 10\u207b\u00b9\u2076'],
    [0, '0'],
  ])('writes the number %d as %s', (number, text) => {
    expect(readable(number)).toBe(text)
  })
  it.each([
    ['3.0136986301', '3.013699'],
    ['26.6666666667', '26.666667'],
    ['1234567.50', '1,234,567.50'],
    ['0.00000012', '0.00000012'],
    ['100.0000000', '100'],
  ])('writes the decimal %s as %s', (decimal, text) => {
    expect(shortened(decimal)).toBe(text)
  })
})
