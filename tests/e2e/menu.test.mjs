// The menu of every role: each page opens, fits its window, passes axe and speaks the reader's language.
import assert from 'node:assert/strict'
import { long } from '../harness.mjs'
import { house } from './harness.mjs'

const { walk } = house()

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
