// Puts docs/api/base.yaml and every src/**/<room>_api.yaml together.
//
//   node scripts/bundle-api.mjs            writes web/public/openapi.json and web/src/api/schema.d.ts (neither is in git)
//   node scripts/bundle-api.mjs --bless    writes docs/api/openapi.yaml as well
//   node scripts/bundle-api.mjs --check    fails when the fragments contradict each other or docs/api/openapi.yaml is out of date
import { mkdirSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import openapiTS, { astToString } from 'openapi-typescript'
import { parse, stringify } from 'yaml'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const kMethods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options']

/** All fragment files below src, sorted, so that the outcome does not depend on the file system. */
function fragments(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return fragments(path)
      return entry.name.endsWith('_api.yaml') ? [path] : []
    })
    .sort()
}

/** The same schema without its prose: two fragments may describe one shape in different words. */
function withoutProse(value) {
  if (Array.isArray(value)) return value.map(withoutProse)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !(['description', 'summary', 'example', 'examples'].includes(key) && (typeof inner === 'string' || key.startsWith('example'))))
      .map(([key, inner]) => [key, withoutProse(inner)]),
  )
}

/** Calls `visit(ref, holder)` for every $ref below `value`. */
function eachRef(value, visit) {
  if (Array.isArray(value)) value.forEach((inner) => eachRef(inner, visit))
  else if (value !== null && typeof value === 'object') {
    if (typeof value.$ref === 'string') visit(value.$ref, value)
    Object.values(value).forEach((inner) => eachRef(inner, visit))
  }
}

/** The whole description and everything that is wrong with the fragments. */
export function bundle() {
  const problems = []
  const origin = new Map()
  const whole = parse(readFileSync(join(root, 'docs/api/base.yaml'), 'utf8'))
  for (const [section, entries] of Object.entries(whole.components))
    for (const name of Object.keys(entries)) origin.set(`${section}/${name}`, 'docs/api/base.yaml')
  const operations = new Map()

  for (const path of fragments(join(root, 'src'))) {
    const file = relative(root, path)
    const room = basename(path).replace(/_api\.yaml$/, '')
    let fragment
    try {
      fragment = parse(readFileSync(path, 'utf8')) ?? {}
    } catch (error) {
      problems.push(`${file}: ${error.message}`)
      continue
    }
    eachRef(fragment, (ref, holder) => {
      holder.$ref = ref.replace(/^[^#]*#/, '#')
    })
    for (const [url, item] of Object.entries(fragment.paths ?? {})) {
      const target = (whole.paths[url] ??= {})
      for (const [key, value] of Object.entries(item)) {
        if (key in target && kMethods.includes(key)) {
          problems.push(`${file}: ${key.toUpperCase()} ${url} is described elsewhere too`)
          continue
        }
        target[key] = value
        if (!kMethods.includes(key)) continue
        value.tags ??= [room]
        if (!value.operationId) problems.push(`${file}: ${key.toUpperCase()} ${url} has no operationId`)
        else if (operations.has(value.operationId)) problems.push(`${file}: operationId ${value.operationId} is taken by ${operations.get(value.operationId)}`)
        else operations.set(value.operationId, file)
      }
    }
    for (const [section, entries] of Object.entries(fragment.components ?? {})) {
      const target = (whole.components[section] ??= {})
      for (const [name, value] of Object.entries(entries)) {
        const key = `${section}/${name}`
        if (!(name in target)) {
          target[name] = value
          origin.set(key, file)
        } else if (!isDeepStrictEqual(withoutProse(target[name]), withoutProse(value))) {
          problems.push(`${file}: components/${key} differs from the one in ${origin.get(key)}; give it a name of its own`)
        }
      }
    }
  }

  const missing = new Set()
  eachRef(whole, (ref) => {
    const [, , section, name] = ref.split('/')
    if (!ref.startsWith('#/components/') || whole.components[section]?.[name] === undefined) missing.add(ref)
  })
  for (const ref of missing) {
    problems.push(`nothing describes ${ref}`)
    const [, , section, name] = ref.split('/')
    if (section && name) (whole.components[section] ??= {})[name] = section === 'schemas' ? {} : { description: name }
  }

  const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)))
  whole.paths = sorted(whole.paths)
  for (const section of Object.keys(whole.components)) whole.components[section] = sorted(whole.components[section])
  return { whole, problems }
}

const mode = process.argv[2] ?? ''
const { whole, problems } = bundle()
const yaml =
  '# Put together from docs/api/base.yaml and the rooms\' *_api.yaml by `npm run api`. Change those, not this file.\n' +
  stringify(whole, { lineWidth: 140, aliasDuplicateObjects: false })
const blessed = join(root, 'docs/api/openapi.yaml')

for (const problem of problems) console.error(`api: ${problem}`)

mkdirSync(join(root, 'web/public'), { recursive: true })
writeFileSync(join(root, 'web/public/openapi.json'), JSON.stringify(whole))
const types = astToString(await openapiTS(whole, { alphabetize: true, emptyObjectsUnknown: true }))
const schema = join(root, 'web/src/api/schema.d.ts')
if (!existsSync(schema) || readFileSync(schema, 'utf8') !== types) writeFileSync(schema, types)

if (mode === '--bless') writeFileSync(blessed, yaml)
if (mode === '--check') {
  const current = existsSync(blessed) ? readFileSync(blessed, 'utf8') : ''
  if (current !== yaml) {
    console.error('api: docs/api/openapi.yaml is out of date; run `npm run api` in web/')
    problems.push('out of date')
  }
  if (problems.length) process.exit(1)
}
console.log(`api: ${Object.keys(whole.paths).length} paths, ${Object.keys(whole.components.schemas).length} schemas`)
