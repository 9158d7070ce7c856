import { describe, expect, it } from 'vitest'
import { nextSort, pagesToOffer, readListState, writeListState } from './listState'

const spec = { filters: ['q', 'state'], sort: '-listed_on' }

describe('list state in the URL', () => {
  it('reads what it wrote', () => {
    const state = { page: 3, page_size: 50, sort: 'name', filters: { q: '电镀', state: 'late' } }
    const query = writeListState({ tab: 'members' }, state, spec)
    expect(query).toEqual({ tab: 'members', page: '3', page_size: '50', sort: 'name', q: '电镀', state: 'late' })
    expect(readListState(query as never, spec)).toEqual(state)
  })
  it('leaves defaults out of the URL', () => {
    const state = readListState({}, spec)
    expect(state).toEqual({ page: 1, page_size: 20, sort: '-listed_on', filters: {} })
    expect(writeListState({}, state, spec)).toEqual({})
  })
  it('falls back on nonsense', () => {
    expect(readListState({ page: '-2', page_size: '7', sort: 'a;b', q: ['x', 'y'] }, spec)).toEqual({
      page: 1,
      page_size: 20,
      sort: '-listed_on',
      filters: { q: 'x' },
    })
  })
  it('keeps two lists on one page apart', () => {
    const state = { page: 2, page_size: 20, sort: '', filters: {} }
    expect(writeListState({ page: '5' }, state, { filters: [], prefix: 'members.' })).toEqual({ page: '5', 'members.page': '2' })
  })
  it('turns a heading through its three states', () => {
    expect(nextSort('', 'name')).toBe('name')
    expect(nextSort('name', 'name')).toBe('-name')
    expect(nextSort('-name', 'name')).toBe('')
    expect(nextSort('due_on', 'name')).toBe('name')
  })
  it('offers first, last and neighbours', () => {
    expect(pagesToOffer(6, 20)).toEqual([1, 0, 5, 6, 7, 0, 20])
    expect(pagesToOffer(1, 3)).toEqual([1, 2, 3])
    expect(pagesToOffer(1, 1)).toEqual([1])
    expect(pagesToOffer(4, 20)).toEqual([1, 2, 3, 4, 5, 0, 20])
  })
})
