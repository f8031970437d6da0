// Registers, progress, follow-up and settings: clean for axe in both languages, light and dark, from 360 pixels on; settings that do
// what they say; two people at one card.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkAccess, checkQuiet, makeWorld, openBrowser, openPage, signIn } from '../lib.mjs'

let world, browser
before(async () => {
  world = await makeWorld()
  browser = await openBrowser()
})
const comeIn = async (who, name) => {
  await signIn(who, world, name)
  await who.waitForSelector('main h1') // the page that one comes to first is there
}
after(async () => {
  await browser?.close()
  await world?.close()
})

const pages = {
  '/registers?kind=patents': '.row-list tbody button', '/registers?kind=needs': '.row-list tbody button', '/registers?kind=twins': 'h1',
  '/progress': '.forecast tbody tr', '/follow': '.follow-card', '/settings?tab=people': 'tbody tr', '/settings?tab=keys': 'form', '/settings?tab=channels': 'p',
  '/settings?tab=limits': '.limits li', '/settings?tab=feeds': 'p',
}

test('every page is clean for axe, and nothing is cut off', async () => {
  for (const [width, dark, language] of [[360, true, 'en'], [1280, false, 'zh'], [1920, true, 'zh']]) {
    const page = await openPage(browser, world, { width, dark, language })
    await comeIn(page, '林管')
    for (const [where, ready] of Object.entries(pages)) {
      await page.goto(`agency#${where}`)
      await page.waitForSelector(`main ${ready}`)
      await checkAccess(page, `${where} ${width}`)
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${where} ${width}: cut off`)
    }
    checkQuiet(page, `${width} ${language}`)
    await page.context().close()
  }
})

test('a manager adds somebody, who has to choose a password; put out of use, nobody comes in', async () => {
  const page = await openPage(browser, world)
  await comeIn(page, '林管')
  await page.goto('agency#/settings?tab=people')
  await page.fill('[name=name]', '新来的')
  await page.click('form .primary')
  const secret = await page.textContent('.told-once code')
  const other = await openPage(browser, world)
  await other.goto('sign-in')
  await other.fill('input[name=username]', '新来的')
  await other.fill('input[name=password]', secret)
  await other.click('button[type=submit]')
  await other.waitForSelector('input[autocomplete=new-password]')
  await page.locator('[data-user="新来的"] button').first().click()
  await page.waitForSelector('[data-user="新来的"] .state.bad')
  assert.equal((await other.request.get('v1/session')).status(), 401)
  assert.ok(world.cli('user', 'list').find((one) => one.name === '新来的').disabled_at)
})

test('a key that is made works until it is revoked', async () => {
  const page = await openPage(browser, world)
  await comeIn(page, '林管')
  await page.goto('agency#/settings?tab=keys')
  await page.fill('[name=name]', '内部系统')
  await page.click('form .primary')
  const key = await page.textContent('.told-once code')
  const ask = async () => (await fetch(`${world.address}/v1/needs?limit=1`, { headers: { Authorization: `Bearer ${key}` } })).status
  const until = async (status) => {
    for (let i = 0; i < 50 && (await ask()) !== status; i++) await new Promise((done) => setTimeout(done, 100))
    assert.equal(await ask(), status)
  }
  await until(200)
  await page.locator(`[data-key="${key.split('_')[1]}"] button`).click()
  await until(401)
})

test('a clerk has no say over people and keys, but over push limits', async () => {
  const page = await openPage(browser, world)
  await comeIn(page, '小李')
  await page.goto('agency#/settings')
  await page.waitForSelector('.tabs a')
  assert.deepEqual(await page.$$eval('.tabs a', (links) => links.map((link) => link.textContent)), ['推送渠道', '推送上限', '自动来源'])
  await page.goto('agency#/settings?tab=limits')
  const row = page.locator('.limits li').first()
  const uscc = await row.locator('.soft').textContent()
  const before = await page.evaluate(async (code) => (await fetch(`./v1/enterprises/${code}`)).json(), uscc)
  await row.locator('[name=weekly]').fill('3')
  await row.locator('button').click()
  await page.waitForSelector('[role=status]:has-text("已保存")')
  const kept = await page.evaluate(async (code) => (await fetch(`./v1/enterprises/${code}`)).json(), uscc)
  assert.deepEqual(kept.push, { ...before.push, weekly_limit: 3 }, 'what was not touched stays')
})

test('two people at one card: the second is told', async () => {
  const [one, other] = await Promise.all([openPage(browser, world), openPage(browser, world)])
  await comeIn(one, '小李')
  await comeIn(other, '林管')
  for (const page of [one, other]) {
    await page.goto('agency#/follow')
    await page.locator('.follow-card button').first().click()
    await page.waitForSelector('[name=note]')
  }
  await one.fill('[name=note]', '先到')
  await one.click('[name=save]')
  await one.waitForSelector('.step-list p:has-text("先到")')
  await other.fill('[name=note]', '后到')
  await other.click('[name=save]')
  await other.waitForSelector('dialog [role=alert]')
})
