// tools/check-messages against small made-up sources: one mistake per row.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const tools = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'tools')

function checked(messages, code, files = {}) {
  const root = mkdtempSync(join(tmpdir(), 'messages-'))
  try {
    mkdirSync(join(root, 'tools'))
    mkdirSync(join(root, 'src/shop'), { recursive: true })
    cpSync(join(tools, 'check-messages.mjs'), join(root, 'tools', 'check-messages.mjs'))
    writeFileSync(join(root, 'src/shop/shop_messages.cc'), `auto shop_messages() {\n${messages}\n}\n`)
    writeFileSync(join(root, 'src/shop/shop.cc'), code)
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(root, dirname(path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    const { status, stdout } = spawnSync('node', [join(root, 'tools', 'check-messages.mjs')], { encoding: 'utf8' })
    return { status, lines: stdout.split('\n').filter(Boolean) }
  } finally {
    rmSync(root, { recursive: true })
  }
}

const good = '{"shop.closed", "商店在{day}关门。", "The shop is closed on {day}."},'

test('a code with both sentences passes, also in two literals and with an English parameter', () => {
  const more = '{"shop.late",\n "晚了：" "{action}", "Late: {action_en}"},'
  const { status, lines } = checked(good + more, 'return Error{ErrorKind::conflict, "shop.closed"};  // "shop.ghost" in a comment is nothing\n')
  assert.deepEqual({ status, lines }, { status: 0, lines: ['2 codes, each in both languages; 1 uses; 0 actions of the log on 0 kinds of subject'] })
})

for (const [name, messages, code, wanted] of [
  ['an error without sentences', good, 'return Error{ErrorKind::conflict, "shop.sold_out", {}};', 'src/shop/shop.cc:1: shop.sold_out has no sentences'],
  ['a field error without sentences', good, '\nerrors.push_back(FieldError{pointer + "/x", "shop.size"});', 'src/shop/shop.cc:2: shop.size has no sentences'],
  ['a complaint without sentences', good, 'in.complain("name", open ? "shop.closed" : "shop.name");', 'src/shop/shop.cc:1: shop.name has no sentences'],
  ['a Chinese sentence in English', '{"shop.closed", "Closed", "Closed."},', '', 'src/shop/shop_messages.cc:2: the Chinese sentence of shop.closed holds no Chinese'],
  ['parameters that differ', '{"shop.closed", "{day}关门", "Closed on {date}."},', '', 'src/shop/shop_messages.cc:2: shop.closed uses {day} in Chinese and {date} in English'],
  ['a code said twice', good + good, '', 'src/shop/shop_messages.cc:2: shop.closed already has its sentences at src/shop/shop_messages.cc:2'],
])
  test(`refuses ${name}`, () => {
    const { status, lines } = checked(messages, code)
    assert.equal(status, 1)
    assert.deepEqual(lines, [wanted])
  })

const log = (kinds, actions) => `export default { log: { kinds: ${JSON.stringify(kinds)}, actions: ${JSON.stringify(actions)} } }`
const worded = (kinds, actions) => ({ 'web/src/ui/locales/zh.ts': log(kinds, actions), 'web/src/ui/locales/en.ts': log(kinds, actions) })
const till = { till: 'x' }

test('every action of the log has its wording: a literal, a choice, a helper’s, any subject’s, a pack’s', () => {
  const code = `
    db::Subject subject_of(const TillId& id) { return {"till", id.str()}; }
    db::NewAction action_by(const Act& act, db::Subject subject, std::string name);
    void note(Tx& tx, db::Subject subject, std::string name, json::Object payload = {}) { append_action(tx, action_by(act, std::move(subject), std::move(name))); }
    void run() {
      append_action(tx, action_by(act, subject_of(id), state == "closed" ? "open_till" : what.action));
      append_action(tx, action_by(act, file.owner, "file_attached"));
      append_action(tx, action_by(act, {"order", id.str()}, "pay"));
      note(tx, {"till", id}, "count", {{"sum", "1"}});
    }`
  const files = { ...worded({ till: 'x', order: 'x' }, { till: { open_till: 'x', count: 'x' }, any: { file_attached: 'x' } }), 'packs/cn/procedures/order-national.yaml': 'states:\n  - id: paid\nactions:\n  - id: pay\n    title: {zh: x}\n' }
  assert.deepEqual(checked(good, code, files), { status: 0, lines: ['1 codes, each in both languages; 0 uses; 4 actions of the log on 2 kinds of subject'] })
})

for (const [name, code, files, wanted] of [
  ['a new action', 'action_by(act, {"till", id}, "count");', worded(till, {}), ['zh', 'en'].map((one) => `src/shop/shop.cc:1: the log's action count on till has no wording in ${one} (ui.log.actions)`)],
  ['a new action of a helper', 'void note(Tx& tx, const char* name) {\naction_by(act, {"till", id}, name); }\nvoid run() { note(tx, "count"); }', worded(till, {}), ['zh', 'en'].map((one) => `src/shop/shop.cc:3: the log's action count on till has no wording in ${one} (ui.log.actions)`)],
  ['an action that a pack names on another kind', 'action_by(act, {"till", id}, "pay");', { ...worded(till, {}), 'packs/cn/procedures/order.yaml': 'actions:\n  - id: pay\n' }, ['zh', 'en'].map((one) => `src/shop/shop.cc:1: the log's action pay on till has no wording in ${one} (ui.log.actions)`)],
  ['a wording in one language', 'action_by(act, {"till", id}, "count");', { ...worded(till, { till: { count: 'x' } }), 'web/src/ui/locales/en.ts': log(till, {}) }, ["src/shop/shop.cc:1: the log's action count on till has no wording in en (ui.log.actions)"]],
  ['a name put together', 'void run() { action_by(act, {"till", id}, "count_" + state); }', worded({}, {}), ["src/shop/shop.cc:1: the action's name is no literal, so nobody sees whether it has a wording"]],
  ['a new kind of subject', 'identity::register_subject("till", check);', worded({}, {}), ['zh', 'en'].map((one) => `src/shop/shop.cc:1: the kind of subject till has no wording in ${one} (ui.log.kinds)`)],
  ['a wording left over', '', worded({}, { till: { count: 'x' } }), ['zh', 'en'].map((one) => `web/src/ui/locales/${one}.ts: nothing writes the action till.count`)],
  ['a kind left over', '', worded(till, {}), ['zh', 'en'].map((one) => `web/src/ui/locales/${one}.ts: there is no kind of subject till`)],
])
  test(`refuses ${name}`, () => {
    const { status, lines } = checked(good, code, files)
    assert.equal(status, 1)
    assert.deepEqual(lines, wanted)
  })
