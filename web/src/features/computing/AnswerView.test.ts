import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'
import { columnsOf, isSentence, isTable, wordOf, type Json } from './answer'
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
      ['Internal rate of return', '0.25, 4'],
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
    const view = shown({ options: [{ id: 'E', measures: { npv: 8182 } }] })
    expect(view.findAll('th').map((th) => th.text())).toEqual(['Id'])
    expect(view.text()).toContain('8,182')
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
  })
})
