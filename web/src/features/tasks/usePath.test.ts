import { describe, expect, it } from 'vitest'
import { pathOf, type Deadline } from './usePath'

const deadline = (id: string, due_on: string, state: string) => ({ id, due_on, state }) as Deadline
const states = (rows: ReturnType<typeof pathOf>) => rows.map((row) => row.state)

describe('the path of an audit', () => {
  it('puts the first stage without a day next', () => {
    const rows = pathOf({ published_on: '2026-08-20', terminal: false, deadlines: [deadline('disclose', '2026-09-20', 'late'), deadline('finish', '2027-08-20', 'pending')] })
    expect(states(rows)).toEqual(['done', 'now', 'waiting', 'waiting', 'waiting', 'waiting', 'waiting'])
    expect(rows[1].deadline?.due_on).toBe('2026-09-20')
  })
  it('does not go back to a stage that was passed over', () => {
    const rows = pathOf({ published_on: '2026-08-20', started_on: '2026-10-01', terminal: false, deadlines: [] })
    expect(states(rows).slice(0, 4)).toEqual(['done', 'skipped', 'done', 'now'])
  })
  it('has no next stage once the case is closed', () => {
    const rows = pathOf({ published_on: '2024-01-01', disclosed_on: '2024-01-20', started_on: '2024-02-01', submitted_on: '2024-11-01', terminal: true, deadlines: [] })
    expect(states(rows)).toEqual(['done', 'done', 'done', 'done', 'skipped', 'skipped', 'skipped'])
  })
  it('goes back to the report when it is to be handed in again', () => {
    const days = { published_on: '2024-01-01', disclosed_on: '2024-01-20', started_on: '2024-02-01', submitted_on: '2024-11-01' }
    expect(states(pathOf({ ...days, state: 'returned', terminal: false, deadlines: [] })).slice(2, 5)).toEqual(['done', 'now', 'waiting'])
    expect(states(pathOf({ ...days, evaluated_on: '2025-01-10', state: 'supplement', terminal: false, deadlines: [] })).slice(2, 6)).toEqual(['done', 'now', 'waiting', 'waiting'])
    expect(states(pathOf({ ...days, state: 'submitted', terminal: false, deadlines: [] })).slice(2, 5)).toEqual(['done', 'done', 'now'])
  })
  it('knows a jurisdiction’s own clock by the end of its id, and not a met one', () => {
    const rows = pathOf({
      published_on: '2024-01-01',
      disclosed_on: '2024-01-20',
      started_on: '2024-02-01',
      submitted_on: '2024-11-01',
      evaluated_on: '2025-01-10',
      terminal: false,
      deadlines: [deadline('cn-4201.implement', '2025-07-10', 'due_soon'), deadline('implement', '2025-01-01', 'met')],
    })
    expect(rows[5]).toMatchObject({ stage: 'implemented', state: 'now', deadline: { id: 'cn-4201.implement' } })
  })
})
