// Days: the calendar speaks the page's language, is worked by keyboard, by click and by typing, and what is chosen changes the figures or goes into
// the form; it comes by itself, nothing moves when it does, and a page works without it.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { checkAccess, checkQuiet, dayField, makeWorld, openBrowser, openPage, signIn, typeDay } from '../lib.mjs'

const root = fileURLToPath(new URL('../../..', import.meta.url))
let world, browser

before(async () => {
  world = await makeWorld()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await world?.close()
})

const overview = 'official#/overview?clause=4.2&agency=JJ01'
const calendar = (page) => page.locator('.date-calendar:visible')
const textsOf = async (page, what) => {
  await calendar(page).waitFor()
  return (await calendar(page).locator(what).allInnerTexts()).map((one) => one.trim())
}
const headOf = (page) => textsOf(page, '.el-date-picker__header-label')
const weekOf = (page) => textsOf(page, 'th')

async function seesNeedsOf(page, day) {
  const clause = world.cli('track', '--as-of', day).clauses.find((one) => one.id === '4.2' && one.agency === 'JJ01')
  const value = String(clause.items.find((item) => item.metric === 'needs').value)
  await page.waitForURL(new RegExp(`as_of=${day}`))
  await page.waitForFunction((of) => document.querySelector('tr[data-metric=needs] [data-number=counted]')?.textContent.replaceAll(',', '') === of, value)
}

test('the calendar of a Chinese page is Chinese; a day chosen by click, by keyboard or typed changes the figures', async () => {
  const page = await openPage(browser, world)
  await signIn(page, world, '陈科')
  await page.goto(`${overview}&as_of=2025-06-15`)
  await (await dayField(page, 'as_of')).click()
  assert.deepEqual(await headOf(page), ['2025 年', '6 月'])
  assert.deepEqual(await weekOf(page), ['一', '二', '三', '四', '五', '六', '日'])
  assert.equal(await calendar(page).getAttribute('aria-label'), '截至日')
  await checkAccess(page, 'an open calendar')
  await calendar(page).locator('td.available').getByText('30', { exact: true }).click()
  await seesNeedsOf(page, '2025-06-30')
  await (await dayField(page, 'as_of')).press('ArrowDown')
  await calendar(page).locator('td:focus').waitFor()
  for (const key of ['ArrowUp', 'ArrowLeft']) await page.keyboard.press(key)
  assert.match(page.url(), /as_of=2025-06-30/, 'nothing is asked on the way')
  await page.keyboard.press('Enter')
  await seesNeedsOf(page, '2025-06-22')
  await typeDay(page, 'as_of', '2025年3月1日')
  await seesNeedsOf(page, '2025-03-01')
  checkQuiet(page, 'overview')
  await page.context().close()
})

