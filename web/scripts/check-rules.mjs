// Rules of the web app that neither the compiler nor the tests see. Prints every breach as file:line and fails on any.
//
//   layers    api ← ui ← features/<room> ← app; features do not import one another; features import '@/ui', not its files
//   words     zh and en have the same keys with the same {parameters}; every t('key') exists; no key is left over
//   literals  no Chinese text in templates or code outside locales/ (comments may)
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** Another tree can be named, for the test of this check. */
const src = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..', 'src'))
const problems = []
const complain = (file, line, text) => problems.push(`${relative(join(src, '..'), file)}:${line}: ${text}`)

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? walk(path) : /\.(ts|vue)$/.test(entry.name) ? [path] : []
  })
}
const files = walk(src).filter((file) => !file.endsWith('schema.d.ts') && !file.endsWith('env.d.ts'))
const lineOf = (text, at) => text.slice(0, at).split('\n').length
/** The text with comments blanked, line by line, so that positions stay. */
const blank = (text) => text.replace(/[^\n]/g, ' ')
const withoutComments = (text) =>
  text
    .replace(/<!--[\s\S]*?-->/g, blank)
    .replace(/\/\*[\s\S]*?\*\//g, blank)
    .replace(/(^|[\s;{}(,])\/\/[^\n]*/g, blank)

// ---- layers
const kRank = { api: 0, ui: 1, features: 2, app: 3 }
const placeOf = (path) => {
  const [layer, room] = relative(src, path).split(sep)
  return { layer, room: layer === 'features' ? room : '' }
}
for (const file of files) {
  const text = withoutComments(readFileSync(file, 'utf8'))
  const here = placeOf(file)
  for (const match of text.matchAll(/(?:from|import\(|import)\s*['"]([^'"]+)['"]/g)) {
    const name = match[1]
    const target = name.startsWith('@/') ? join(src, name.slice(2)) : name.startsWith('.') ? join(dirname(file), name) : undefined
    if (!target) continue
    const there = placeOf(target)
    if (!(there.layer in kRank) || !(here.layer in kRank)) continue
    const line = lineOf(text, match.index)
    if (kRank[there.layer] > kRank[here.layer]) complain(file, line, `${here.layer} may not import ${there.layer} (${name})`)
    if (here.layer === 'features' && there.layer === 'features' && here.room !== there.room) complain(file, line, `${here.room} may not import ${there.room} (${name}); share it through ui/`)
  }
}

// ---- words
const words = { zh: new Map(), en: new Map() }
async function load(file) {
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } })
  return (await import(`data:text/javascript;base64,${Buffer.from(outputText).toString('base64')}`)).default
}
const flatten = (value, prefix, out) => {
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'string') out.set(`${prefix}.${key}`, inner)
    else flatten(inner, `${prefix}.${key}`, out)
  }
}
const placeOfKey = new Map()
for (const file of files.filter((path) => /[\\/]locales[\\/](zh|en)\.ts$/.test(path))) {
  const language = file.endsWith('zh.ts') ? 'zh' : 'en'
  const name = dirname(dirname(file)).split(sep).pop()
  try {
    const mine = new Map()
    flatten(await load(file), name, mine)
    for (const [key, text] of mine) {
      words[language].set(key, text)
      placeOfKey.set(`${language}:${key}`, file)
    }
  } catch (error) {
    complain(file, 1, `cannot be read: ${error.message}`)
  }
}
const parameters = (text) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))].sort().join(',')
for (const [key, text] of words.zh) {
  const file = placeOfKey.get(`zh:${key}`)
  if (!words.en.has(key)) complain(file, 1, `${key} has no English`)
  else if (parameters(text) !== parameters(words.en.get(key))) complain(file, 1, `${key}: {parameters} differ between zh and en`)
}
for (const key of words.en.keys()) if (!words.zh.has(key)) complain(placeOfKey.get(`en:${key}`), 1, `${key} has no Chinese`)
for (const [key, text] of words.en) {
  const outsideBrackets = text.replace(/[(（][^)）]*[)）]|《[^》]*》/g, '')
  if (/\p{Script=Han}/u.test(outsideBrackets) && key !== 'ui.otherLanguage') complain(placeOfKey.get(`en:${key}`), 1, `${key}: Chinese in the English wording outside brackets`)
}

const known = [...words.zh.keys()]
for (const file of files.filter((path) => !/[\\/]locales[\\/]/.test(path) && !path.endsWith('.test.ts'))) {
  const text = withoutComments(readFileSync(file, 'utf8'))
  for (const match of text.matchAll(/(?:^|[^\w.$])(?:\$?t|global\.t)\(\s*(['"])([\w.-]+)\1/gm)) {
    if (match[2].includes('.') && !words.zh.has(match[2])) complain(file, lineOf(text, match.index), `no wording for ${match[2]}`)
  }
  for (const match of text.matchAll(/(?:^|[^\w.$])\$?t\(\s*`([\w.-]+)\.\$\{/gm)) {
    if (!known.some((key) => key.startsWith(`${match[1]}.`))) complain(file, lineOf(text, match.index), `no wording below ${match[1]}`)
  }
  for (const match of text.matchAll(/title:\s*'((?:[a-z_]+)\.[\w.-]+)'/g)) {
    if (/\.routes\.ts$/.test(file) && !words.zh.has(match[1])) complain(file, lineOf(text, match.index), `no wording for ${match[1]}`)
  }

  // ---- literals
  for (const [i, line] of text.split('\n').entries()) {
    const han = /\p{Script=Han}+/u.exec(line)
    if (han) complain(file, i + 1, `“${han[0]}” belongs into locales/`)
  }
}

if (problems.length) {
  console.error(problems.join('\n'))
  console.error(`${problems.length} breaches of the web rules`)
  process.exit(1)
}
console.log(`web rules: ${files.length} files, ${known.length} wordings in both languages`)
