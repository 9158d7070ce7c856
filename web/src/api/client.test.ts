import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { api, configureClient, fileNameOf, Problem, queryString, setCsrfToken } from './client'

const answers: Response[] = []
const asked: { url: string; init: RequestInit }[] = []
const json = (body: unknown, init: ResponseInit = {}) => new Response(JSON.stringify(body), { status: 200, headers: { 'Content-Type': 'application/json', ...init.headers }, ...init })
const header = (i: number, name: string) => (asked[i].init.headers as Headers).get(name)
const refused = async (work: Promise<unknown>): Promise<Problem> => {
  try {
    await work
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('it was not refused')
}

beforeEach(() => {
  answers.length = asked.length = 0
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    asked.push({ url, init })
    const answer = answers.shift()
    if (!answer) throw new TypeError('Failed to fetch')
    return answer
  })
  setCsrfToken('')
  configureClient({ language: () => 'en', post: () => '', words: (key) => `words:${key}`, onUnauthenticated: () => {} })
})
afterEach(() => vi.unstubAllGlobals())

describe('requests', () => {
  it('leaves empty filters out and repeats lists', () => {
    expect(queryString({ q: '电镀 a&b', state: '', page: 2, none: null, tags: ['x', 'y'] })).toBe('?q=%E7%94%B5%E9%95%80+a%26b&page=2&tags=x&tags=y')
    expect(queryString({ q: '' })).toBe('')
  })
  it('sends language, post and, with writes only, the CSRF token', async () => {
    setCsrfToken('token')
    configureClient({ post: () => 'p2' })
    answers.push(json({}), json({}))
    await api.get('/api/v1/x')
    await api.put('/api/v1/x', { a: 1 }, '"7"')
    expect(header(0, 'Accept-Language')).toBe('en')
    expect(header(0, 'X-CSRF-Token')).toBeNull()
    expect(header(1, 'X-CSRF-Token')).toBe('token')
    expect(header(1, 'X-Post')).toBe('p2')
    expect(header(1, 'If-Match')).toBe('"7"')
    expect(asked[1].init.body).toBe('{"a":1}')
  })
  it('gives every POST a key of its own unless it has one', async () => {
    answers.push(json({}), json({}), json({}))
    await api.post('/api/v1/x')
    await api.post('/api/v1/x')
    await api.post('/api/v1/x', {}, { key: 'mine' })
    expect(header(0, 'Idempotency-Key')).toMatch(/^[0-9a-f]{32}$/)
    expect(header(0, 'Idempotency-Key')).not.toBe(header(1, 'Idempotency-Key'))
    expect(header(2, 'Idempotency-Key')).toBe('mine')
  })
  it('leaves the content type of forms to the browser', async () => {
    answers.push(json({}))
    await api.post('/api/v1/files', new FormData())
    expect(header(0, 'Content-Type')).toBeNull()
  })
})

describe('answers', () => {
  it('brings the ETag along', async () => {
    answers.push(json({ id: 'a' }, { headers: { ETag: '"3"' } }))
    expect(await api.read('/api/v1/x/a')).toEqual({ value: { id: 'a' }, etag: '"3"' })
  })
  it('takes an empty answer for nothing', async () => {
    answers.push(new Response(null, { status: 204 }))
    expect((await api.remove('/api/v1/x/a')).value).toBeUndefined()
  })
  it('throws the problem with every field', async () => {
    answers.push(
      json(
        { status: 422, code: 'enterprise.invalid', detail: '有2处需要修改。', instance: 'r1', errors: [{ pointer: '#/name', code: 'text.empty', detail: '请填写名称。' }, { pointer: '#/rows/3/unit', code: 'unit.unknown', detail: '没有这个单位。' }] },
        { status: 422 },
      ),
    )
    const problem = await refused(api.post('/api/v1/enterprises', {}))
    expect(problem.code).toBe('enterprise.invalid')
    expect(problem.message).toBe('有2处需要修改。')
    expect(problem.field('name')).toBe('请填写名称。')
    expect(problem.field('rows/3/unit')).toBe('没有这个单位。')
    expect(problem.field('other')).toBeUndefined()
    expect(problem.stale).toBe(false)
  })
  it('knows a stale write', async () => {
    answers.push(json({ status: 412, code: 'enterprise.stale', detail: 'x' }, { status: 412 }))
    expect((await refused(api.put('/api/v1/x', {}, '"1"'))).stale).toBe(true)
  })
  it('says so when the server cannot be reached, and when its answer is no JSON', async () => {
    expect((await refused(api.get('/api/v1/x'))).code).toBe('network.offline')
    answers.push(new Response('<html>', { status: 200 }), new Response('Bad gateway', { status: 502 }))
    expect((await refused(api.get('/api/v1/x'))).code).toBe('network.unreadable')
    const bad = await refused(api.get('/api/v1/x'))
    expect([bad.status, bad.code, bad.message]).toEqual([502, 'http.502', 'words:refused'])
  })
  it('leads to the log-in on 401, unless the caller asked for quiet', async () => {
    const left = vi.fn()
    configureClient({ onUnauthenticated: left })
    answers.push(json({ status: 401, code: 'session.none', detail: 'x' }, { status: 401 }), json({ status: 401, code: 'login.wrong', detail: 'x' }, { status: 401 }))
    await refused(api.get('/api/v1/x'))
    await refused(api.post('/api/v1/session', {}, { quiet: true }))
    expect(left).toHaveBeenCalledTimes(1)
  })
  it('reads file names in both forms', () => {
    expect(fileNameOf(`attachment; filename="a.xlsx"; filename*=UTF-8''%E5%90%8D%E5%8D%95.xlsx`)).toBe('名单.xlsx')
    expect(fileNameOf('attachment; filename="a.xlsx"')).toBe('a.xlsx')
    expect(fileNameOf(null)).toBe('')
  })
})
