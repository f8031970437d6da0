// More of the official's desk: two officials decide, two days are compared, oddities are looked at, charts have their numbers as a table;
// every page in both languages, light and dark, narrow and wide.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { checkAccess, checkQuiet, makeWorld, openBrowser, openPage, signIn } from '../lib.mjs'

const pages = ['overview', 'evidence/jinjiang-2023-6/needs?show=left-out', 'decisions', 'compare?before=2024-01-01&metric=needs&agency=JJ01', 'snapshots', 'oddities', 'charts']
let world, browser, folder, first, second
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patbridge-policies-'))
  const pack = JSON.parse(readFileSync('deploy/policies/jinjiang-2023-6.json', 'utf8'))
  writeFileSync(join(folder, 'jinjiang-2023-6.json'), JSON.stringify({ ...pack, version: pack.version + 1, four_eyes: ['deal', 'parameter'] }))
  writeFileSync(join(folder, 'successor-template.json'), readFileSync('deploy/policies/successor-template.json'))
  process.env.PATBRIDGE_POLICIES = folder
  world = await makeWorld()
  browser = await openBrowser()
  first = await openPage(browser, world)
  second = await openPage(browser, world)
  await signIn(first, world, '陈科')
  await signIn(second, world, '何科')
})
after(async () => {
  delete process.env.PATBRIDGE_POLICIES
  await browser?.close()
  await world?.close()
  rmSync(folder, { recursive: true, force: true })
})

const ask = (page, path) => page.evaluate(async (of) => (await fetch(`./v1/${of}`)).json(), path)
const plain = (text) => Number(text.replaceAll(',', ''))

