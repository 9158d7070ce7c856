// `kill -9` in the middle of writing: whatever was acknowledged is there afterwards, once, with its log; the chains hold; starting again
// needs no repair. 20 times in ./test, 500 in ./test --long.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { join } from 'node:path'
import { long, Person, run, scratch, serve, sleep } from '../harness.mjs'

const kills = long ? 500 : 20
const writers = 8
const region = '990101'
const data = join(scratch('kill'), 'data')
const start = (port) => serve(data, { port, more: ['--rate-limit', '0'] })
let server, officer

before(async () => {
  const added = run(['user', 'add', '--data', data, '--login', 'writer', '--name', '经办人', '--role', 'officer', '--line', 'ecology', '--region', region, '--json'])
  assert.equal(added.status, 0, added.stderr)
  const { password } = JSON.parse(added.stdout)
  server = await start()
  officer = await Person.logIn(server.url, { login: 'writer', password })
  const changed = await officer.put('/api/v1/session/password', { current_password: password, new_password: 'river-stone-42-kill' })
  assert.ok(changed.status < 300, JSON.stringify(changed.body))
})
after(() => server?.stop())

/** Creates enterprises until the server dies; returns the names of those that were answered with 201. */
async function writeUntilKilled(round) {
  const acknowledged = []
  let dead = false
  const writer = async (number) => {
    for (let i = 0; !dead; i++) {
      const name = `断电试验${round}-${number}-${i}有限公司`
      try {
        const answer = await officer.post('/api/v1/enterprises', { name, region })
        assert.equal(answer.status, 201, JSON.stringify(answer.body))
        acknowledged.push(name)
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error
        return
      }
    }
  }
  const writing = Promise.all(Array.from({ length: writers }, (_, number) => writer(number)))
  await sleep(20 + Math.random() * 130)
  await server.stop('SIGKILL')
  dead = true
  await writing
  return acknowledged
}

test(`no acknowledged write is lost in ${kills} kills`, async () => {
  const { port, url } = server
  let written = 0
  for (let round = 0; round < kills; round++) {
    const acknowledged = await writeUntilKilled(round)
    written += acknowledged.length
    server = await start(port)
    assert.equal(server.url, url)
    const names = []
    for (let page = 1; ; page++) {
      const found = await officer.get(`/api/v1/enterprises?q=${encodeURIComponent(`断电试验${round}-`)}&page=${page}&page_size=200`)
      assert.equal(found.status, 200, JSON.stringify(found.body))
      names.push(...found.body.items.map((one) => one.name))
      if (names.length >= found.body.total) break
    }
    assert.equal(new Set(names).size, names.length, 'nothing is written twice')
    const missing = acknowledged.filter((name) => !names.includes(name))
    assert.deepEqual(missing, [], `round ${round}`)
    // What was under way when the process died may be there or not, but not more than that.
    assert.ok(names.length <= acknowledged.length + writers, `${names.length} rows for ${acknowledged.length} acknowledged`)
  }
  assert.ok(written > kills, `only ${written} writes were acknowledged before the kills`)
})

test('the log and the files hold afterwards', async () => {
  await server.stop()
  const { status, stdout, stderr } = run(['doctor', '--data', data])
  assert.equal(status, 0, stdout + stderr)
})
