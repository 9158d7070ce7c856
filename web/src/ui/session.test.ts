import { describe, expect, it } from 'vitest'
import { belongs } from './session'

const post = { role: 'officer', party: 'office', level: 'county', line: 'ecology' } as const

describe('who belongs to an audience', () => {
  it.each([
    ['nothing asked, everybody', {}, true],
    ['one of the roles', { roles: ['chief', 'officer'] }, true],
    ['another role', { roles: ['chief'] }, false],
    ['all conditions hold together', { roles: ['officer'], levels: ['province'] }, false],
    ['an empty list is nobody', { parties: [] }, false],
  ] as const)('%s', (_name, audience, expected) => expect(belongs(post, audience)).toBe(expected))
})