test('every page is clean for axe and cuts nothing off, in both languages, light and dark, from 360 to 1920', async () => {
  for (const [language, width, dark] of [['zh', 360, true], ['en', 360, false], ['zh', 1920, false], ['en', 1280, true]]) {
    const page = await openPage(browser, world, { language, width, dark })
    await signIn(page, world, '陈科')
    for (const one of pages) {
      await page.goto(`official#/${one}`)
      await page.waitForSelector('.page h1')
      await page.waitForLoadState('networkidle')
      await checkAccess(page, `${one} ${language} ${width}`)
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${one} ${width}: nothing is cut off`)
    }
    checkQuiet(page, language)
    await page.context().close()
  }
})

test('four eyes: what one proposes waits, is shown to the other, and holds once the other agrees', async () => {
  const deals = (of) => of.clauses.find((one) => one.id === '4.2' && one.agency === 'JJ01').items.find((item) => item.metric === 'deals').value
  const was = deals(await ask(first, 'track'))
  await first.goto('official#/evidence/jinjiang-2023-6/deals?agency=JJ01')
  const key = await first.getAttribute('tr[data-key]', 'data-key')
  await first.check(`tr[data-key="${key}"] input[type=checkbox]`)
  await first.selectOption('select[name=verdict]', 'reject')
  await first.fill('.decide input[name=reason]', '合同复印件不清')
  await first.click('.decide button[type=submit]')
  await first.waitForSelector('.decide [role=status]')
  assert.match(await first.textContent('.decide [role=status]'), /等待另一位/)
  assert.equal(deals(await ask(first, 'track')), was, 'nothing changed yet')
  await first.goto('official#/decisions')
  await first.waitForSelector(`article[data-what="${key}"]`)
  assert.equal(await first.locator(`article[data-what="${key}"] form`).count(), 0, 'nobody agrees with themselves')
  await second.goto('official#/decisions')
  await second.fill(`article[data-what="${key}"] input`, '同意，原件未见')
  await second.click(`article[data-what="${key}"] button`)
  await second.waitForSelector(`article[data-what="${key}"]`, { state: 'detached' })
  assert.equal(deals(await ask(second, 'track')), was - 1, 'it holds')
})

test('a parameter is set by two, and withdrawn by two', async () => {
  await first.goto('official#/decisions')
  await first.click('tr[data-parameter=need_text_min] button')
  await first.fill('input[name=value]', '40')
  await first.fill('form input[name=reason]', '科务会议定')
  await first.click('form button.main:has-text("改定")')
  await first.waitForSelector('article[data-what="4.2/need_text_min"]')
  await second.goto('official#/overview')
  await second.goto('official#/decisions')
  await second.fill('article[data-what="4.2/need_text_min"] input', '同意')
  await second.click('article[data-what="4.2/need_text_min"] button')
  await second.waitForFunction(() => document.querySelector('tr[data-parameter=need_text_min] td .code')?.textContent === '40')
  assert.match(await second.textContent('tr[data-parameter=need_text_min]'), /何科/)
  await second.goto('official#/overview')
  await second.waitForSelector('caption:has-text("主管部门改定")')
  await first.goto('official#/overview')
  await first.goto('official#/decisions')
  await first.click('tr[data-parameter=need_text_min] button')
  await first.fill('form input[name=reason]', '复议')
  await first.click('button:has-text("撤销改定")')
  await first.waitForSelector('article[data-what="4.2/need_text_min"]')
  await second.goto('official#/decisions')
  await second.fill('article[data-what="4.2/need_text_min"] input', '同意')
  await second.click('article[data-what="4.2/need_text_min"] button')
  await second.waitForFunction(() => document.querySelector('tr[data-parameter=need_text_min] td .code')?.textContent === '10')
})

/** A page that says SEEN, as a program would write it. */
function smallPdf() {
  const text = 'BT /F1 48 Tf 60 600 Td (SEEN) Tj ET'
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
  ]
  const body = objects.map((one, i) => `${i + 1} 0 obj\n${one}\nendobj\n`)
  const places = body.map((_, i) => '%PDF-1.4\n'.length + body.slice(0, i).join('').length)
  const start = '%PDF-1.4\n'.length + body.join('').length
  return `%PDF-1.4\n${body.join('')}xref\n0 5\n0000000000 65535 f \n${places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}trailer << /Size 5 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
}

test('papers behind a row are seen and fetched; several rows are decided on at once; the last page is reached', async () => {
  const clerk = await openPage(browser, world)
  await signIn(clerk, world, '小李')
  const pdf = smallPdf()
  const attached = await clerk.evaluate(async (pdf) => {
    const { csrf } = await (await fetch('./v1/session')).json()
    const send = (file, body) => fetch(`./v1/documents?kind=need&key=XQ-2024-001&file=${encodeURIComponent(file)}`, { method: 'POST', headers: { 'Content-Type': 'application/octet-stream', 'X-CSRF-Token': csrf }, body })
    return [(await send('需求确认.txt', '<script>alert(1)</script> 已确认')).status, (await send('合同.pdf', pdf)).status]
  }, pdf)
  assert.deepEqual(attached, [201, 201])
  await first.goto('official#/evidence/jinjiang-2023-6/needs?agency=JJ01')
  await first.click('tr[data-key="XQ-2024-001"] button[aria-expanded]')
  await first.click('.inside button:has-text("查看")')
  await first.waitForSelector('.inside pre')
  assert.equal(await first.textContent('.inside pre'), '<script>alert(1)</script> 已确认', 'as text, never as a page')
  const [download] = await Promise.all([first.waitForEvent('download'), first.click('.inside a[download="合同.pdf"]')])
  assert.equal(readFileSync(await download.path(), 'utf8'), pdf)
  const [shown] = await Promise.all([first.waitForEvent('popup'), first.click('.inside a:has-text("在新标签页查看")')])
  while (!shown.frames().some((frame) => frame.url().startsWith('chrome-extension:'))) await shown.waitForTimeout(100) // the browser's own viewer
  assert.match(shown.url(), /view=true$/)
  await shown.close()
  const was = plain(await first.textContent('.figure [data-number=counted]'))
  const keys = (await first.$$eval('tr[data-key]', (rows) => rows.map((row) => row.dataset.key))).slice(0, 3)
  for (const key of keys) await first.check(`tr[data-key="${key}"] input[type=checkbox]`)
  await first.selectOption('select[name=verdict]', 'withdraw')
  await first.fill('.decide input[name=reason]', '企业撤回')
  await first.click('.decide button[type=submit]')
  await first.waitForFunction((value) => document.querySelector('.figure [data-number=counted]')?.textContent === value, String(was - 3))
  await first.click('button[name=more]')
  await first.waitForFunction((count) => document.querySelectorAll('tr[data-key]').length === count, was - 3 - 50)
  checkQuiet(first, 'papers')
})

test('two days: what came is what the interface and the two figures say, each row with its reason', async () => {
  await first.goto('official#/compare?before=2024-01-01&metric=needs&agency=JJ01')
  await first.waitForSelector('[data-came]')
  const changes = await ask(first, 'changes/jinjiang-2023-6/needs?agency=JJ01&before=2024-01-01&limit=1000')
  const told = world.cli('--agency', 'JJ01', 'changes', 'needs', '--policy', 'jinjiang-2023-6', '--before', '2024-01-01')
  assert.deepEqual([told.came, told.went, told.rows.map((row) => [row.key, row.change])], [changes.came, changes.went, changes.items.map((row) => [row.key, row.change])], 'the command has the same')
  const value = (document) => document.clauses.find((one) => one.id === '4.2' && one.agency === 'JJ01').items.find((item) => item.metric === 'needs').value
  const [then, now] = [world.cli('track', '--as-of', '2024-01-01'), world.cli('track')].map(value)
  assert.equal(Number(await first.getAttribute('[data-came]', 'data-came')), changes.came)
  assert.equal(changes.came - changes.went, now - then, 'and it adds up')
  assert.equal(changes.items.length, changes.came + changes.went)
  const cells = await first.$$eval('tr[data-metric=needs][data-agency=JJ01] .num', (all) => all.map((one) => one.textContent))
  assert.deepEqual(cells.slice(0, 2).map(plain), [then, now])
  const shown = await first.$$eval('tr[data-key]', (rows) => rows.map((row) => [row.dataset.key, row.lastElementChild.textContent]))
  assert.equal(shown.length, 50, 'a page')
  assert.ok(shown.every(([, why]) => why.trim().length > 3), 'each with its reason')
  await first.click('button:has-text("下一页")')
  await first.waitForFunction((key) => document.querySelector('tr[data-key]')?.dataset.key !== key, shown[0][0])
  const next = await first.$$eval('tr[data-key]', (rows) => rows.map((row) => row.dataset.key))
  assert.deepEqual([...shown.map(([key]) => key), ...next], changes.items.slice(0, 50 + next.length).map((row) => row.key))
})

test('an oddity is looked at with a word why, and stays', async () => {
  await first.goto('official#/oddities')
  const listed = await ask(first, 'oddities')
  const command = world.cli('oddities').oddities
  assert.deepEqual(listed.items.map((one) => one.key), command.map((one) => one.key), 'as the command lists them')
  assert.equal(await first.locator('article[data-rule]').count(), listed.items.length)
  const card = first.locator('article[data-rule]').first()
  await card.locator('input[name=reason]').fill('已电话核实')
  await card.locator('form button').click()
  await card.locator('.good').waitFor()
  assert.match(await card.locator('.good').textContent(), /陈科.*已电话核实/s)
  await first.check('input[name=unseen]')
  assert.equal(await first.locator('article[data-rule]').count(), listed.items.length - 1)
})

test('charts: the table beside each has the interface’s numbers', async () => {
  await first.goto('official#/charts')
  await first.waitForSelector('.chart svg')
  const charts = await ask(first, 'charts')
  const table = (at) => first.$$eval(`section:nth-of-type(${at}) tbody tr`, (rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)))
  assert.deepEqual((await table(1)).map(([month, ...rest]) => [month, ...rest.map(plain)]), charts.funnel.map((row) => [row.month, row.pushed, row.opened, row.answered, row.interested, row.deals, row.invented]))
  assert.deepEqual((await table(2)).map((row) => row.slice(1).map(plain)), charts.needs.map((row) => [row.needs, row.invented]))
  assert.deepEqual((await table(4)).map(([month, ...rest]) => [month, ...rest.map(plain)]), charts.late.map((row) => [row.month, row.recorded, row.late, row.invented]))
  assert.ok((await table(3)).some((row) => plain(row[3]) > 0) && charts.funnel.some((row) => row.invented > 0), 'what is invented is said')
  assert.deepEqual(world.cli('charts'), charts, 'the command has the same')
  assert.deepEqual(world.cli('--agency', 'JJ02', 'charts'), await ask(first, 'charts?agency=JJ02'))
  assert.equal(charts.funnel.reduce((sum, row) => sum + row.pushed - row.declared, 0), world.cli('--agency', 'JJ01', 'leads', '--state', 'pushed', '--limit', '100000').length, 'as many as were pushed')
  checkQuiet(first, 'charts')
})

test('who belongs to an agency decides nothing, whatever they ask', async () => {
  const page = await openPage(browser, world)
  await signIn(page, world, '林管')
  const status = await page.evaluate(async () => {
    const { csrf } = await (await fetch('./v1/session')).json()
    const send = (path, body) => fetch(`./v1/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: JSON.stringify(body) })
    const all = [send('decisions', { verdict: 'accept', kind: 'need', keys: ['XQ-2024-001'], reason: '自己认' }), send('snapshots', {}), send('oddities', { rule: 'round_amounts', key: 'JJ01', reason: '没事' })]
    return (await Promise.all(all)).map((answer) => answer.status)
  })
  assert.deepEqual(status, [403, 403, 403])
})
