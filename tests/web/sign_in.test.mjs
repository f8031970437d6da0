// Who comes in by the page: the right desk for each, a wrong password, a page that was asked for before, signing out.
import assert from 'node:assert/strict'
import { get } from 'node:http'
import { after, before, test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { checkAccess, checkQuiet, makeWorld, openBrowser, openPage, signIn } from './lib.mjs'

let world, browser
before(async () => {
  world = await makeWorld()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await world?.close()
})

/** Bytes as they were sent, and how they are compressed. */
const sent = (path, coding) =>
  new Promise((resolve, reject) =>
    get(`${world.address}/${path}`, { headers: { 'Accept-Encoding': coding } }, (answer) => {
      const parts = []
      answer.on('data', (part) => parts.push(part))
      answer.on('end', () => resolve({ coding: answer.headers['content-encoding'], varies: answer.headers.vary, bytes: Buffer.concat(parts) }))
    }).on('error', reject),
  )

test('every form in which a page is sent is the same page', async () => {
  for (const page of ['sign-in', 'inbox', 'agency', 'official']) {
    const html = (await sent(page, 'identity')).bytes.toString()
    for (const path of [page, ...html.match(/assets\/[^"]+/g)]) {
      const [plain, packed, smallest] = [await sent(path, 'identity'), await sent(path, 'gzip'), await sent(path, 'gzip, deflate, br')]
      assert.deepEqual([plain.coding, packed.coding, smallest.coding], [undefined, 'gzip', 'br'], path)
      assert.match(smallest.varies, /Accept-Encoding/)
      assert.ok(gunzipSync(packed.bytes).equals(plain.bytes) && brotliDecompressSync(smallest.bytes).equals(plain.bytes), path)
    }
  }
})

test('each role comes to its own desk, and the page has nothing to complain of', async () => {
  for (const [name, desk] of [['林管', 'agency'], ['小李', 'agency'], ['根管理', 'agency'], ['陈科', 'official']]) {
    const page = await openPage(browser, world)
    await signIn(page, world, name)
    assert.match(page.url(), new RegExp(`/${desk}`))
    checkQuiet(page, name)
    await page.context().close()
  }
})

test('the sign-in page is clean for axe in both languages, light and dark, narrow and wide', async () => {
  for (const language of ['zh', 'en'])
    for (const [width, dark] of [[360, false], [1920, true]]) {
      const page = await openPage(browser, world, { language, width, dark })
      await page.goto('sign-in')
      await page.waitForSelector('h1')
      await checkAccess(page, `sign-in ${language} ${width}`)
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, 'nothing is cut off')
      checkQuiet(page, 'sign-in')
      await page.context().close()
    }
})

test('a wrong password says so and tells nothing else; the right one leads to the page that was asked for', async () => {
  const page = await openPage(browser, world)
  await page.goto('agency#/leads')
  await page.waitForURL(/sign-in/)
  await page.fill('input[name=username]', '小李')
  await page.fill('input[name=password]', '不是这个密码')
  await page.click('button[type=submit]')
  assert.match(await page.textContent('[role=alert]'), /不对/)
  await page.fill('input[name=password]', world.password)
  await page.click('button[type=submit]')
  await page.waitForURL(/agency#\/leads/)
})

test('a desk is not for everybody, and signing out ends it', async () => {
  const page = await openPage(browser, world)
  await signIn(page, world, '小李')
  await page.goto('official')
  await page.waitForURL(/agency/)
  const session = await page.evaluate(async () => (await fetch('./v1/session')).json())
  const left = await page.request.delete('v1/session', { headers: { 'X-CSRF-Token': session.csrf, Origin: world.address } })
  assert.equal(left.status(), 200)
  await page.goto('agency')
  await page.waitForURL(/sign-in/)
})

test('nothing secret is kept where a script can read it', async () => {
  const page = await openPage(browser, world)
  await signIn(page, world, '小李')
  const kept = await page.evaluate(() => ({ local: { ...localStorage }, session: { ...sessionStorage }, cookie: document.cookie }))
  assert.deepEqual(Object.keys(kept.local).sort(), ['patbridge.language', 'patbridge.signedIn', 'patbridge.theme'])
  assert.deepEqual(kept.session, {})
  assert.equal(kept.cookie, '')
})
