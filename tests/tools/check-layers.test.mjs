// tools/check-layers against small made-up trees: one broken include per rule.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const tools = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'tools')
const layers = `# top first
cli
regime/evaluation
regime/listing regime/register
engine/balance
db
base

third-party soci  db
third-party Eigen engine/balance
never engine      db
`

/** Runs check-layers over a tree of {path: text} and returns its exit code and lines. */
function checked(files) {
  const root = mkdtempSync(join(tmpdir(), 'layers-'))
  try {
    mkdirSync(join(root, 'tools'))
    cpSync(join(tools, 'check-layers'), join(root, 'tools', 'check-layers'))
    for (const [path, text] of Object.entries({ 'src/LAYERS': layers, 'src/base/x.h': '#pragma once\n', ...files })) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    const { status, stdout } = spawnSync(join(root, 'tools', 'check-layers'), { encoding: 'utf8' })
    return { status, lines: stdout.split('\n').filter(Boolean) }
  } finally {
    rmSync(root, { recursive: true })
  }
}

test('a room may include what stands below it', () => {
  const { status, lines } = checked({ 'src/regime/evaluation/evaluation.cc': '#include "regime/evaluation/evaluation.h"\n#include "regime/listing/listing.h"\n#include "base/x.h"\n#include <vector>\n' })
  assert.deepEqual({ status, lines }, { status: 0, lines: [] })
})

for (const [name, path, text, wanted] of [
  ['upwards', 'src/regime/listing/listing.cc', '\n#include "regime/evaluation/evaluation.h"\n', 'src/regime/listing/listing.cc:2: regime/listing may not include regime/evaluation'],
  ['sideways on one line', 'src/regime/listing/listing.cc', '#include "regime/register/register.h"\n', 'src/regime/listing/listing.cc:1: regime/listing may not include regime/register'],
  ['a folder nobody knows', 'src/attic/a.cc', '\n', 'src/attic/a.cc:1: folder attic is not in src/LAYERS'],
  ['an include of an unknown folder', 'src/cli/a.cc', '#include "attic/a.h"\n', 'src/cli/a.cc:1: attic is not in src/LAYERS'],
  ['an include not written from src/', 'src/cli/a.cc', '#include "a.h"\n', 'src/cli/a.cc:1: includes are written from src/: "a.h"'],
  ["another room's store", 'src/cli/a.cc', '#include "regime/listing/listing_store.h"\n', 'src/cli/a.cc:1: cli may not read the tables of regime/listing'],
  ['a store in a contract', 'src/regime/listing/listing.h', '#include "regime/listing/listing_store.h"\n', 'src/regime/listing/listing.h:1: the contract of a room may not include its store'],
  ['a third-party header outside its folder', 'src/cli/a.cc', '#include <soci/soci.h>\n', 'src/cli/a.cc:1: <soci/soci.h> is confined to db'],
  ['an engine that touches the database', 'src/engine/balance/b.cc', '#include "db/tx.h"\n', 'src/engine/balance/b.cc:1: engine may never include db'],
])
  test(`refuses ${name}`, () => {
    const { status, lines } = checked({ [path]: text })
    assert.notEqual(status, 0)
    assert.deepEqual(lines, [wanted])
  })

test('an engine test may read its cases from files', () => {
  assert.equal(checked({ 'src/engine/balance/b_test.cc': '#include "db/tx.h"\n' }).status, 0)
})
