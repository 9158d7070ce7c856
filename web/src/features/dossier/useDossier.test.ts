import { describe, expect, it } from 'vitest'
import { markOf, type Section } from './useDossier'

const section = (part: Partial<Section>): Section => ({
  id: 'a', number: '1', level: 1, parent: '', title: { zh: '', en: '' }, guidance: '', content: [], dropped: false, text: '', changed_at: null, changed_by: '', allowed_actions: [], version: 0, ...part,
})

describe('the mark of a section', () => {
  it('is written as soon as there are words', () => expect(markOf(section({ text: '背景' }), [])).toBe('written'))
  it('is not written by blanks', () => expect(markOf(section({ text: ' \n' }), [])).toBe('empty'))
  it('is data where tables come by themselves', () => expect(markOf(section({ content: ['energy_series'] }), [])).toBe('data'))
  it('is asked of the sections, not of their chapter', () => expect(markOf(section({ id: 'c' }), [section({ id: 'c.1', parent: 'c' })])).toBe('chapter'))
  it('is dropped where the mode leaves it out', () => expect(markOf(section({ dropped: true, text: 'x' }), [])).toBe('dropped'))
})
