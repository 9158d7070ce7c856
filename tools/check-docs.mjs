// The documents are true to the code: links and anchors resolve, each room tells what happens in it, both languages have the same guides,
// each command, option and family of error codes is described, and the API description holds exactly the program's endpoints.
// Uses build/release/qingyuan for what only the program knows; --sources leaves those checks out.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const read = (path) => readFileSync(join(root, path), 'utf8')
const problems = []
const wrong = (where, what) => problems.push(`${where}: ${what}`)

function* filesUnder(directory, wanted) {
  if (!existsSync(join(root, directory))) return
  for (const name of readdirSync(join(root, directory)).sort()) {
    if (name === 'node_modules' || name === 'dist' || name === '.git' || name === 'build' || name === 'data') continue
    const path = directory === '.' ? name : `${directory}/${name}`
    if (statSync(join(root, path)).isDirectory()) yield* filesUnder(path, wanted)
    else if (wanted(path)) yield path
  }
}

/** The anchor that a Markdown heading gets. */
const anchorOf = (heading) => heading.trim().toLowerCase().replace(/[`*]/g, '').replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-')

/** Links and pictures outside code. */
function checkLinks() {
  for (const file of filesUnder('.', (path) => path.endsWith('.md'))) {
    const text = read(file).replace(/^```[\s\S]*?^```/gm, (block) => block.replace(/[^\n]/g, '')).replace(/`[^`\n]*`/g, '')
    text.split('\n').forEach((line, at) => {
      for (const [, target] of line.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue
        const [path, anchor] = target.split('#')
        const wanted = path === '' ? file : relative(root, resolve(root, dirname(file), decodeURIComponent(path)))
        if (!existsSync(join(root, wanted))) { wrong(`${file}:${at + 1}`, `the link to ${target} leads nowhere`); continue }
        if (anchor && wanted.endsWith('.md')) {
          const anchors = [...read(wanted).matchAll(/^#+ (.*)$/gm)].map((m) => anchorOf(m[1]))
          if (!anchors.includes(decodeURIComponent(anchor))) wrong(`${file}:${at + 1}`, `${wanted} has no heading #${anchor}`)
        }
      }
    })
  }
}

/** README of each room; the same guides in both languages. */
function checkPresence() {
  for (const room of readdirSync(join(root, 'src/regime'))) {
    const folder = `src/regime/${room}`
    if (!readdirSync(join(root, folder)).some((name) => /\.(cc|h)$/.test(name))) continue
    if (!existsSync(join(root, folder, 'README.md'))) wrong(folder, 'has no README.md')
  }
  const guides = (language) => [...filesUnder(`docs/guide/${language}`, (path) => path.endsWith('.md'))].map((path) => path.split('/').at(-1))
  const zh = guides('zh'), en = guides('en')
  for (const name of zh) if (!en.includes(name)) wrong(`docs/guide/en/${name}`, 'is missing; the Chinese guide exists')
  for (const name of en) if (!zh.includes(name)) wrong(`docs/guide/zh/${name}`, 'is missing; the English guide exists')
}

/** docs/operations/errors.md names each family of error codes: `credit_code.` */
function checkErrors() {
  const described = existsSync(join(root, 'docs/operations/errors.md')) ? read('docs/operations/errors.md') : ''
  const families = new Map()
  for (const file of filesUnder('src', (path) => path.endsWith('.cc') && /_messages\(\) \{/.test(read(path))))
    for (const [, family] of read(file).matchAll(/\{\s*"([a-z][a-z0-9_]*)\.[a-z0-9_.]+",/g)) if (!families.has(family)) families.set(family, file)
  for (const [family, file] of families)
    if (!described.includes(`\`${family}.\``)) wrong(file, `the error codes ${family}.* are not described in docs/operations/errors.md`)
  for (const [, family] of described.matchAll(/^\| `([a-z0-9_]+)\.`/gm))
    if (!families.has(family)) wrong('docs/operations/errors.md', `describes ${family}.*, which the program does not have`)
}

const program = process.env.QY_PROGRAM ?? join(root, 'build/release/qingyuan')
const ask = (...words) => JSON.parse(execFileSync(program, words, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 }))

/** docs/operations/commands.md holds each command as a heading and each of its options. */
function checkCommands() {
  const described = read('docs/operations/commands.md')
  const sections = new Map([...described.matchAll(/^#+ `qingyuan ([a-z]+(?:-[a-z]+)*(?: [a-z]+(?:-[a-z]+)*)*)[` ]([\s\S]*?)(?=^#+ |(?![\s\S]))/gm)].map((m) => [m[1].trim(), m[0]]))
  const commands = ask('help', '--json').commands
  for (const { name, options = [] } of commands) {
    const section = sections.get(name)
    if (!section) { wrong('docs/operations/commands.md', `qingyuan ${name} is not described`); continue }
    for (const option of options) if (!section.includes(`\`${option.name}`)) wrong('docs/operations/commands.md', `qingyuan ${name}: ${option.name} is not described`)
  }
  for (const name of sections.keys()) if (!commands.some((command) => command.name === name)) wrong('docs/operations/commands.md', `describes qingyuan ${name}, which does not exist`)
}

/** docs/api/openapi.yaml against the router, both ways. */
function checkApi() {
  const { parse } = createRequire(join(root, 'web/package.json'))('yaml')
  const described = new Set()
  for (const [path, methods] of Object.entries(parse(read('docs/api/openapi.yaml')).paths))
    for (const method of Object.keys(methods)) if (/^(get|put|post|patch|delete)$/.test(method)) described.add(`${method.toUpperCase()} ${path}`)
  const served = new Set(ask('routes', '--json').map((route) => `${route.method} ${route.pattern}`).filter((route) => route.includes(' /api/')))
  for (const route of served) if (!described.has(route)) wrong('docs/api/openapi.yaml', `${route} is served but not described`)
  for (const route of described) if (!served.has(route)) wrong('docs/api/openapi.yaml', `${route} is described but not served`)
}

checkLinks()
checkPresence()
checkErrors()
if (!process.argv.includes('--sources')) {
  checkCommands()
  checkApi()
}
for (const problem of problems) console.log(problem)
process.exit(problems.length ? 1 : 0)