test('another language, another calendar, without the page being loaded anew', async () => {
  const page = await openPage(browser, world, { language: 'en', dark: true, width: 360 })
  await signIn(page, world, '陈科')
  await page.goto(`${overview}&as_of=2025-06-15`)
  await (await dayField(page, 'as_of')).click()
  assert.deepEqual(await headOf(page), ['2025', 'June'])
  assert.deepEqual(await weekOf(page), ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'])
  const { x, width } = await calendar(page).boundingBox()
  assert.ok(x >= 0 && x + width <= 360, 'nothing cut off')
  await checkAccess(page, 'an open calendar, dark')
  await page.keyboard.press('Escape')
  await calendar(page).waitFor({ state: 'detached' })
  await page.click('.choices button')
  await page.waitForSelector('h1:text("总览")')
  await page.waitForFunction(() => document.querySelector('.el-date-picker__header-label')?.textContent.includes('年'))
  await (await dayField(page, 'as_of')).click()
  assert.deepEqual(await weekOf(page), ['一', '二', '三', '四', '五', '六', '日'])
  checkQuiet(page, 'overview')
  await page.context().close()
})

test('in a dialog: Escape closes the calendar alone; what is no day, or later than allowed, is not taken', async () => {
  const page = await openPage(browser, world)
  await signIn(page, world, '林管')
  await page.goto('agency#/follow')
  await page.locator('.follow-card button').first().click()
  await (await dayField(page, 'due')).click()
  await calendar(page).locator('td.available').first().waitFor()
  await checkAccess(page, 'a calendar in a dialog')
  await page.keyboard.press('Escape')
  await calendar(page).waitFor({ state: 'detached' })
  assert.equal(await page.locator('dialog[open]').count(), 1)
  for (const [text, taken] of [['20261201', '2026-12-01'], ['2026-02-31', '2026-12-01'], ['x', '2026-12-01'], ['', ''], ['2026/12/3', '2026-12-03']]) {
    await typeDay(page, 'due', text)
    await page.waitForFunction((of) => document.querySelector('[name=due]').value === of, taken)
  }
  await page.click('[name=save]')
  await page.waitForSelector('.step-list >> text=2026-12-03')
  await page.click('[name=deal]')
  assert.equal(await (await dayField(page, 'contract_date')).evaluate((one) => one.required && !one.validity.valid), true, 'needed, as the other fields')
  const official = await openPage(browser, world)
  await signIn(official, world, '陈科')
  await official.goto('official#/compare')
  await typeDay(official, 'known_at', '2999-01-01')
  await official.waitForFunction(() => document.querySelector('[name=known_at]').value === '')
  assert.doesNotMatch(official.url(), /known_at/)
  for (const one of [page, official]) {
    checkQuiet(one, 'days')
    await one.context().close()
  }
})

test('until the calendar is here a field of the same size takes the day; what somebody has begun goes on, and nothing moves', async () => {
  const page = await openPage(browser, world)
  await signIn(page, world, '陈科')
  let send
  const sent = new Promise((resolve) => (send = resolve))
  await page.route(/CalendarField.*\.js/, async (route) => (await sent, route.continue()))
  await page.goto('official#/compare')
  await page.reload()
  const plain = page.locator('input[name=before]')
  await page.waitForFunction(() => document.querySelector('input[name=before]')?.value)
  const where = () => page.locator('.date-field').evaluateAll((all) => all.flatMap((one) => [one, one.querySelector('input')]).map((one) => JSON.stringify(one.getBoundingClientRect())))
  const was = await where()
  await plain.fill('2025-6-30')
  await plain.press('Enter')
  await page.waitForURL(/before=2025-06-30/)
  await plain.fill('')
  await plain.pressSequentially('2025-05-')
  send()
  await page.waitForSelector('.el-input input[name=before]')
  assert.deepEqual(await where(), was)
  await page.waitForFunction(() => document.activeElement.name === 'before' && document.activeElement.value === '2025-05-')
  await page.keyboard.type('31')
  await page.keyboard.press('Enter')
  await page.waitForURL(/before=2025-05-31/)
  await page.reload()
  await page.click('input[name=as_of]') // whoever presses the plain field wanted the calendar
  assert.equal((await headOf(page)).length, 2)
  checkQuiet(page, 'compare')
  await page.context().close()
})

test('without the calendar a day is typed', async () => {
  const page = await openPage(browser, world)
  await signIn(page, world, '陈科')
  await page.route(/CalendarField.*\.js/, (route) => route.abort())
  await page.goto(overview)
  await page.reload()
  await page.waitForLoadState('networkidle')
  await page.fill('input[name=as_of]', '2025-06-30')
  await page.press('input[name=as_of]', 'Enter')
  await seesNeedsOf(page, '2025-06-30')
  await page.context().close()
})

test('every usual way to write a day is read, and nothing else', async () => {
  const require = createRequire(`${root}build/npm/`)
  const { transformSync } = createRequire(require.resolve('vite'))('esbuild')
  const { code } = transformSync(readFileSync(`${root}service/web/src/shared/days.ts`, 'utf8'), { loader: 'ts' })
  const { dayOf } = await import(`data:text/javascript,${encodeURIComponent(code)}`)
  for (const text of ['2025-06-03', '2025-6-3', ' 2025/06/3 ', '2025.6.3', '20250603', '2025年6月3日', '2025 年 6 月 3 日']) assert.equal(dayOf(text), '2025-06-03', text)
  for (const text of ['', '2025', '2025-06', '2025-02-29', '2025-13-01', '2025-00-10', '03-06-2025', '2025-6-31', '202563', '2025-06-03x']) assert.equal(dayOf(text), null, text)
  assert.equal(dayOf('2024-2-29'), '2024-02-29')
})
