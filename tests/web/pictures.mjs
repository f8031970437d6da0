// pictures.mjs - a picture of every page of every desk, in both languages and three widths, into docs/img; `make screenshots`.
import { mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { comeByInvitation, makeWorld, openBrowser, openPage, signIn } from './lib.mjs'

const folder = fileURLToPath(new URL('../../docs/img/', import.meta.url))
const widths = { 360: 780, 1280: 860, 1920: 1080 }
const world = await makeWorld()
const browser = await openBrowser()

// A forecast takes seconds, and one answer may lead to the next question: until the page has said for a while that nothing is on its way.
function isWhole() {
  const waits = document.querySelector('[aria-busy=true]') || /载入中…|Loading…/.test(document.body.innerText)
  globalThis.wholeSince = waits ? undefined : (globalThis.wholeSince ?? performance.now())
  return !waits && performance.now() - globalThis.wholeSince > 1000
}

async function shoot(page, name) {
  await page.waitForLoadState('networkidle')
  await page.evaluate(() => (globalThis.wholeSince = undefined))
  await page.waitForFunction(isWhole, null, { timeout: 60_000 })
  await page.screenshot({ path: `${folder}${name}.jpg`, type: 'jpeg', quality: 80 })
}

// What is empty until something is chosen.
const chosen = {
  '#/evidence': '#/evidence/jinjiang-2023-6/needs?agency=JJ01',
  '#/compare': '#/compare?before=2025-06-30&metric=needs&agency=JJ01',
}

// The pages that a desk's own list leads to.
async function shootDesk(page, desk, suffix) {
  const links = await page.locator('nav a').evaluateAll((all) => all.map((one) => one.getAttribute('href')))
  for (const href of links) {
    await page.goto(desk + (chosen[href] ?? href))
    await shoot(page, `${desk}-${href.split('/').pop()}-${suffix}`)
  }
}

async function shootAll(language, width) {
  const suffix = `${language}-${width}`
  const options = { language, width: Number(width), height: widths[width] }
  for (const [desk, name] of [['agency', '林管'], ['official', '陈科']]) {
    const page = await openPage(browser, world, options)
    await page.goto('sign-in')
    if (desk === 'agency') await shoot(page, `sign-in-${suffix}`)
    await signIn(page, world, name)
    await page.waitForSelector('nav a')
    await shootDesk(page, desk, suffix)
    await page.context().close()
  }
  const page = await openPage(browser, world, options)
  await comeByInvitation(page, world)
  await shootDesk(page, 'inbox', suffix)
  await page.goto('inbox#/leads')
  await page.locator('article h2 a').first().click()
  await shoot(page, `inbox-lead-${suffix}`)
  await page.context().close()
}

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const language of ['zh', 'en']) for (const width of Object.keys(widths)) await shootAll(language, width)
await browser.close()
await world.close()
