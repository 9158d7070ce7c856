// tools/check-messages against small made-up sources: one mistake per row.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const tools = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'tools')

function checked(messages, code) {
  const root = mkdtempSync(join(tmpdir(), 'messages-'))
  try {
    mkdirSync(join(root, 'tools'))
    mkdirSync(join(root, 'src/shop'), { recursive: true })
    cpSync(join(tools, 'check-messages.mjs'), join(root, 'tools', 'check-messages.mjs'))
    writeFileSync(join(root, 'src/shop/shop_messages.cc'), `auto shop_messages() {\n${messages}\n}\n`)
    writeFileSync(join(root, 'src/shop/shop.cc'), code)
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
  assert.deepEqual({ status, lines }, { status: 0, lines: ['2 codes, each in both languages; 1 uses'] })
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
