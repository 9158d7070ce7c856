// One mandatory audit in the browser: a list is drafted, co-signed, confirmed and published; a plant looks at its level, makes its report, signs and submits; two
// experts score it blind; the office concludes; the province reads progress and the performance table; the public sees what it may.
import assert from 'node:assert/strict'
import { house } from './harness.mjs'

const { walk } = house()
const by = (login) => ({ login })

/** Chooses an option of an Element Plus select by its label. */
async function choose(page, label, option) {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option }).first().click()
}
async function sign(page, person, verb) {
  const dialog = page.getByRole('dialog').last()
  await dialog.locator('input[type=password]').fill(person.password)
  await dialog.getByRole('button', { name: verb, exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
}
const idOf = (page) => /[0-9a-f-]{36}/.exec(page.url())[0]

walk('B2: a list is drafted, co-signed, confirmed and published', async ({ login, account, shoot, settled }) => {
  const officer = await login(by('yunxi.eco.officer'))
  await officer.goto('/app/lists')
  await settled(officer)
  await officer.getByRole('button', { name: '拟定名单' }).click()
  await officer.getByRole('dialog').getByRole('button', { name: '拟定名单' }).click()
  await officer.waitForURL(/\/app\/lists\/[0-9a-f-]{36}/)
  await settled(officer)
  const list = idOf(officer)
  await officer.goto(`/app/lists/${list}?tab=candidates`)
  await settled(officer)
  for (const row of [0, 1]) await officer.locator('tbody tr').nth(row).locator('.el-checkbox').click()
  await officer.getByRole('button', { name: '列入名单（2 家）' }).click()
  await choose(officer, '审核类别', /双有/)
  await officer.keyboard.press('Escape')
  await officer.getByRole('dialog').locator('textarea').first().fill('使用或排放有毒有害物质')
  await shoot(officer, 'path/list-entries')
  await officer.getByRole('dialog').getByRole('button', { name: '列入名单', exact: true }).click()
  await officer.getByRole('dialog').waitFor({ state: 'hidden' })
  await settled(officer)
  await officer.goto(`/app/lists/${list}`)
  await settled(officer)
  await officer.getByRole('button', { name: '提出名单' }).click()
  await officer.getByText('待会签').first().waitFor()
  await settled(officer)

  const reform = await login(by('yunxi.dr.chief'))
  await reform.goto(`/app/lists/${list}`)
  await settled(reform)
  const cosign = reform.getByRole('button', { name: '会签', exact: true })
  if (await cosign.count()) {
    await cosign.click()
    await sign(reform, account(by('yunxi.dr.chief')), '会签')
  }

  const province = await login(by('province.eco.chief'))
  await province.goto(`/app/lists/${list}`)
  await settled(province)
  await province.getByRole('button', { name: '核定名单' }).click()
  await sign(province, account(by('province.eco.chief')), '核定名单')
  await settled(province)
  await province.getByRole('button', { name: '公布名单' }).click()
  const dialog = province.getByRole('dialog').last()
  await dialog.getByPlaceholder('网站地址或报刊名称').fill('示范省生态环境厅网站')
  await sign(province, account(by('province.eco.chief')), '公布名单')
  await settled(province)
  await province.getByText('已公布').first().waitFor()
  await shoot(province, 'path/list-published')

  const county = await login(by('yunxi.eco.officer'))
  // The papers are made after the publication, by a job.
  for (let tries = 0; tries < 60; ++tries) {
    await county.goto(`/app/lists/${list}`)
    await settled(county)
    if (await county.getByRole('button', { name: '下载', exact: true }).count()) break
    await county.waitForTimeout(1000)
  }
  await county.getByRole('button', { name: '下载', exact: true }).first().waitFor()
  await settled(county)
  await shoot(county, 'path/list-notices')
})

walk('B3, B4: a plant submits its audit and two experts judge it', async ({ login, account, newPage, shoot, settled, axe }) => {
  const filler = await login(by('mingjie.filler'))
  await filler.goto('/app/audits')
  await settled(filler)
  await filler.locator('tbody a').first().click()
  await filler.waitForURL(/\/app\/audits\/[0-9a-f-]{36}/)
  await settled(filler)
  const id = idOf(filler)
  for (const tab of ['', '/disclosure', '/ledger', '/benchmark', '/options', '/dossier']) {
    await filler.goto(`/app/audits/${id}${tab}`)
    await settled(filler)
    await shoot(filler, `path/plant${tab.replace('/', '-') || '-overview'}`)
  }
  await filler.goto(`/app/audits/${id}/benchmark`)
  await filler.getByText('国内清洁生产先进水平').first().waitFor()
  await settled(filler)
  await axe(filler)

  await filler.goto(`/app/audits/${id}/ledger?sheet=water`)
  await settled(filler)
  const cell = filler.locator('input[data-at="0.2"]')
  await cell.fill('一万')
  await cell.press('Enter')
  await filler.locator('.sentence').first().waitFor()
  await cell.fill('47250')
  await cell.press('Enter')
  await filler.getByText(/已保存 \d\d:\d\d/).waitFor()
  await settled(filler)

  await filler.goto(`/app/audits/${id}/benchmark`)
  await settled(filler)
  await filler.goto(`/app/audits/${id}/dossier`)
  await settled(filler)
  await filler.getByRole('button', { name: /生成/ }).first().click()
  await filler.getByText(/-E\d+/).first().waitFor({ timeout: 90_000 })
  await shoot(filler, 'path/plant-report')

  const signatory = await login(by('mingjie.signatory'))
  await signatory.goto(`/app/audits/${id}/review`)
  await settled(signatory)
  await shoot(signatory, 'path/plant-review')
  await signatory.getByText(/本企业承诺/).first().click()
  await signatory.getByRole('button', { name: '签字并提交审核报告' }).click()
  await sign(signatory, account(by('mingjie.signatory')), '签字')
  await signatory.getByText('已提交审核报告').first().waitFor()

  const officer = await login(by('tinglan.eco.officer'))
  await officer.goto(`/app/audits/${id}/judgement`)
  await settled(officer)
  await officer.getByRole('button', { name: '组织评估' }).click()
  const chooser = officer.getByRole('dialog').last()
  for (const name of ['简远山', '池亦舟']) await chooser.locator('tr', { hasText: name }).locator('.el-checkbox').click()
  await shoot(officer, 'path/panel-choose')
  await chooser.getByRole('button', { name: '邀请' }).click()
  await officer.waitForURL(/\/app\/panels\//)
  await settled(officer)
  const panel = idOf(officer)

  for (const who of ['expert.01', 'expert.02']) {
    const expert = await login(by(who))
    await expert.goto(`/app/panels/${panel}`)
    await settled(expert)
    for (const input of await expert.locator('.points input').all()) {
      const max = (await input.locator('xpath=ancestor::div[contains(@class,"points")]').locator('.el-input-group__append').innerText()).replace(/\D*([\d.]+).*/, '$1')
      await input.fill(max)
    }
    await expert.locator('textarea').last().fill('资料翔实，方案可行，同意按计划实施。')
    if (who === 'expert.01') await shoot(expert, 'path/panel-sheet')
    await expert.getByRole('button', { name: '提交评分' }).click()
    await sign(expert, account(by(who)), '签字')
    await settled(expert)
  }

  const chief = await login(by('tinglan.eco.chief'))
  await chief.goto(`/app/panels/${panel}`)
  await settled(chief)
  await chief.locator('textarea').first().fill('同意专家意见，按计划实施中/高费方案。')
  await chief.getByRole('button', { name: '形成结论' }).click()
  await sign(chief, account(by('tinglan.eco.chief')), '签字')
  await chief.getByText('已形成结论').first().waitFor()
  await shoot(chief, 'path/panel-concluded')
  await chief.goto(`/app/audits/${id}/log`)
  await settled(chief)
  await chief.getByText('记录完整').waitFor()
  await shoot(chief, 'path/case-log')

  const public_ = await newPage()
  await public_.goto(`/?text=${encodeURIComponent('云溪明洁电镀')}`)
  await settled(public_)
  await public_.getByRole('link', { name: '云溪明洁电镀有限公司' }).click()
  await public_.getByText('为什么列入名单').first().waitFor()
  await shoot(public_, 'path/public-enterprise')
  await axe(public_)
})

walk('B5: the province reads progress and opens a total to its cases', async ({ login, shoot, settled, axe }) => {
  const page = await login(by('province.eco.officer'))
  await page.goto('/app/statistics/progress')
  await settled(page)
  await page.getByText('云溪市').first().waitFor()
  await shoot(page, 'path/progress')
  await page.goto('/app/statistics/performance')
  await settled(page)
  const total = page.locator('tfoot button').first()
  const shown = await total.innerText()
  await total.click()
  await page.locator('.el-drawer strong').first().waitFor()
  const sum = await page.locator('.el-drawer strong').first().innerText()
  assert.equal(sum.replace(/[^\d.,]/g, ''), shown.replace(/[^\d.,]/g, ''), 'the sum of the cases is the total')
  await shoot(page, 'path/performance-cases')
  await page.keyboard.press('Escape')
  await axe(page)
})
