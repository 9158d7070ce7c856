// Whatever an engine answers to its example and to the worked examples of its page has a word in both languages.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import test from 'node:test'
import { root, run } from '../harness.mjs'

const wordsOf = (language) => {
  const text = readFileSync(join(root, `web/src/features/computing/locales/${language}.ts`), 'utf8')
  return new Set([.../^ {2}keys: \{\n([\s\S]*?)\n {2}\},/m.exec(text)[1].matchAll(/^ {4}(\w+):/gm)].map((one) => one[1]))
}
/** Names of what an engine names itself: what stands under an object that is keyed by the asker's own ids has none. */
const kOwn = new Set(['effects', 'saved', 'starts', 'optima_starts', 'strata', 'values', 'targets', 'wanted', 'index'])
function namesIn(value, own, found) {
  if (Array.isArray(value)) value.forEach((one) => namesIn(one, own, found))
  else if (value && typeof value === 'object') {
    if (typeof value.zh === 'string' && typeof value.en === 'string') return found
    for (const [name, part] of Object.entries(value)) {
      if (!own) found.add(name)
      namesIn(part, kOwn.has(name), found)
    }
  }
  return found
}

const documents = readdirSync(join(root, 'src/codec/examples')).map((file) => [basename(file, '.json'), readFileSync(join(root, 'src/codec/examples', file), 'utf8')])
for (const file of readdirSync(join(root, 'docs/compute')))
  for (const [, input] of readFileSync(join(root, 'docs/compute', file), 'utf8').matchAll(/```json input\n([\s\S]*?)\n```/g))
    if (file !== 'README.md') documents.push([basename(file, '.md'), input])

for (const language of ['zh', 'en'])
  test(`every name in an answer has a word (${language})`, () => {
    const words = wordsOf(language)
    const missing = new Set()
    for (const [name, input] of documents) {
      const answered = run(['compute', name, '-'], { input })
      assert.equal(answered.status, 0, answered.stderr)
      for (const one of namesIn(JSON.parse(answered.stdout), false, new Set())) if (!words.has(one)) missing.add(`${name}: ${one}`)
    }
    assert.deepEqual([...missing], [])
  })
