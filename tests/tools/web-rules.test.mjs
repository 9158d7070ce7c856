// web/scripts/check-rules.mjs: one small tree per mistake.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { root } from '../harness.mjs'

const kGood = {
  'ui/Part.vue': "<script setup lang=\"ts\">\nimport { api } from '@/api/client'\n// 注释可以用中文\nconst t = (key: string) => key\nt('a.title')\n</script>\n",
  'api/client.ts': 'export const api = {}\n',
  'features/a/a.routes.ts': "export default [{ path: '/app/a', meta: { title: 'a.title' } }]\n",
  'features/a/locales/zh.ts': "export default { title: '甲', many: '{n}天' }\n",
  'features/a/locales/en.ts': "export default { title: 'A', many: '{n} day | {n} days' }\n",
  'features/b/b.ts': "import Part from '@/ui/Part.vue'\nexport { Part }\n",
  'app/main.ts': "import '../features/a/a.routes'\n",
}

/** What the check says about the good tree with these files changed. */
function said(change = {}) {
  const tree = mkdtempSync(join(tmpdir(), 'qingyuan-web-rules-'))
  try {
    for (const [name, text] of Object.entries({ ...kGood, ...change })) {
      mkdirSync(dirname(join(tree, 'src', name)), { recursive: true })
      writeFileSync(join(tree, 'src', name), text)
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'web/scripts/check-rules.mjs'), join(tree, 'src')], { encoding: 'utf8' })
    return { status, text: stdout + stderr }
  } finally {
    rmSync(tree, { recursive: true, force: true })
  }
}

test('a tree that keeps the rules passes', () => {
  const { status, text } = said()
  assert.equal(status, 0, text)
})

for (const [name, change, complaint] of [
  ['a shared part may not use a feature', { 'ui/x.ts': "import '@/features/a/a.routes'\n" }, /src\/ui\/x\.ts:1: ui may not import features/],
  ['features do not know each other', { 'features/b/x.ts': "\nimport routes from '../a/a.routes'\nexport { routes }\n" }, /features\/b\/x\.ts:2: b may not import a/],
  ['a lazy import counts as well', { 'api/x.ts': "export const x = () => import('@/app/main')\n" }, /api may not import app/],
  ['a key without wording', { 'features/b/x.ts': "const t = (key: string) => key\nexport default t('b.none')\n" }, /no wording for b\.none/],
  ['a page without a name', { 'features/a/a.routes.ts': "export default [{ meta: { title: 'a.gone' } }]\n" }, /no wording for a\.gone/],
  ['no English', { 'features/a/locales/en.ts': "export default { title: 'A' }\n" }, /a\.many has no English/],
  ['no Chinese', { 'features/a/locales/zh.ts': "export default { title: '甲' }\n" }, /a\.many has no Chinese/],
  ['parameters that differ', { 'features/a/locales/en.ts': "export default { title: 'A', many: '{count} days' }\n" }, /a\.many: \{parameters\} differ/],
  ['Chinese in the English wording', { 'features/a/locales/en.ts': "export default { title: '甲', many: '{n} days' }\n" }, /a\.title: Chinese in the English wording/],
  ['Chinese in a template', { 'features/b/X.vue': '<template>\n<!-- 注释 -->\n<p>保存</p>\n</template>\n' }, /X\.vue:3: “保存” belongs into locales/],
]) {
  test(`found: ${name}`, () => {
    const { status, text } = said(change)
    assert.equal(status, 1, text)
    assert.match(text, complaint)
  })
}
