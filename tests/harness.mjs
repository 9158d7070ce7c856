// What scenario tests and browser walks share: a server of the release build on a database of its own, and people who log in over the
// API. Everything it starts ends with the test process.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')
export const program = process.env.QY_PROGRAM ?? join(root, 'build/release/qingyuan')
/** ./test --long: more kills, every screenshot. */
export const long = process.env.QY_LONG === '1'
const logs = join(root, 'build/test-logs')
const children = new Set()
process.setMaxListeners(100)
process.on('exit', () => { for (const child of children) child.kill('SIGKILL') })

export const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds))

/** Runs the program and returns {status, stdout, stderr}. */
export const run = (words, options = {}) => spawnSync(program, words, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, ...options })

/** A directory that goes away with the test. */
export function scratch(name) {
  const path = mkdtempSync(join(tmpdir(), `qingyuan-${name}-`))
  process.on('exit', () => rmSync(path, { recursive: true, force: true }))
  return path
}

export const freePort = () =>
  new Promise((done, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })

/** An empty PostgreSQL database of its own as a libpq URI; undefined when no server is given. */
export function postgresDatabase(name) {
  const server = process.env.QY_TEST_POSTGRES
  if (!server) return undefined
  const database = `${name}_${process.pid}_${Date.now()}`.toLowerCase()
  const made = spawnSync('psql', ['-X', '-q', '-d', server, '-c', `CREATE DATABASE ${database} ENCODING 'UTF8' TEMPLATE template0`], { encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`psql: ${made.stderr}`)
  const url = new URL(server)
  url.pathname = `/${database}`
  return url.href
}

/** Starts `qingyuan serve` and waits until it is ready. */
export async function serve(data, { database, demo = false, port, more = [] } = {}) {
  mkdirSync(logs, { recursive: true })
  port ??= await freePort()
  const words = ['serve', '--data', data, '--port', String(port), '--web', join(root, 'web/dist'), ...more]
  if (database) words.push('--database', database)
  if (demo) words.push('--demo')
  const out = openSync(join(logs, `server-${port}.log`), 'a')
  const child = spawn(program, words, { cwd: root, stdio: ['ignore', out, out] })
  children.add(child)
  const ended = new Promise((done) => child.once('exit', (code, signal) => { children.delete(child); done({ code, signal }) }))
  const url = `http://127.0.0.1:${port}`
  for (const until = Date.now() + 180_000; ; await sleep(50)) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the server ended at start; see build/test-logs/server-${port}.log`)
    if (Date.now() > until) throw new Error('the server was not ready within three minutes')
    if (await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false)) break
  }
  return {
    url, port, data, child, ended,
    log: () => readFileSync(join(logs, `server-${port}.log`), 'utf8'),
    stop: async (signal = 'SIGTERM') => { child.kill(signal); return ended },
  }
}

/**
 * A server on a fresh copy of the demonstration. The demonstration itself is loaded once per build of the program and kept under
 * build/test-demo, because loading takes longer than copying. Files that run at the same time may each load it; the first that is ready
 * gives it its name, and whoever sees that name sees all of it.
 */
export async function serveDemo(options = {}) {
  const all = join(root, 'build/test-demo')
  const name = `of-${mtime(program)}`
  const kept = join(all, name)
  if (!existsSync(kept)) {
    mkdirSync(all, { recursive: true })
    for (const old of readdirSync(all)) if (old.startsWith('of-') && old !== name) rmSync(join(all, old), { recursive: true, force: true })
    const own = mkdtempSync(join(all, 'loading-'))
    const first = await serve(join(own, 'data'), { demo: true })
    await first.stop()
    try {
      renameSync(join(own, 'data'), kept)
    } catch (error) {
      if (!existsSync(kept)) throw error
    }
    rmSync(own, { recursive: true, force: true })
  }
  const data = join(scratch('demo'), 'data')
  cpSync(kept, data, { recursive: true })
  const server = await serve(data, { demo: true, ...options })
  return { ...server, accounts: JSON.parse(readFileSync(join(data, 'accounts.json'), 'utf8')) }
}
const mtime = (path) => Number(spawnSync('stat', ['-c', '%Y', path], { encoding: 'utf8' }).stdout)

/** The first account that fits: account(server.accounts, {role: 'officer', line: 'ecology', office: /省/}). */
export function account(accounts, wanted) {
  const found = accounts.find((one) => Object.entries(wanted).every(([key, value]) => (value instanceof RegExp ? value.test(one[key] ?? '') : one[key] === value)))
  if (!found) throw new Error(`no demonstration account is ${JSON.stringify(wanted, (_, value) => (value instanceof RegExp ? String(value) : value))}`)
  return found
}

/** Somebody at the API. `call` answers {status, body, etag, headers}; a refused call is an answer too. */
export class Person {
  constructor(url) { this.url = url; this.cookies = new Map(); this.csrf = '' }

  static async logIn(url, { login, password }) {
    const person = new Person(url)
    const answer = await person.call('POST', '/api/v1/session', { login, password })
    if (answer.status >= 300) throw new Error(`log-in of ${login}: ${answer.status} ${JSON.stringify(answer.body)}`)
    person.csrf = answer.body.csrf_token
    person.session = answer.body
    return person
  }

  async call(method, path, body, { etag, key, headers: more = {} } = {}) {
    const headers = { accept: 'application/json', ...more }
    if (this.cookies.size) headers.cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    if (method !== 'GET') {
      headers.origin = this.url
      headers['sec-fetch-site'] = 'same-origin'
      if (this.csrf) headers['x-csrf-token'] = this.csrf
    }
    if (etag) headers['if-match'] = etag
    if (key) headers['idempotency-key'] = key
    let payload
    if (body instanceof FormData || typeof body === 'string' || body instanceof Uint8Array) payload = body
    else if (body !== undefined) { payload = JSON.stringify(body); headers['content-type'] = 'application/json' }
    const answer = await fetch(this.url + path, { method, headers, body: payload, redirect: 'manual' })
    for (const cookie of answer.headers.getSetCookie?.() ?? [answer.headers.get('set-cookie')].filter(Boolean)) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)
      this.cookies.set(name, value)
    }
    const bytes = Buffer.from(await answer.arrayBuffer())
    const type = answer.headers.get('content-type') ?? ''
    return {
      status: answer.status, headers: answer.headers, etag: answer.headers.get('etag') ?? '', bytes,
      body: type.includes('json') && bytes.length ? JSON.parse(bytes.toString('utf8')) : bytes.toString('utf8'),
    }
  }

  get(path) { return this.call('GET', path) }
  post(path, body, options) { return this.call('POST', path, body ?? {}, options) }
  put(path, body, etag) { return this.call('PUT', path, body, { etag }) }
}
