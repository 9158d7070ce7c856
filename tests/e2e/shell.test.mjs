// The frame: logging in and out, languages, the menu of every role, keyboard, what happens when a session ends.
import assert from 'node:assert/strict'
import { long } from '../harness.mjs'
import { house } from './harness.mjs'

const { walk } = house()
const officer = { role: 'officer', line: 'ecology' }

walk('the log-in page says what is missing and what is wrong, in both languages', async ({ newPage, shoot, axe }) => {
  for (const [language, missing, title] of [
    ['zh', '请输入账号。', '登录'],
    ['en', 'Enter your user name.', 'Log in'],
  ]) {
    const page = await newPage({ language })
    await page.goto('/login')
    await axe(page)
    await shoot(page, `shell/login-${language}`)
    assert.equal(await page.locator('h1').innerText(), title)
    await page.click('button[type=submit]')
    await page.getByText(missing).waitFor()
    await page.fill('#login', 'nobody.here')
    await page.fill('#password', 'wrong password')
    await page.keyboard.press('Enter')
    const alert = page.getByRole('alert').first()
    await alert.waitFor()
    const sentence = await alert.innerText()
    assert.match(sentence, language === 'zh' ? /\p{Script=Han}/u : /^[^\p{Script=Han}]+$/u, 'the sentence is in the language of the page')
    assert.equal(await page.inputValue('#password'), '', 'the wrong password does not stay')
    await axe(page)
  }
})

walk('an officer logs in, changes the language, finds the way by keyboard and logs out', async ({ login, shoot, axe, settled }) => {
  const page = await login(officer)
  assert.equal(await page.locator('h1').innerText(), '待办')
  await axe(page)
  await shoot(page, 'shell/home-officer-zh')

  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Tasks', exact: true }).waitFor()
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en')
  await page.reload()
  await settled(page)
  assert.equal(await page.locator('h1').innerText(), 'Tasks', 'the language is remembered')
  await shoot(page, 'shell/home-officer-en')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement?.className), 'skip', 'the first stop of Tab leads to the content')

  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'Search' })
  await field.waitFor()
  await field.fill('tasks')
  await page.locator('#found [role=option]').first().waitFor()
  await axe(page)
  await shoot(page, 'shell/search-en')
  await page.keyboard.press('Escape')

  await page.locator('.person').click()
  await page.getByRole('menuitem', { name: 'Log out' }).click()
  await page.waitForURL(/\/login/)
  await page.goto('/app')
  await page.waitForURL(/\/login/)
})

walk('a session that ends leads to the log-in and back to the same page', async ({ login, account, settled }) => {
  const page = await login(officer)
  await page.goto('/app/account')
  await settled(page)
  await page.context().clearCookies({ name: 'qy_session' })
  await page.getByRole('link', { name: /消息/ }).click()
  await page.waitForURL(/\/login\?/)
  await page.getByText('登录已过期').waitFor()
  const person = account(officer)
  await page.fill('#login', person.login)
  await page.fill('#password', person.password)
  await page.click('button[type=submit]')
  await page.waitForURL(/\/app/)
})

walk('a page for other roles is refused calmly, and an unknown address says so', async ({ login, axe }) => {
  const page = await login(officer)
  await page.goto('/app/people')
  await page.getByText('当前岗位不能使用刚才的页面').waitFor()
  await page.goto('/app/no/such/page')
  await page.getByRole('heading', { name: '没有这个页面' }).waitFor()
  await axe(page)
})

walk('the activation page checks a code before it asks for anything else', async ({ newPage, shoot, axe }) => {
  const page = await newPage()
  await page.goto('/activate')
  await axe(page)
  await page.fill('#code', 'NOSUCHCODE')
  await page.click('button[type=submit]')
  await page.locator('.el-form-item__error').waitFor()
  await shoot(page, 'shell/activate-wrong-zh')
})

walk('every page in the menu of every role opens without a complaint', async ({ server, login, shoot, axe, settled }) => {
  const kinds = new Map()
  for (const person of server.accounts) {
    const office = person.office ?? ''
    const level = /省/.test(office) ? 'province' : /市/.test(office) ? 'city' : /[县区]/.test(office) ? 'county' : ''
    const kind = [person.role, ['officer', 'chief'].includes(person.role) ? person.line : '', ['officer', 'administrator'].includes(person.role) ? level : ''].filter(Boolean).join('-')
    if (!kinds.has(kind)) kinds.set(kind, person)
  }
  const all = ['zh', 'en'].flatMap((language) => [1280, 1920, 768].map((width) => ({ language, width })))
  const breaches = []
  for (const [i, [kind, person]] of [...kinds].entries()) {
    // Without --long one look each, the languages in turn.
    for (const { language, width } of long ? all : [{ language: i % 2 ? 'en' : 'zh', width: 1280 }]) {
      const page = await login(person, { language, width, height: 900 })
      const links = await page.locator('#menu a').evaluateAll((all) => all.map((link) => link.getAttribute('href')))
      for (const href of links) {
        await page.goto(href)
        await settled(page)
        await shoot(page, `menu/${kind}${href.replaceAll('/', '-')}-${language}-${width}`)
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
        if (overflow > 0) breaches.push(`${kind} ${href} ${language} ${width}: ${overflow} px wider than the window`)
        await axe(page).catch((error) => breaches.push(`${kind} ${language} ${width}: ${error.message}`))
        // Names stay Chinese; menus, headings of columns and buttons are ours.
        if (language === 'en') {
          const left = await page.locator('#menu a, th, .el-button').evaluateAll((all) => all.map((one) => one.textContent ?? '').filter((text) => /\p{Script=Han}/u.test(text)))
          if (left.length) breaches.push(`${kind} ${href}: Chinese on the English page: ${left.slice(0, 3).join(' | ')}`)
        }
      }
      await page.context().close()
    }
  }
  assert.deepEqual(breaches, [])
})
