// What browser walks share, on top of tests/harness.mjs: one server and one Chromium per file, people who log in through the page, pictures,
// accessibility. An error on a page's console, a script that fails or a request to another machine fails the test it happens in.
//
//   const { walk } = house()
//   walk('an officer logs in', async ({ login, shoot, axe }) => {
//     const page = await login({ role: 'officer', line: 'ecology' }, { language: 'en', width: 1920 })
//     await shoot(page, 'home/officer-en-1920')
//     await axe(page)
//   })
//
// Run one file: node --test tests/e2e/<file>.test.mjs   (QY_E2E_BASE=http://… QY_E2E_ACCOUNTS=…/accounts.json uses a server that runs already;
// QY_E2E_SLOW=6 slows the pages' processor six times, which finds walks that do not wait for what they look at)
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { account as find, root, serveDemo } from '../harness.mjs'

const require = createRequire(join(root, 'web/package.json'))
const kFlags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

/** Chromium with a profile of its own. */
export const openChromium = () =>
  require('playwright-core').chromium.launch({ executablePath: process.env.QY_CHROMIUM ?? '/usr/bin/chromium', headless: true, args: kFlags })

/**
 * axe-core on the page as it stands; throws with one line per breach. Ours to fix, whatever the part's maker says, except what `rules` turns
 * off: axe(page, { 'color-contrast': { enabled: false } }).
 */
export async function axe(page, rules = {}) {
  await drawn(page)
  await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'))
  const { violations } = await page.evaluate(
    (off) => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], resultTypes: ['violations'], rules: off }),
    // Element Plus writes the heading of a dialog as <header>, which axe takes for a second banner of the page.
    (await page.locator('.el-overlay:visible').count()) ? { 'landmark-no-duplicate-banner': { enabled: false }, 'landmark-unique': { enabled: false }, ...rules } : rules,
  )
  if (violations.length === 0) return
  const lines = violations.map((one) => `${one.id} (${one.impact}): ${one.help}; ${one.nodes.slice(0, 4).map((node) => node.target.join(' ')).join(' | ')}`)
  throw new Error(`axe finds on ${new URL(page.url()).pathname}:\n  ${lines.join('\n  ')}`)
}

/** A picture under build/screenshots: shoot(page, 'register/list-zh-1280'). */
export async function shoot(page, name) {
  const path = join(root, 'build/screenshots', `${name}.png`)
  mkdirSync(dirname(path), { recursive: true })
  await page.screenshot({ path, fullPage: true, animations: 'disabled' })
  return path
}

/** Waits until the page has its heading: what is loaded has not always been drawn. */
const drawn = (page) => page.locator('h1').first().waitFor()

/** Waits until the page is drawn, and neither asks nor shows skeletons. */
export async function settled(page) {
  await page.waitForLoadState('networkidle')
  await drawn(page)
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .el-loading-mask:not([style*="display: none"])'))
}

/** Chooses an option of an Element Plus select by its label. */
export async function choose(page, label, option) {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option }).first().click()
}

/** Fills the password into the dialog on top and presses its button. */
export async function sign(page, person, verb) {
  const dialog = page.getByRole('dialog').last()
  await dialog.locator('input[type=password]').fill(person.password)
  await dialog.getByRole('button', { name: verb, exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
}

/** The id in the page's address. */
export const idOf = (page) => /[0-9a-f-]{36}/.exec(page.url())[0]

/** A page in a browser context of its own, collecting what should never happen in `complaints`. */
export async function openPage(browser, base, { language = 'zh', width = 1280, height = 800, complaints = [], ...more } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
    acceptDownloads: true,
    baseURL: base,
    ...more,
  })
  context.setDefaultTimeout(30_000)
  await context.addCookies([{ name: 'qy_lang', value: language, url: base }])
  const page = await context.newPage()
  const slow = Number(process.env.QY_E2E_SLOW ?? 1)
  if (slow > 1) await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: slow })
  page.on('pageerror', (error) => complaints.push(`script: ${error.stack ?? error}`))
  // A refusal (401, 409, 422 …) is the server's answer, which the page has to show; the console mentions it all the same.
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(`console: ${message.text()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 500 || response.status() === 404) complaints.push(`${response.status()} from ${response.url()}`)
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(base) && !/^(data|blob|about):/.test(request.url())) complaints.push(`leaves the machine: ${request.url()}`)
  })
  return page
}

/** One server and one browser for the file. */
export function house(options = {}) {
  let server
  let browser
  before(async () => {
    const base = process.env.QY_E2E_BASE
    server = base
      ? { url: base, accounts: process.env.QY_E2E_ACCOUNTS ? JSON.parse(readFileSync(process.env.QY_E2E_ACCOUNTS, 'utf8')) : [], stop: async () => {} }
      : await serveDemo(options)
    browser = await openChromium()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  const walk = (name, body) =>
    test(name, async () => {
      const pages = []
      const complaints = []
      const newPage = async (pageOptions) => {
        const page = await openPage(browser, server.url, { ...pageOptions, complaints })
        pages.push(page)
        return page
      }
      const account = (wanted) => (wanted.password ? wanted : find(server.accounts, wanted))
      /** A page on which the person has logged in and stands on the home page. `who`: what the account must be like, or an account. */
      const login = async (who, pageOptions) => {
        const person = account(who)
        const page = await newPage(pageOptions)
        await page.goto('/login')
        await page.fill('#login', person.login)
        await page.fill('#password', person.password)
        await page.click('button[type=submit]')
        await page.waitForURL((url) => url.pathname.startsWith('/app'))
        await settled(page)
        return page
      }
      try {
        await body({ server, url: server.url, newPage, login, account, shoot, axe, settled, complaints })
        if (complaints.length) throw new Error(`the page complains:\n  ${complaints.join('\n  ')}`)
      } catch (error) {
        for (const [i, page] of pages.entries()) await shoot(page, `failed/${name.replace(/[^\p{L}\p{N}]+/gu, '-')}-${i}`).catch(() => {})
        throw error
      } finally {
        for (const page of pages) await page.context().close()
      }
    })
  return { walk }
}
