import { effectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useRun } from './useRun'

const state = (state: string, more: object = {}) => ({
  id: 'r1', name: 'economics', state, progress: 0.5, time_limit_seconds: 60, created_at: '', started_at: null, ended_at: null, problem: null, answer: null, allowed_actions: [], ...more,
})
/** jsdom's Blob does not give its text back. */
class Parts {
  constructor(readonly parts: string[]) {}
}
const reply = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status })

describe('a run', () => {
  let asked: { method: string; url: string; body: string }[]
  let answers: (() => Response)[]
  beforeEach(() => {
    vi.useFakeTimers()
    asked = []
    vi.stubGlobal('Blob', Parts)
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      const body = init.body as unknown
      asked.push({ method: init.method ?? '', url, body: body instanceof Parts ? body.parts.join('') : '' })
      return answers.shift()?.() ?? reply({ items: [], total: 0 })
    })
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })
  const within = <T>(work: () => T) => effectScope().run(work) as T

  it('sends the document as it was written and asks until it has ended', async () => {
    answers = [() => reply(state('queued'), 202), () => reply(state('running')), () => reply(state('finished', { answer: { npv: 1 } }))]
    const one = within(useRun)
    await one.start('economics', '{"rate": 0.10}', 60)
    expect(asked[0].body).toBe('{"name":"economics","time_limit_seconds":60,"input":{"rate": 0.10}}')
    expect(one.running.value).toBe(true)
    await vi.advanceTimersByTimeAsync(300)
    expect(one.run.value?.answer).toEqual({ npv: 1 })
    await vi.advanceTimersByTimeAsync(5000)
    expect(asked.map((call) => call.method + call.url.split('/').pop())).toEqual(['POSTcompute-runs', 'GETr1', 'GETr1', 'GETcompute-runs'])
  })
  it('keeps every mistake of the input at its pointer', async () => {
    const problem = { status: 422, code: 'input.invalid', detail: 'x', errors: [{ pointer: '#/rate', code: 'c', detail: 'd' }] }
    answers = [() => reply(state('queued'), 202), () => reply(state('failed', { problem }))]
    const one = within(useRun)
    await one.start('economics', '{}', 60)
    expect(one.refused.value?.fields).toEqual(problem.errors)
    expect(one.running.value).toBe(false)
  })
  it('gives the document of a kept run back and lets go of it', async () => {
    answers = [() => reply(state('finished', { answer: {} })), () => reply({ items: [], total: 0 }), () => reply({ rate: '0.10' })]
    const one = within(useRun)
    await one.open('r1')
    expect(await one.inputOf('r1')).toBe('{\n  "rate": "0.10"\n}')
    one.close()
    expect(one.run.value).toBeUndefined()
  })
  it('asks for the list again while a run has not ended', async () => {
    answers = [() => reply({ items: [state('running')], total: 1 }), () => reply({ items: [state('finished', { ended_at: '2026-11-02T08:00:00Z' })], total: 1 })]
    const one = within(useRun)
    await one.loadRuns()
    expect(one.runs.value[0].state).toBe('running')
    await vi.advanceTimersByTimeAsync(4100)
    expect(one.runs.value[0].state).toBe('finished')
    await vi.advanceTimersByTimeAsync(20000)
    expect(asked).toHaveLength(2)
  })
  it('cancels and tells why it could not start', async () => {
    answers = [() => reply(state('queued'), 202), () => reply(state('running')), () => reply(state('cancelled')), () => reply(state('cancelled'))]
    const one = within(useRun)
    await one.start('economics', '{}', 60)
    await one.cancel('r1')
    expect(one.run.value?.state).toBe('cancelled')
    answers = [() => reply({ status: 429, code: 'compute.too_many_runs', detail: 'wait' }, 429)]
    await one.start('economics', '{}', 60)
    expect(one.refused.value?.code).toBe('compute.too_many_runs')
  })
})
