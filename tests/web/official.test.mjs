// The official's desk: numbers are those of the interface and of the commands; a row is rejected and accepted again; a snapshot is taken,
// and a copy of it that was altered is found out in the browser, as by the program and by the checker in Python.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { checkAccess, checkQuiet, makeWorld, openBrowser, openPage, signIn, typeDay } from './lib.mjs'
import { alterations, byProgram, byPython } from './snapshot_alter.mjs'

let world, browser, page, folder
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patbridge-official-'))
  world = await makeWorld()
  browser = await openBrowser()
  page = await openPage(browser, world)
  await signIn(page, world, '陈科')
})
after(async () => {
  await browser?.close()
  await world?.close()
  rmSync(folder, { recursive: true, force: true })
})

const plain = (text) => Number(text.replaceAll(',', ''))
const numbers = { counted: 'value', threshold: 'threshold', missing: 'missing', literal: 'literal', late: 'late', unknown: 'unknown', invented: 'invented' }
const ask = (path) => page.evaluate(async (of) => (await fetch(`./v1/${of}`)).json(), path)

/** What the page shows of the clause that is open: {metric: {counted, …}}. */
function shown() {
  return page.$$eval('tr[data-metric]', (rows) =>
    Object.fromEntries(rows.map((row) => [row.dataset.metric, Object.fromEntries([...row.querySelectorAll('[data-number]')].map((cell) => [cell.dataset.number, cell.textContent]))])),
  )
}

async function compareWith(figures, what) {
  const clause = figures.clauses.find((one) => one.id === '4.2' && one.agency === 'JJ01')
  await page.waitForFunction(([metric, value]) => document.querySelector(`tr[data-metric=${metric}] [data-number=counted]`)?.textContent.replaceAll(',', '') === String(value), ['needs', clause.items.find((item) => item.metric === 'needs').value])
  const seen = await shown()
  assert.deepEqual(Object.keys(seen), clause.items.map((item) => item.metric), what)
  for (const item of clause.items)
    for (const [name, member] of Object.entries(numbers)) assert.equal(plain(seen[item.metric][name]), item[member], `${what}: ${item.metric} ${name}`)
}

test('at a glance: every number is the interface’s and the command’s, and a link with a day shows that day', async () => {
  await page.goto('official#/overview?clause=4.2&agency=JJ01')
  await compareWith(await ask('track'), 'as the interface has it')
  await compareWith(world.cli('track'), 'as the command has it')
  assert.match(await page.textContent('.answer'), /不成立/)
  assert.equal(await page.locator('.matrix tbody tr').count(), 11, 'every clause')
  await checkAccess(page, 'overview')
  const other = await openPage(browser, world)
  await signIn(other, world, '何科')
  await typeDay(page, 'as_of', '2025-06-30')
  await page.waitForURL(/as_of=2025-06-30/)
  await compareWith(world.cli('track', '--as-of', '2025-06-30'), 'that day')
  await other.goto(page.url())
  const there = (await shown()).needs.counted
  await other.waitForFunction((value) => document.querySelector('tr[data-metric=needs] [data-number=counted]')?.textContent === value, there)
  assert.equal(await other.inputValue('input[name=as_of]'), '2025-06-30', 'the same by the link')
  checkQuiet(other, 'the link')
  await other.context().close()
})

const figure = () => page.textContent('.figure[data-agency=JJ01] [data-number=counted]').then(plain)

async function decide(key, verdict, reason, becomes) {
  await page.check(`tr[data-key="${key}"] input[type=checkbox]`)
  await page.selectOption('select[name=verdict]', verdict)
  await page.fill('.decide input[name=reason]', reason)
  await page.click('.decide button[type=submit]')
  await page.waitForFunction((value) => document.querySelector('.figure [data-number=counted]')?.textContent === value, String(becomes))
}

test('a figure opens; a row that is rejected counts no more, says by whom and why, and counts again once accepted', async () => {
  await page.goto('official#/overview?clause=4.2&agency=JJ01')
  await page.click('tr[data-metric=needs] a')
  await page.waitForSelector('tr[data-key]')
  const was = await figure()
  assert.equal(was, world.cli('track').clauses.find((one) => one.id === '4.2' && one.agency === 'JJ01').items.find((item) => item.metric === 'needs').value)
  const key = await page.getAttribute('tr[data-key]', 'data-key')
  await decide(key, 'reject', '与现场核实不符', was - 1)
  await page.waitForSelector(`tr[data-key="${key}"]`, { state: 'detached' }) // not among those that count; rows may come after the figure
  await page.click('button[data-show=left-out]')
  await page.waitForSelector(`tr[data-key="${key}"]`)
  assert.match(await page.textContent(`tr[data-key="${key}"]`), /已否决|否决/)
  await page.click(`tr[data-key="${key}"] button[aria-expanded]`)
  await page.waitForSelector('.decisions li')
  assert.match(await page.textContent('.decisions li'), /否决.*与现场核实不符.*陈科/s)
  await checkAccess(page, 'evidence')
  await decide(key, 'accept', '补充材料后属实', was)
  checkQuiet(page, 'evidence')
})

test('a file is chosen in the page’s language, by keyboard', async () => {
  await page.goto('official#/snapshots')
  await page.waitForLoadState('networkidle')
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByLabel('选择文件').press('Enter')])
  assert.equal(chooser.isMultiple(), false)
})

async function verdictOf(text, name) {
  const file = join(folder, name)
  writeFileSync(file, text)
  await page.setInputFiles('input[name=snapshot]', file)
  const found = page.locator(`.verdict[data-file="${name}"]`)
  await found.waitFor()
  return { file, good: (await found.getAttribute('data-good')) === 'true', line: await found.getAttribute('data-line'), signature: await found.getAttribute('data-signature'), text: await found.textContent() }
}

test('a snapshot is taken, sent and verified here without the server; whatever is altered in it is named as by the program', async () => {
  await page.goto('official#/snapshots')
  await page.click('button[name=take]')
  const head = await page.textContent('.head pre')
  assert.match(head, /^patbridge-head\/1\n/)
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('a[download="snapshot-1.txt"]')])
  const whole = readFileSync(await download.path())
  await page.fill('textarea[name=kept]', head)
  await page.context().setOffline(true) // nothing is asked of the server
  const seen = await verdictOf(whole, 'whole.txt')
  assert.equal(seen.good, true, seen.text)
  assert.equal(seen.signature, 'good', 'this browser knows Ed25519')
  assert.match(seen.text, /与保存的链头一致/)
  assert.equal(byProgram(world, seen.file).good, true)
  assert.equal(byPython(seen.file).good, true)
  for (const { name, text, unsigned } of alterations(whole.toString())) {
    const here = await verdictOf(text, `${name}.txt`)
    const there = byProgram(world, here.file)
    assert.equal(here.good, false, `${name}: found out`)
    assert.equal(there.good, false, `${name}: by the program, too`)
    assert.equal(`line ${here.line}`, /^line \d+/.exec(there.trouble)[0], `${name}: the same line`)
    assert.equal(byPython(here.file).good, unsigned === true, `${name}: and by the checker in Python, but for signatures`)
  }
  await page.context().setOffline(false)
  await checkAccess(page, 'snapshots')
})
