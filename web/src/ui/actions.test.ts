import { mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { useActionWords } from './actions'
import { i18n } from './i18n'
import en from './locales/en'
import zh from './locales/zh'

const action = (id: string, title: string) => ({ id, title: { zh: `${title}-zh`, en: title } })
vi.mock('@/api/client', () => ({
  api: {
    get: () =>
      Promise.resolve({
        procedures: [
          { id: 'audit-national', actions: [action('submit', 'Submit'), action('stop', 'Suspend')] },
          { id: 'audit-combined', actions: [action('submit', 'Submit after the options'), action('stop', 'Suspend')] },
          { id: 'list-national', actions: [action('publish', 'Publish')] },
        ],
      }),
  },
}))

let words: ReturnType<typeof useActionWords>
beforeEach(async () => {
  i18n.global.setLocaleMessage('en', { ui: en } as never)
  i18n.global.setLocaleMessage('zh', { ui: zh } as never)
  i18n.global.locale.value = 'en' as never
  mount(defineComponent({ setup: () => ((words = useActionWords()), () => h('i')) }), { global: { plugins: [i18n] } })
  await words.loadCodes()
})

describe('the words of the action log', () => {
  it('take a procedure’s title, in each wording where procedures differ', () => {
    expect(words.actionTitle('list', 'publish')).toBe('Publish')
    expect(words.actionTitle('audit', 'stop')).toBe('Suspend')
    expect(words.actionTitle('audit', 'submit')).toBe('Submit / Submit after the options')
    i18n.global.locale.value = 'zh' as never
    expect(words.actionTitle('list', 'publish')).toBe('Publish-zh')
  })
  it('tell apart what one name means on two kinds of subject', () => {
    expect(words.actionTitle('audit', 'open')).toBe('Case opened')
    expect(words.actionTitle('panel', 'open')).toBe('Panel formed')
    expect(words.actionTitle('consultancy', 'file_attached')).toBe('File attached')
    expect(words.kindTitle('enterprise_import')).toBe('Import of enterprises')
  })
  it('leave a name without a wording as it is', () => {
    expect(words.actionTitle('user', 'publish')).toBe('publish')
    expect(words.kindTitle('till')).toBe('till')
  })
  it('offer every action once, or those of one kind', () => {
    const all = words.actionChoices()
    expect(new Set(all.map((one) => one.value)).size).toBe(all.length)
    expect(all.every((one) => one.label && one.label !== one.value)).toBe(true)
    expect(all.find((one) => one.value === 'open')?.label).toBe('Case opened / Panel formed')
    const ofUsers = words.actionChoices('user').map((one) => one.value)
    expect(ofUsers).toContain('log_in')
    expect(ofUsers).not.toContain('publish')
    expect(ofUsers).not.toContain('open')
  })
})
