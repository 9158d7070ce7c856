// The whole program from outside: an empty data directory, the first administrator, log-in, and everything around the handlers.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort, Person, postgresDatabase, program, run, scratch, serve, sleep } from '../harness.mjs'

for (const engine of ['sqlite', 'postgres']) {
  const skip = engine === 'postgres' && !process.env.QY_TEST_POSTGRES
  test(`serving on ${engine}`, { skip }, async (t) => {
    const data = join(scratch(`serve-${engine}`), 'data')
    const database = engine === 'postgres' ? postgresDatabase('serve') : undefined
    const where = ['--data', data, ...(database ? ['--database', database] : [])]
    const made = run(['user', 'add', ...where, '--login', 'Admin', '--name', '王管理', '--json'])
    assert.equal(made.status, 0, made.stderr)
    const { password } = JSON.parse(made.stdout)
    const server = await serve(data, { database })

    await t.test('keys are the owner’s only', () => {
      for (const key of ['signing.key', 'check.key']) assert.equal(statSync(join(data, key)).mode & 0o777, 0o600, key)
      assert.equal(statSync(data).mode & 0o077, 0)
      assert.equal(existsSync(join(data, 'qingyuan.sqlite')), engine === 'sqlite')
    })

    await t.test('health, readiness, metrics', async () => {
      for (const path of ['/healthz', '/readyz', '/metrics']) assert.equal((await fetch(server.url + path)).status, 200, path)
      const far = await fetch(`${server.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.7' } })
      assert.doesNotMatch(await far.text(), /qingyuan_http/)
    })

    await t.test('nobody sees anything', async () => {
      const answer = await new Person(server.url).get('/api/v1/users')
      assert.equal(answer.status, 401)
      assert.equal(answer.body.code, 'session.none')
      assert.match(answer.body.detail, /请先登录/)
    })

    let admin
    await t.test('the first administrator must choose a password and may then work', async () => {
      admin = await Person.logIn(server.url, { login: 'admin', password })
      assert.equal(admin.session.user.must_change_password, true)
      assert.equal((await admin.get('/api/v1/users')).body.code, 'password.must_change')
      const changed = await admin.put('/api/v1/session/password', { current_password: password, new_password: 'river-stone-42' })
      assert.equal(changed.status, 204, JSON.stringify(changed.body))
      assert.equal((await admin.get('/api/v1/users')).body.total, 1)
    })

    await t.test('a write without its token changes nothing', async () => {
      const office = { region: '990000', line: 'ecology', level: 'province', name: { zh: '云岭省生态环境厅', en: 'Yunling' } }
      const token = admin.csrf
      admin.csrf = ''
      const refused = await admin.call('POST', '/api/v1/offices', office)
      admin.csrf = token
      assert.equal(refused.status, 403)
      assert.equal(refused.body.code, 'csrf.token')
      assert.equal((await admin.get('/api/v1/offices?region=99')).body.total, 0)
    })

    await t.test('the same key does the same thing once', async () => {
      const office = { region: '980000', line: 'ecology', level: 'province', name: { zh: '示例省生态环境厅', en: 'Sample' } }
      const first = await admin.post('/api/v1/offices', office, { key: 'one' })
      const again = await admin.post('/api/v1/offices', office, { key: 'one' })
      assert.equal(first.status, 201, JSON.stringify(first.body))
      assert.deepEqual([again.status, again.body.id, again.etag], [201, first.body.id, first.etag])
      const other = await admin.post('/api/v1/offices', { ...office, line: 'industry' }, { key: 'one' })
      assert.equal(other.body.code, 'idempotency.reused')
      const conflict = await admin.post('/api/v1/offices', office, { key: 'two' })
      assert.equal(conflict.status, 409)
    })

    await t.test('secrets are not kept for a key', async () => {
      const offices = (await admin.get('/api/v1/offices?region=98')).body.items
      const user = { login: 'officer1', name: '李承办', role: 'officer', office: offices[0].id }
      const opened = await admin.post('/api/v1/users', user, { key: 'user' })
      assert.equal(opened.status, 201, JSON.stringify(opened.body))
      assert.match(opened.body.activation_code, /^\w{4}-/)
      const again = await admin.post('/api/v1/users', user, { key: 'user' })
      assert.equal(again.body.code, 'user.login_taken')
    })

    await t.test('engines answer the same as the program', async () => {
      const document = { investment: '10', subsidy: '0', annual_saving: '1.58', depreciation_years: 10, tax_rate: '0.25', years: 10, discount_rate: '0.06' }
      const answer = await admin.post('/api/v1/compute/economics', document)
      assert.equal(answer.status, 200, JSON.stringify(answer.body))
      assert.deepEqual(answer.body, JSON.parse(run(['compute', 'economics', '-'], { input: JSON.stringify(document) }).stdout))
      assert.equal((await new Person(server.url).post('/api/v1/compute/economics', document)).status, 401)
      const wrong = await admin.post('/api/v1/compute/economics', { investment: 'ten' })
      assert.equal(wrong.status, 422)
      assert.ok(wrong.body.errors.length > 0)
    })

    await t.test('the log holds', async () => {
      const sealed = run(['log', 'seal', ...where, '--json'])
      assert.equal(sealed.status, 0, sealed.stderr)
      const examined = run(['doctor', ...where, '--json'])
      assert.equal(examined.status, 0, examined.stderr)
      const found = JSON.parse(examined.stdout)
      assert.ok(found.chains > 0 && found.roots > 0)
      assert.deepEqual(found.broken, [])
      assert.equal(JSON.parse(run(['log', 'roots', ...where, '--json']).stdout)[0].root, JSON.parse(sealed.stdout).root)
    })

    await t.test('a lost password is replaced at the machine', async () => {
      const reset = run(['user', 'reset', 'admin', ...where, '--json'])
      assert.equal(reset.status, 0, reset.stderr)
      assert.equal((await admin.get('/api/v1/session')).status, 401, 'sessions end')
      assert.equal((await Person.logIn(server.url, { login: 'admin', password: JSON.parse(reset.stdout).password })).session.user.must_change_password, true)
      assert.equal(run(['user', 'reset', 'nobody', ...where]).status, 4)
    })

    await t.test('logs carry requests and no secrets; SIGTERM ends it well', async () => {
      const { code } = await server.stop()
      assert.equal(code, 0)
      const log = server.log()
      assert.match(log, /"event":"request".*"path":"\/api\/v1\/session"/)
      assert.ok(!log.includes(password) && !log.includes(admin.csrf))
    })
  })
}

test('over TLS, cookies are Secure and the browser is told to stay', async () => {
  const data = scratch('tls')
  const [key, certificate] = [join(data, 'key.pem'), join(data, 'certificate.pem')]
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=localhost', '-days', '2', '-keyout', key, '-out', certificate])
  assert.equal(made.status, 0, String(made.stderr))
  const { password } = JSON.parse(run(['user', 'add', '--data', data, '--login', 'admin', '--name', '王管理', '--json']).stdout)
  const port = await freePort()
  const child = spawn(program, ['serve', '--data', data, '--port', String(port), '--tls-certificate', certificate, '--tls-key', key, '--no-log'], { stdio: 'ignore' })
  try {
    const ask = (method, path, body) =>
      new Promise((done, fail) => {
        const asked = request({ host: '127.0.0.1', port, path, method, rejectUnauthorized: false, headers: body ? { 'content-type': 'application/json', 'content-length': body.length } : {} }, (answer) => {
          answer.resume().on('end', () => done(answer))
        })
        asked.on('error', fail)
        asked.end(body)
      })
    let answer
    for (const until = Date.now() + 60_000; !answer && Date.now() < until; await sleep(100)) answer = await ask('GET', '/readyz').catch(() => undefined)
    assert.equal(answer.statusCode, 200)
    assert.match(answer.headers['strict-transport-security'], /max-age=\d{8}/)
    const opened = await ask('POST', '/api/v1/session', JSON.stringify({ login: 'admin', password }))
    assert.equal(opened.statusCode, 201)
    assert.match(opened.headers['set-cookie'][0], /; HttpOnly; SameSite=Lax; .*; Secure/)
  } finally {
    child.kill('SIGKILL')
  }
})

test('the routes are listed for checks', () => {
  const routes = JSON.parse(run(['routes', '--json']).stdout)
  const open = routes.filter((route) => route.public).map((route) => `${route.method} ${route.pattern}`)
  assert.ok(routes.length > 20)
  for (const route of open) assert.match(route, /\/api\/v1\/(public\/|session$|activation|openapi\.json|notices\/check)/, `${route} needs no login`)
})

test('wrong options are refused before anything starts', () => {
  assert.equal(run(['serve', '--port', '70000']).status, 2)
  assert.equal(run(['serve', '--tls-key', 'x', '--data', join(scratch('tls'), 'd')]).status, 2)
  assert.equal(run(['serve', '--data', '/proc/nowhere']).status, 6)
})
