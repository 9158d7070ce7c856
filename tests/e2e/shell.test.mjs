// The frame: logging in and out, languages, keyboard, what happens when a session ends.
import assert from 'node:assert/strict'
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
