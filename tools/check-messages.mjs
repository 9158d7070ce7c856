// Every error code that the program can give has its sentence in Chinese and English, with the same parameters in both.
// So has every action that the program writes into its log, and every kind of subject, in web/src/ui/locales, unless a procedure of the packs
// names the action.
// Reads the string literals of src/: entries of `*_messages.cc` on one side; `ErrorKind::…, "code"`, `FieldError{…, "code"}` and
// helpers that complain on the other. Prints `file:line: what is wrong` and exits 1.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(fileURLToPath(import.meta.url), '..', '..')
const codePattern = /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$/
const helpers = /^(complain|complaint|refuse|refused|wrong|fail|failure|problem|invalid|malformed|conflict|forbidden|not_found|unavailable|reject|denied|error|add_error|field_error)$/

function* sourceFiles(directory) {
  for (const name of readdirSync(directory).sort()) {
    const path = join(directory, name)
    if (statSync(path).isDirectory()) yield* sourceFiles(path)
    else if (/\.(cc|h)$/.test(name) && !/_(test|fuzz|bench)\.cc$/.test(name) && !/(^|\/)testing\.(h|cc)$/.test(path)) yield path
  }
}

/** The tokens of a C++ file: strings (adjacent ones joined), names and single marks, each with its line. */
function tokensOf(text) {
  const pattern = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|R"([^(\s]*)\(([\s\S]*?)\)\1"|"((?:[^"\\\n]|\\.)*)"|'(?:[^'\\\n]|\\.)+'|[A-Za-z_]\w*|\d[\w.']*|[^\s]/g
  const tokens = []
  let line = 1
  let at = 0
  for (const match of text.matchAll(pattern)) {
    for (; at < match.index; at++) if (text[at] === '\n') line++
    const whole = match[0]
    if (whole.startsWith('//') || whole.startsWith('/*')) continue
    const isString = whole.startsWith('"') || whole.startsWith('R"')
    if (!isString) { tokens.push({ text: whole, line }); continue }
    const value = match[2] ?? match[3].replace(/\\(.)/g, '$1')
    const last = tokens.at(-1)
    if (last?.string !== undefined) last.string += value
    else tokens.push({ string: value, line })
  }
  return tokens
}

/** Where a string literal is the value of an argument: alone, or behind ? or : of a choice. */
const valuesOf = (part) => (part.length === 1 ? part : part.filter((_, at) => ['?', ':'].includes(part[at - 1]?.text))).filter((token) => token.string !== undefined)

const problems = []
const sentences = new Map()
const uses = []

/** What the log is written with: {kinds, name, where}; and the kinds of subject that exist. */
const written = []
const kindsOf = new Map()
const noteKind = (kind, where) => kindsOf.has(kind) || kindsOf.set(kind, where)
/** Functions of a folder that answer a subject: "src/regime/listing" → ["list"]. */
const ownSubjects = new Map()

