// The engines over HTTP: the same answers as the program's, the time limit of a request, and runs that several processes on one database
// share: started at one, carried out by the other, cancelled from the first, taken over when a process ends or dies.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { join } from 'node:path'
import { long, Person, postgresDatabase, run, scratch, serve, sleep } from '../harness.mjs'

const data = join(scratch('computing'), 'data')
const database = postgresDatabase('computing')
const start = (workers, more = []) => serve(data, { database, more: ['--compute-workers', String(workers), ...more] })
let front, person

const kLong = (draws) => ({
  investment: '120', annual_saving: '45', depreciation_years: 10, tax_rate: '0.25', years: 100, discount_rate: '0.08',
  monte_carlo: { seed: 1, draws, inputs: { annual_saving: { distribution: 'triangular', min: '30', mode: '45', max: '52' } } },
})
/** Every second year a loss that is carried forward through all the others: some seconds on any machine. */
const kLongest = {
  ...kLong(1_000_000), loss_carry_forward_years: 100, saving_by_year: Array.from({ length: 100 }, (_, year) => (year % 2 ? '50' : '-60')),
}

const until = async (wanted, id, seconds = 60) => {
  for (const end = Date.now() + seconds * 1000; ; await sleep(100)) {
    const { body } = await person.get(`/api/v1/compute-runs/${id}`)
    if (wanted(body)) return body
    if (Date.now() > end) throw new Error(`still ${JSON.stringify({ ...body, answer: undefined })}`)
  }
}
const startRun = async (input, seconds = 600) => {
  const { status, body } = await person.post('/api/v1/compute-runs', { name: 'economics', input, time_limit_seconds: seconds })
  assert.equal(status, 202, JSON.stringify(body))
  return body.id
}

before(async () => {
  const words = ['user', 'add', '--data', data, '--login', 'reckoner', '--name', '经办人', '--role', 'officer', '--line', 'ecology', '--region', '990101', '--json']
  const added = run(database ? [...words, '--database', database] : words)
  assert.equal(added.status, 0, added.stderr)
  const { password } = JSON.parse(added.stdout)
  front = await start(0, ['--compute-seconds', '1'])
  person = await Person.logIn(front.url, { login: 'reckoner', password })
  const changed = await person.put('/api/v1/session/password', { current_password: password, new_password: 'river-stone-42-sum' })
  assert.ok(changed.status < 300, JSON.stringify(changed.body))
})
after(() => front?.stop())

test('every example is answered over HTTP as by the program', async () => {
  const { body } = await person.get('/api/v1/compute')
  assert.ok(body.computations.length > 2)
  for (const { name, example } of body.computations) {
    const answer = await person.post(`/api/v1/compute/${name}`, example)
    assert.equal(answer.status, 200, name)
    const printed = run(['compute', name, '-'], { input: JSON.stringify(example) })
    assert.deepEqual(answer.body, JSON.parse(printed.stdout), name)
  }
})

test('a request stops at the time limit, and others are answered meanwhile', async () => {
  const begun = Date.now()
  const stopped = person.post('/api/v1/compute/economics', kLongest)
  for (let i = 0; i < 5; i++) assert.equal((await person.get('/api/v1/compute-runs')).status, 200)
  const { status, body } = await stopped
  assert.equal(status, 503)
  assert.equal(body.code, 'compute.stopped')
  assert.ok(Date.now() - begun < 20_000)
})

test('a run started at one process is carried out by another, and cancelled from the first', async () => {
  const id = await startRun(kLong(1000))
  await sleep(700)
  assert.equal((await person.get(`/api/v1/compute-runs/${id}`)).body.state, 'queued', 'the front computes no runs')
  const back = await start(1)
  try {
    const done = await until((one) => one.state === 'finished', id)
    assert.equal(done.answer.monte_carlo.draws, 1000)
    const cancelled = await startRun(kLongest)
    await until((one) => one.state === 'running', cancelled)
    const { body } = await person.post(`/api/v1/compute-runs/${cancelled}/cancel`)
    assert.equal(body.state, 'cancelled')
    const next = await startRun(kLong(1000))
    await until((one) => one.state === 'finished', next)
  } finally {
    await back.stop()
  }
})

test('a process that ends puts its run back, and the next one finishes it', async () => {
  const first = await start(1)
  const id = await startRun(kLongest)
  await until((one) => one.state === 'running', id)
  const asked = Date.now()
  await first.stop()
  assert.ok(Date.now() - asked < 15_000, 'it does not compute to the end')
  const { state } = await until((one) => one.state !== 'running', id, 5)
  assert.ok(state === 'queued' || state === 'finished', state)
  const second = await start(1)
  try {
    assert.equal((await until((one) => one.state === 'finished', id, 120)).answer.monte_carlo.draws, 1_000_000)
  } finally {
    await second.stop()
  }
})

test('a process that dies leaves its run to another once its lease is over', { skip: !long && 'two minutes; ./test --long' }, async () => {
  const first = await start(1)
  const id = await startRun(kLongest)
  await until((one) => one.state === 'running', id)
  await first.stop('SIGKILL')
  const second = await start(1)
  try {
    await until((one) => one.state === 'finished', id, 240)
  } finally {
    await second.stop()
  }
})
