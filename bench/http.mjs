// The register over HTTP with a logged-in session, beside a minimal program that runs the same SQL statements in the same run.
//
//   tools/build-preset bench && node bench/http.mjs [--enterprises 400000] [--seconds 10] [--connections 32] [--keep DIR]
//
// Three roads: the first 20 enterprises of a county, one enterprise by id, and a durable create with its revision, its chained log entry
// and everything else the product writes. Prints one table; the last column is the product's share of the minimal program.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Person, root, run, scratch, serve, freePort, sleep } from '../tests/harness.mjs'

const options = { enterprises: 400000, seconds: 10, connections: 32, keep: '' }
for (let i = 2; i < process.argv.length; i += 2) options[process.argv[i].slice(2)] = process.argv[i + 1]
const programs = join(root, 'build/bench')
const data = options.keep || join(scratch('bench'), 'data')
const database = join(data, 'qingyuan.sqlite')
const counties = 400

/** A sqlite3 script on the database; returns its output lines. */
function sql(script, file = database) {
  const done = spawnSync('sqlite3', ['-batch', file], { input: script, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (done.status !== 0) throw new Error(done.stderr)
  return done.stdout.split('\n').filter(Boolean)
}

/** Numbers as UUIDs that sort as they were made. */
const uuid = (kind, n) => `printf('01900000-000${kind}-7000-8000-%012x', ${n})`
/** County codes 990101 … 994x99 under the unassigned province 99. */
const region = (n) => `printf('99%02d%02d', 1 + (${n} % ${counties}) / 90, 1 + (${n} % ${counties}) % 90)`

/** Enterprises with legal person, tag, permit and first revision, as an import leaves them. */
function fill() {
  const rows = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${options.enterprises})`
  const at = "'2026-01-05T02:00:00.000Z'"
  sql(`PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; BEGIN;
    ${rows} INSERT INTO legal_person (id, province, credit_code, name, match_name, registered_region)
      SELECT ${uuid(1, 'i')}, '99', NULL, '测试企业' || i, '测试企业' || i, ${region('i')} FROM n;
    ${rows} INSERT INTO enterprise (id, province, legal_person_id, name, match_name, region, address, industry, scale, status, created_at, changed_at)
      SELECT ${uuid(2, 'i')}, '99', ${uuid(1, 'i')}, '测试企业' || i, '测试企业' || i, ${region('i')}, '工业路' || i || '号', '3360', 'small', 'operating', ${at}, ${at} FROM n;
    ${rows} INSERT INTO enterprise_tag (enterprise_id, tag) SELECT ${uuid(2, 'i')}, 'electroplating' FROM n;
    ${rows} INSERT INTO enterprise_revision (enterprise_id, version, at, actor_id, actor_name, post, source, import_id, changes)
      SELECT ${uuid(2, 'i')}, 1, ${at}, '', '', '', 'import', '', '{}' FROM n;
    COMMIT; ANALYZE;`)
}

/** Runs the load and returns its line of results; anything but the wanted status fails. */
function load(port, paths, { method = 'GET', body, headers = [], status, first = 0 }) {
  const file = join(scratch('paths'), 'paths')
  writeFileSync(file, paths.join('\n') + '\n')
  const words = ['--port', port, '--seconds', options.seconds, '--connections', options.connections, '--paths', file, '--method', method, '--first', first]
  if (body) { writeFileSync(`${file}.body`, body); words.push('--body', `${file}.body`) }
  for (const header of headers) words.push('--header', header)
  const result = JSON.parse(execFileSync(join(programs, 'http_load'), words.map(String), { encoding: 'utf8' }))
  const other = Object.entries(result.answers).filter(([code]) => code !== String(status))
  if (other.length) throw new Error(`answers of ${paths[0]}: ${JSON.stringify(result.answers)}`)
  return result
}

/** Resident memory of a process in MB. */
const resident = (pid) => Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024)

for (const name of ['http_load', 'minimal_server'])
  if (!existsSync(join(programs, name))) throw new Error(`build/bench/${name} is missing: tools/build-preset bench`)
mkdirSync(data, { recursive: true })
let password
if (!existsSync(database)) {
  const added = run(['user', 'add', '--data', data, '--login', 'bench', '--name', '测速员', '--role', 'officer', '--line', 'ecology', '--region', '990000', '--json'])
  if (added.status !== 0) throw new Error(added.stderr)
  password = JSON.parse(added.stdout).password
  console.log(`filling ${options.enterprises} enterprises`)
  fill()
} else {
  password = JSON.parse(run(['user', 'reset', 'bench', '--data', data, '--json']).stdout).password
}

const began = process.hrtime.bigint()
const server = await serve(data, { more: ['--rate-limit', '0', '--no-log'] })
const startup = Number(process.hrtime.bigint() - began) / 1e6
const memory = resident(server.child.pid)
const officer = await Person.logIn(server.url, { login: 'bench', password })
const changed = await officer.put('/api/v1/session/password', { current_password: password, new_password: 'river-stone-42-bench' })
if (changed.status >= 300) throw new Error(`password: ${changed.status} ${JSON.stringify(changed.body)}`)
const headers = [`Cookie: ${[...officer.cookies].map(([name, value]) => `${name}=${value}`).join('; ')}`, `X-CSRF-Token: ${officer.csrf}`, `Origin: ${server.url}`, 'Sec-Fetch-Site: same-origin']

const copy = join(scratch('minimal'), 'minimal.sqlite')
sql(`VACUUM INTO '${copy}'`)
sql('PRAGMA journal_mode = WAL', copy)

const regions = sql('SELECT DISTINCT region FROM enterprise WHERE id LIKE \'01900000-0002-%\' LIMIT 200')
const ids = sql(`SELECT id FROM enterprise WHERE id LIKE '01900000-0002-%' ORDER BY id LIMIT 5000 OFFSET ${Math.floor(options.enterprises / 3)}`)
const body = '{"name": "新建企业{n}", "region": "990101", "industry": "3360", "scale": "small", "address": "工业路{n}号"}'
const serial = Date.now() % 1e8

const product = {
  list: load(server.port, regions.map((code) => `/api/v1/enterprises?region=${code}&page_size=20`), { headers, status: 200 }),
  read: load(server.port, ids.map((id) => `/api/v1/enterprises/${id}`), { headers, status: 200 }),
  create: load(server.port, ['/api/v1/enterprises'], { method: 'POST', body, headers, status: 201, first: serial }),
}
await server.stop()

const port = await freePort()
const minimal = spawn(join(programs, 'minimal_server'), ['--port', String(port), '--database', copy, '--roads', join(root, 'bench/enterprises')], { stdio: 'inherit' })
process.on('exit', () => minimal.kill('SIGKILL'))
await sleep(1000)
const yardstick = {
  list: load(port, regions.map((code) => `/list?region=${code}`), { status: 200 }),
  read: load(port, ids.map((id) => `/read/${id}`), { status: 200 }),
  create: load(port, ['/create?n={n}'], { method: 'POST', body: '{}', status: 200, first: serial }),
}
minimal.kill('SIGKILL')

console.log(`start-up on this database ${startup.toFixed(0)} ms (with the harness's polling of 50 ms), idle ${memory} MB resident`)
console.log('road      product/s   p50 ms   p95 ms   minimal/s   p50 ms   share')
for (const road of ['list', 'read', 'create']) {
  const ours = product[road], least = yardstick[road]
  console.log([road.padEnd(6), String(ours.per_second).padStart(12), ours.p50_ms.toFixed(2).padStart(8), ours.p95_ms.toFixed(2).padStart(8), String(least.per_second).padStart(11), least.p50_ms.toFixed(2).padStart(8), (ours.per_second / least.per_second).toFixed(2).padStart(7)].join(' '))
}