for (const path of sourceFiles(join(root, 'src'))) {
  const file = relative(root, path)
  const text = readFileSync(path, 'utf8')
  const tokens = tokensOf(text)
  // Sentences stand in <folder>_messages.cc, or beside the routes of a small room.
  if (/_messages\(\) \{/.test(text)) {
    for (let i = 0; i + 6 < tokens.length; i++) {
      const [open, code, comma1, zh, comma2, en] = tokens.slice(i, i + 6)
      if (open.text !== '{' || code.string === undefined || !codePattern.test(code.string) || comma1.text !== ',' || zh.string === undefined) continue
      if (comma2.text !== ',' || en.string === undefined) continue
      const where = `${file}:${code.line}`
      if (sentences.has(code.string)) problems.push(`${where}: ${code.string} already has its sentences at ${sentences.get(code.string).where}`)
      // The English wording of a parameter may travel beside the Chinese one: {action} and {action_en}.
      const parameters = (sentence) => [...new Set([...sentence.matchAll(/\{([a-z0-9_]+?)(_en)?\}/g)].map((m) => m[1]))].sort().join(' ')
      const words = zh.string.replace(/\{[a-z0-9_]+\}/g, '')
      if (/[A-Za-z]/.test(words) && !/[\u4e00-\u9fff]/.test(words)) problems.push(`${where}: the Chinese sentence of ${code.string} holds no Chinese`)
      if (/[\u4e00-\u9fff]/.test(en.string.replace(/[“「《'"(][^”」》'")]*[”」》'")]/g, ''))) problems.push(`${where}: the English sentence of ${code.string} holds Chinese outside quotation`)
      if (en.string.trim() === '') problems.push(`${where}: the English sentence of ${code.string} is empty`)
      if (parameters(zh.string) !== parameters(en.string))
        problems.push(`${where}: ${code.string} uses {${parameters(zh.string)}} in Chinese and {${parameters(en.string)}} in English`)
      sentences.set(code.string, { where })
    }
  }
  const use = (token) => {
    if (token?.string !== undefined && codePattern.test(token.string)) uses.push({ code: token.string, where: `${file}:${token.line}` })
  }
  /** The tokens of the arguments between the bracket at `open` and its partner, split at commas of the outer level. */
  const argumentsFrom = (open) => {
    const parts = [[]]
    let depth = 0
    for (let i = open; i < tokens.length; i++) {
      const text = tokens[i].text
      if (text === '(' || text === '{' || text === '[') { if (depth++) parts.at(-1).push(tokens[i]); continue }
      if (text === ')' || text === '}' || text === ']') { if (!--depth) break; parts.at(-1).push(tokens[i]); continue }
      if (text === ',' && depth === 1) { parts.push([]); continue }
      parts.at(-1).push(tokens[i])
    }
    return parts
  }
  for (let i = 0; i + 2 < tokens.length; i++) {
    const { text } = tokens[i]
    if (text === 'ErrorKind' && tokens[i + 1].text === ':' && tokens[i + 4]?.text === ',') use(tokens[i + 5])
    if (text === 'FieldError' && tokens[i + 1].text === '{') { const second = argumentsFrom(i + 1)[1]; if (second?.length === 1) use(second[0]) }
    if (text && helpers.test(text) && tokens[i + 1].text === '(')
      for (const part of argumentsFrom(i + 1)) for (const token of valuesOf(part)) use(token)
  }

  // ---- The log
  const folder = dirname(file)
  /** The kinds that an argument names: {"user", id}, subject_of(id), {to_string(party), id}; none when any may come. */
  const kindsIn = (part = []) => {
    const literals = part.filter((token, at) => token.string !== undefined && part[at - 1]?.text === '{').map((token) => token.string)
    return literals.length ? literals : part.some((token) => token.text === 'subject_of') ? { folder } : part.some((token) => token.text === 'to_string') ? { parties: true } : []
  }
  for (let i = 0; i + 6 < tokens.length; i++) {
    const where = `${file}:${tokens[i].line}`
    if (tokens[i].text === 'register_subject' && tokens[i + 2].string !== undefined) noteKind(tokens[i + 2].string, where)
    if (tokens[i].text === 'Subject' && tokens[i + 2].text === '(') {
      const end = tokens.findIndex((token, at) => at > i && token.text === ')')
      if (tokens[end + 1]?.text === '{' && tokens[end + 2]?.text === 'return' && tokens[end + 4]?.string !== undefined)
        ownSubjects.set(folder, [...(ownSubjects.get(folder) ?? []), tokens[end + 4].string])
    }
    if (tokens[i].text === 'enum' && tokens[i + 2].text === 'Party')
      ownSubjects.set('parties', tokens.slice(i + 4, tokens.findIndex((token, at) => at > i && token.text === '}')).map((token) => token.text).filter((text) => /^[a-z]\w+$/.test(text) && text !== 'none'))
    if (tokens[i].text !== 'action_by' || tokens[i + 1].text !== '(' || tokens[i - 1]?.text === 'NewAction') continue
    const [, subject, name] = argumentsFrom(i + 1)
    if (!name) continue
    const kinds = kindsIn(subject)
    const literals = valuesOf(name)
    const words = name.map((token) => token.text ?? '').filter((text) => /^\w+$/.test(text))
    for (const token of literals) written.push({ kinds, name: token.string, where: `${file}:${token.line}` })
    // An action of a procedure, whose title stands in the pack.
    if (words.slice(-2).join('.') === 'what.action') continue
    if (literals.length) continue
    // A helper that is given the name: its callers in this file write it.
    const parameter = words.at(-1)
    const helper = parameter && helperAround(tokens, i, parameter)
    if (!helper) { problems.push(`${where}: the action's name is no literal, so nobody sees whether it has a wording`); continue }
    for (let at = 0; at + 1 < tokens.length; at++) {
      if (tokens[at].text !== helper.name || tokens[at + 1].text !== '(' || at === helper.at) continue
      const given = argumentsFrom(at + 1)
      if (!given[helper.index]) continue
      const own = helper.subject < 0 ? kinds : kindsIn(given[helper.subject])
      for (const token of valuesOf(given[helper.index])) written.push({ kinds: own, name: token.string, where: `${file}:${token.line}` })
    }
  }
}

