// The agency's desk where things go badly: needs of 10,000 characters, a slow service, a session that ended, a broken line; and narrow,
// wide, dark, in both languages.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkAccess, checkQuiet, makeWorld, openBrowser, openPage, signIn } from '../lib.mjs'

let world, browser
before(async () => {
  world = await makeWorld()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await world?.close()
})

async function come(options) {
  const page = await openPage(browser, world, options)
  await signIn(page, world, '小李')
  await page.locator('.tile').first().waitFor()
  return page
}
async function openLeads(page, query = '') {
  await page.goto(`agency#/leads${query}`)
  await page.reload()
  await page.locator('.lead-sides').waitFor()
}
const current = (page) => page.getAttribute('.lead-row[aria-current]', 'data-lead')

test('each page, in both languages, narrow and wide, light and dark: nothing is cut off, axe has nothing to say', async () => {
  for (const [width, language, dark] of [[360, 'zh', false], [360, 'en', true], [1920, 'zh', true], [1920, 'en', false]]) {
    const page = await come({ width, language, dark })
    for (const name of ['today', 'import', 'leads']) {
      await page.goto(`agency#/${name}`)
      await page.locator({ today: '.tile', import: '[data-batch]', leads: '.lead-sides' }[name]).first().waitFor()
      await checkAccess(page, `${name} ${language} ${width}`)
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${name} ${width}: cut off`)
    }
    checkQuiet(page, `${language} ${width}`)
    await page.context().close()
  }
})

test('a need of 10,000 characters is shown folded, unfolds, and keeps the page usable', async () => {
  const text = '轻质发泡鞋底材料，要求回弹率高、密度低、耐磨。'.repeat(460).slice(0, 10000)
  const page = await come()
  const record = { source_id: 'XQ-LONG', enterprise_uscc: world.uscc, title: '长需求', text, valid_from: '2025-01-01' }
  const csrf = (await (await page.request.get('v1/session')).json()).csrf
  const put = await page.request.put('v1/needs/XQ-LONG', { data: record, headers: { 'X-CSRF-Token': csrf, Origin: world.address } })
  assert.equal(put.status(), 201)
  world.cli('--agency', 'JJ01', 'match')
  await openLeads(page, '?need=XQ-LONG')
  const height = () => page.evaluate(() => document.querySelector('.side-text').getBoundingClientRect().height)
  const folded = await height()
  await page.keyboard.press(' ')
  assert.ok((await height()) > 5 * folded && folded < 300)
  assert.equal((await page.textContent('.side-text')).trim().length, 10000)
  await page.context().close()
})

test('a slow service: a decision that is pressed three times is sent once, and the page says that it waits', async () => {
  const page = await come()
  await openLeads(page)
  const lead = await current(page)
  let sent = 0
  await page.route('**/accept', async (route) => {
    sent++
    await new Promise((resolve) => setTimeout(resolve, 1500))
    await route.continue()
  })
  for (let i = 0; i < 3; i++) await page.keyboard.press('a')
  await page.locator('.undo button').waitFor()
  assert.equal(sent, 1)
  await page.keyboard.press('u')
  await page.getByText('已撤销').waitFor()
  assert.equal((await (await page.request.get(`v1/leads/${lead}`)).json()).state, 'proposed')
  await page.context().close()
})

test('a browser that closes after a decision loses nothing', async () => {
  const page = await come()
  await openLeads(page)
  const lead = await current(page)
  await page.keyboard.press('a')
  await page.locator('.undo button').waitFor()
  await page.context().close()
  const other = await come()
  const now = await (await other.request.get(`v1/leads/${lead}`)).json()
  assert.deepEqual([now.state, now.decided_by], ['accepted', '小李'])
  await other.context().close()
})

test('a broken line says so and nothing is decided; a session that ended leads to signing in, and back', async () => {
  const page = await come()
  await openLeads(page)
  const lead = await current(page)
  await page.context().setOffline(true)
  await page.keyboard.press('a')
  await page.getByText('连不上服务').waitFor()
  await page.context().setOffline(false)
  assert.equal((await (await page.request.get(`v1/leads/${lead}`)).json()).state, 'proposed')
  const csrf = (await (await page.request.get('v1/session')).json()).csrf
  await page.request.delete('v1/session', { headers: { 'X-CSRF-Token': csrf, Origin: world.address } })
  await page.keyboard.press('a')
  await page.waitForURL(/sign-in\?next=agency/)
  await page.fill('input[name=username]', '小李')
  await page.fill('input[name=password]', world.password)
  await page.click('button[type=submit]')
  await page.waitForURL(/agency#\/leads/)
  await page.context().close()
})

test('keys can be switched off, and typing in a field is no command', async () => {
  const page = await come()
  await openLeads(page)
  const lead = await current(page)
  await page.fill('.filters input', 'ajr')
  await page.locator('.key-help input').uncheck()
  await page.keyboard.press('j')
  await page.keyboard.press('a')
  assert.equal(await page.locator('.undo button').count(), 0)
  assert.equal((await (await page.request.get(`v1/leads/${lead}`)).json()).state, 'proposed')
  await page.context().close()
})

test('columns that are not recognised are sent to fields by hand, once for all files with that header', async () => {
  const page = await come()
  const csv = (n) => ({ name: '清单.csv', mimeType: 'text/csv', buffer: Buffer.from(`甲号,统一社会信用代码,啥名,要啥,哪天\nXQ-M-${n},${world.uscc},鞋底耐磨 ${n},提高橡胶鞋底耐磨性能的配方与工艺,2025-01-01\n`) })
  await page.goto('agency#/import')
  await page.setInputFiles('input[type=file]', csv(1))
  await page.locator('.job select').first().selectOption('needs')
  const fields = { 甲号: 'source_id', 啥名: 'title', 要啥: 'text', 哪天: 'valid_from' }
  await page.locator('.job summary', { hasText: '自己指定' }).waitFor()
  if (!(await page.locator('.job form').isVisible())) await page.locator('.job summary', { hasText: '自己指定' }).click()
  for (const [header, field] of Object.entries(fields)) await page.selectOption(`[data-column="${header}"]`, field)
  await page.getByLabel('起个名字').fill('某处清单')
  await page.getByRole('button', { name: '保存并重新读取' }).click()
  await page.getByText('按保存的对应关系').waitFor()
  await page.getByRole('button', { name: '导入', exact: true }).click()
  await page.getByText('已导入').waitFor()
  assert.equal((await (await page.request.get('v1/needs/XQ-M-1')).json()).title, '鞋底耐磨 1')
  await page.locator('[data-batch]').first().getByRole('button', { name: '撤回' }).click()
  await page.locator('dialog .go').click()
  await page.getByText('撤回 1 条').waitFor()
  assert.equal((await page.request.get('v1/needs/XQ-M-1')).status(), 404)
  await page.context().close()
})
