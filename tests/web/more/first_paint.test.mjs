// What a page shows before its script runs: the same words at the same places as afterwards, in the language and colours of whoever asks;
// nothing moves when the script takes over. And what the pages write numbers with, beside the browser's own.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { checkAccess, checkQuiet, comeByInvitation, makeWorld, openBrowser, openPage, signIn } from '../lib.mjs'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const desks = { agency: (page, world) => signIn(page, world, '林管'), official: (page, world) => signIn(page, world, '陈科'), inbox: comeByInvitation }
let world, browser

before(async () => {
  world = await makeWorld()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await world?.close()
})

// Words and places of what stays: head, ways around, title of the page.
const seen = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('.brand, header strong, .choices button, .sign-out, nav a, h1, .lede')].map((one) => {
      const { x, y, height } = one.getBoundingClientRect()
      const text = [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join('')
      return `${text} @${Math.round(x)},${Math.round(y)} ${one.matches('h1') ? '' : Math.round(height)}`
    }),
  )

async function withoutScripts(state, path, size) {
  const context = await browser.newContext({ baseURL: `${world.address}/`, storageState: state, viewport: size, javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(path)
  // What says that scripts are needed stands above everything else; it is not there for those who have them.
  const frame = await page.evaluate(() => (document.querySelector('noscript').remove(), document.documentElement.lang)).catch(() => null)
  assert.ok(frame, `${path}: without scripts`)
  const came = { language: frame, frame: await seen(page), body: await page.evaluate(() => getComputedStyle(document.body).backgroundColor) }
  await context.close()
  return came
}

for (const [path, come] of Object.entries(desks))
  test(`${path}: the frame in its HTML is what the script shows, word for word, place for place`, async () => {
    for (const [language, width] of [['zh', 1280], ['en', 1280], ['zh', 360]]) {
      const size = { width, height: 860 }
      const page = await openPage(browser, world, { language, ...size })
      await come(page, world)
      await page.goto(path)
      await page.waitForLoadState('networkidle')
      const state = await page.context().storageState()
      const frame = await withoutScripts(state, path, size)
      assert.equal(frame.language, language === 'zh' ? 'zh-CN' : 'en')
      assert.deepEqual(frame.frame, await seen(page), `${path} ${language} ${width}`)
      checkQuiet(page, path)
      await page.context().close()
    }
  })

test('nothing moves while a page comes up', async () => {
  for (const [path, come] of Object.entries(desks)) {
    const page = await openPage(browser, world)
    await come(page, world)
    await page.addInitScript(() => {
      globalThis.moved = 0
      new PerformanceObserver((list) => list.getEntries().forEach((one) => (globalThis.moved += one.value))).observe({ type: 'layout-shift', buffered: true })
    })
    await page.goto('about:blank')
    await page.goto(path)
    await page.waitForLoadState('networkidle')
    assert.ok((await page.evaluate(() => globalThis.moved)) < 0.01, `${path}: ${await page.evaluate(() => globalThis.moved)}`)
    await page.context().close()
  }
})

test('language and colours that somebody chose are there before any script, and go back', async () => {
  const page = await openPage(browser, world)
  await page.goto('sign-in')
  await page.click('.choices button')
  await page.waitForSelector('h1:text("Sign in")')
  await page.selectOption('.choices select', 'dark')
  await checkAccess(page, 'sign-in, chosen')
  const chosen = await withoutScripts(await page.context().storageState(), 'sign-in', { width: 1280, height: 860 })
  assert.equal(chosen.language, 'en')
  assert.equal(chosen.body, 'rgb(18, 22, 28)')
  await page.selectOption('.choices select', 'auto')
  await page.click('.choices button')
  await page.waitForSelector('h1:text("登录")')
  assert.deepEqual(await page.context().cookies(), [], 'whoever chose nothing has no cookie of it')
  checkQuiet(page, 'sign-in')
  await page.context().close()
})

test('another page of a desk does not begin with the head of the first', async () => {
  const page = await openPage(browser, world)
  await signIn(page, world, '林管')
  await page.addInitScript(() => {
    globalThis.heads = new Set()
    const look = () => (document.querySelectorAll('main h1').forEach((one) => globalThis.heads.add(one.textContent)), requestAnimationFrame(look))
    requestAnimationFrame(look)
  })
  await page.goto('about:blank')
  await page.goto('agency#/leads')
  await page.waitForSelector('h1:text("线索审核")')
  assert.equal(await page.locator('main h1').count(), 1)
  await page.context().close()
})

test('numbers, money and days are written as the browser’s own formatters write them', async () => {
  const require = createRequire(`${root}build/npm/`)
  const { transformSync } = createRequire(require.resolve('vite'))('esbuild')
  const { code } = transformSync(readFileSync(`${root}service/web/src/shared/format.ts`, 'utf8'), { loader: 'ts' })
  const format = await import(`data:text/javascript,${encodeURIComponent(code)}`)
  const of = (options) => new Intl.NumberFormat('zh-CN', options)
  const two = of({ minimumFractionDigits: 2, maximumFractionDigits: 2 })
  const minute = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' })
  const values = [0, 5, 99, 100, 999, 1000, 12345, 50000000, 123456789, 1000000, 999999, 8_000_000_000_001]
  for (const value of values.flatMap((one) => [one, -one]).filter((one) => !Object.is(one, -0))) {
    assert.equal(format.number(value), of().format(value))
    assert.equal(format.yuan(value), two.format(value / 100))
    assert.equal(format.wanYuan(value), of({ maximumFractionDigits: 6 }).format(value / 1e6))
  }
  assert.equal(format.number(1234.5678), of().format(1234.5678))
  for (const part of [0, 0.004, 0.126, 0.5, 0.994, 1, 12.3]) assert.equal(format.percent(part), of({ style: 'percent' }).format(part))
  for (const moment of ['2026-03-01T16:30:00Z', '2026-02-28 15:59:59.123+00', '1992-01-01T00:00:00Z', '1991-07-01T16:30:00Z', '1970-01-01T00:00:00Z', '2024-02-28T20:00:00Z'])
    assert.equal(format.minute(moment), minute.format(new Date(moment.replace(' ', 'T').replace(/\+00$/, '+00:00'))), moment)
  assert.equal(format.day('2026-03-01T16:30:00Z'), '2026-03-02')
  assert.equal(format.day('2026-03-01'), '2026-03-01')
})
