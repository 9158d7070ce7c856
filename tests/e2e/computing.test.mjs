// 计算工具: an example computed, mistakes shown at their place, a long run cancelled, on a telephone and in English.
import assert from 'node:assert/strict'
import { house } from './harness.mjs'

const { walk } = house()

const kLong = JSON.stringify({
  investment: '120', annual_saving: '45', depreciation_years: 10, tax_rate: '0.25', years: 100, discount_rate: '0.08',
  monte_carlo: { seed: 1, draws: 1_000_000, inputs: { annual_saving: { distribution: 'triangular', min: '30', mode: '45', max: '52' } } },
})

const choose = async (page, title) => {
  await page.locator('.el-select').first().click()
  await page.locator('.el-select-dropdown__item:visible', { hasText: title }).click()
}

walk('an enterprise computes the example and reads the answer', async ({ login, shoot, axe, settled }) => {
  const page = await login({ role: 'filler' })
  await page.getByRole('link', { name: '计算工具' }).click()
  await settled(page)
  await axe(page)
  await choose(page, '方案经济评价')
  await page.getByRole('button', { name: '填入示例' }).click()
  await page.getByRole('button', { name: '计算', exact: true }).click()
  await page.getByRole('heading', { name: /^结果：方案经济评价/ }).waitFor()
  await page.getByRole('heading', { name: '现金流量表' }).waitFor()
  await page.getByRole('cell', { name: '年节省' }).first().waitFor()
  await settled(page)
  await page.mouse.move(0, 0)
  await axe(page)
  await shoot(page, 'computing/answer-zh-1280')
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载JSON' }).click()])
  assert.equal(file.suggestedFilename(), 'economics.json')
})

walk('every mistake stands in words and leads to its place', async ({ login, shoot, axe }) => {
  const page = await login({ role: 'officer', line: 'ecology' }, { language: 'en', width: 390 })
  await page.goto('/app/computing?name=economics')
  const text = page.getByRole('textbox', { name: 'Input document (JSON)' })
  await text.fill('{"cash_flows": [-100, "x"], "discount_rate": 60,}')
  await page.getByRole('button', { name: 'Compute', exact: true }).click()
  await page.getByText('something is wrong at line 1').waitFor()
  await text.fill('{"cash_flows": [-100, "x"], "discount_rate": "0.1", "yeras": 3}')
  await page.getByRole('button', { name: 'Compute', exact: true }).click()
  await page.getByRole('button', { name: 'cash_flows › 1' }).click()
  const marked = await text.evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd))
  assert.equal(marked, '"x"')
  await page.getByRole('button', { name: 'yeras' }).waitFor()
  await axe(page)
  await shoot(page, 'computing/mistakes-en-390')
  const narrow = async () => {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(wide <= 390, `the page is ${wide} wide`)
  }
  await narrow()
  await page.getByRole('button', { name: 'Fill in the example' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Replace' }).click()
  await page.getByRole('button', { name: 'Compute', exact: true }).click()
  await page.getByRole('heading', { name: 'Cash-flow table' }).waitFor()
  await narrow()
  await page.mouse.move(0, 0)
  await axe(page)
  await shoot(page, 'computing/answer-en-390')
})

walk('a long run shows its progress and is cancelled; it stays in the list until it is deleted', async ({ login, account, shoot, settled }) => {
  const page = await login({ role: 'officer', line: 'ecology' })
  await page.goto('/app/computing?name=economics')
  await page.getByRole('textbox', { name: '输入文档（JSON）' }).fill(kLong)
  await page.getByRole('button', { name: '计算', exact: true }).click()
  await page.getByRole('progressbar').first().waitFor()
  await page.locator('.result').getByRole('button', { name: '取消' }).click()
  await page.getByText('计算任务已取消。').waitFor()
  await shoot(page, 'computing/cancelled-zh-1280')
  await page.goto('/app/computing?name=balance')
  await settled(page)
  assert.equal(await page.getByRole('textbox', { name: '输入文档（JSON）' }).inputValue(), kLong, 'leaving the page keeps what was typed')
  await page.getByRole('textbox', { name: '输入文档（JSON）' }).fill('')
  await page.getByText('已取消').first().waitFor()
  await page.locator('.kept').getByRole('button', { name: '查看' }).first().click()
  await page.waitForURL(/name=economics/)
  await page.waitForFunction(() => document.querySelector('textarea').value.includes('monte_carlo'))
  const before = await page.locator('.kept tbody tr').count()
  await page.locator('.kept').getByRole('button', { name: '删除' }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
  await page.waitForFunction((count) => document.querySelectorAll('.kept tbody tr').length < count, before)
  // Another person in the same window finds nothing of it.
  const next = account({ role: 'filler' })
  await page.context().clearCookies({ name: 'qy_session' })
  await page.goto('/login')
  await page.fill('#login', next.login)
  await page.fill('#password', next.password)
  await page.click('button[type=submit]')
  await page.waitForURL(/\/app/)
  await page.goto('/app/computing?name=economics')
  await settled(page)
  assert.equal(await page.getByRole('textbox', { name: '输入文档（JSON）' }).inputValue(), '')
})