/** The function whose body holds the token at `inside` and which has such a parameter: its name, and where name and subject stand among its parameters. */
function helperAround(tokens, inside, parameter) {
  for (let at = inside; at > 0; at--) {
    if (tokens[at].text !== '{' || tokens[at - 1].text !== ')') continue
    let open = at - 1
    for (let depth = 0; open > 0; open--) {
      if (tokens[open].text === ')') depth++
      else if (tokens[open].text === '(' && !--depth) break
    }
    const names = []
    for (let i = open + 1, depth = 0; i < at; i++) {
      if (['(', '{', '<'].includes(tokens[i].text)) depth++
      if (depth === 0 && (i === at - 1 || [',', '='].includes(tokens[i].text)) && /^\w+$/.test(tokens[i - 1].text ?? '') && tokens[i - 1].text !== 'nullptr') names.push(tokens[i - 1].text)
      if (['}', '>'].includes(tokens[i].text) || (tokens[i].text === ')' && i < at - 1)) depth--
    }
    if (names.includes(parameter)) return { name: tokens[open - 1].text, at: open - 1, index: names.indexOf(parameter), subject: names.indexOf('subject') }
  }
  return undefined
}

const locales = {}
for (const language of ['zh', 'en']) {
  const path = join(root, 'web/src/ui/locales', `${language}.ts`)
  const text = existsSync(path) ? readFileSync(path, 'utf8') : 'export default {}'
  locales[language] = (await import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`)).default.log ?? {}
}
/** Kind of subject → actions that the packs' procedures name. */
const inPacks = new Map()
const packs = join(root, 'packs')
for (const pack of existsSync(packs) ? readdirSync(packs) : []) {
  const folder = join(packs, pack, 'procedures')
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const kind = name.replace(/[-.].*/, '')
    const actions = readFileSync(join(folder, name), 'utf8').split(/^actions:$/m)[1] ?? ''
    inPacks.set(kind, new Set([...(inPacks.get(kind) ?? []), ...[...actions.matchAll(/^ {2}- id: (\w+)$/gm)].map((match) => match[1])]))
  }
}

const needed = new Set()
for (const { kinds: given, name, where } of written) {
  const kinds = given.folder ? (ownSubjects.get(given.folder) ?? []) : given.parties ? (ownSubjects.get('parties') ?? []) : given
  for (const kind of kinds) noteKind(kind, where)
  const groups = [...kinds, 'any']
  for (const [language, words] of Object.entries(locales)) {
    const group = groups.find((one) => words.actions?.[one]?.[name])
    if (group) needed.add(`${group}.${name}`)
    else if (!kinds.some((kind) => inPacks.get(kind)?.has(name))) problems.push(`${where}: the log's action ${name} on ${kinds.join(' or ') || 'any subject'} has no wording in ${language} (ui.log.actions)`)
  }
}
for (const [kind, where] of kindsOf)
  for (const [language, words] of Object.entries(locales)) if (!words.kinds?.[kind]) problems.push(`${where}: the kind of subject ${kind} has no wording in ${language} (ui.log.kinds)`)
for (const [language, words] of Object.entries(locales)) {
  const file = `web/src/ui/locales/${language}.ts`
  for (const [kind, names] of Object.entries(words.actions ?? {})) for (const name of Object.keys(names)) if (!needed.has(`${kind}.${name}`)) problems.push(`${file}: nothing writes the action ${kind}.${name}`)
  for (const kind of Object.keys(words.kinds ?? {})) if (!kindsOf.has(kind)) problems.push(`${file}: there is no kind of subject ${kind}`)
}

for (const { code, where } of uses)
  if (!sentences.has(code)) problems.push(`${where}: ${code} has no sentences`)

for (const problem of [...new Set(problems)]) console.log(problem)
if (problems.length) process.exit(1)
console.log(`${sentences.size} codes, each in both languages; ${uses.length} uses; ${new Set(written.map((one) => one.name)).size} actions of the log on ${kindsOf.size} kinds of subject`)
