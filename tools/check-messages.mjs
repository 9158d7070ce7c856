// Every error code that the program can give has its sentence in Chinese and English, with the same parameters in both.
// Reads the string literals of src/: entries of `*_messages.cc` on one side; `ErrorKind::…, "code"`, `FieldError{…, "code"}` and
// helpers that complain on the other. Prints `file:line: what is wrong` and exits 1.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
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

const problems = []
const sentences = new Map()
const uses = []

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
      for (const part of argumentsFrom(i + 1)) for (const token of part.length === 1 ? part : part.filter((t, at) => ['?', ':'].includes(part[at - 1]?.text))) use(token)
  }
}

for (const { code, where } of uses)
  if (!sentences.has(code)) problems.push(`${where}: ${code} has no sentences`)

for (const problem of [...new Set(problems)]) console.log(problem)
if (problems.length) process.exit(1)
console.log(`${sentences.size} codes, each in both languages; ${uses.length} uses`)
