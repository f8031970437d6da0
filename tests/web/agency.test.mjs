// The agency's desk, end to end: a workbook dropped, loaded, and a count that moved; leads decided by keyboard, undone, and by two
// people at once; refused rows mended where they stand; numbers equal to the interface's and the command's; nothing runs as a script.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { checkAccess, checkQuiet, makeWorld, openBrowser, openPage, signIn } from './lib.mjs'

const EVIL = '<script>window.evil = 1</script><img src=x onerror="window.evil = 2">'
let world, browser, clerk

function makeBook(lines) {
  const path = join(mkdtempSync(join(tmpdir(), 'patbridge-book-')), '需求汇总.xlsx')
  execFileSync('python3', ['tests/tools/make_book.py', path], { input: lines.join('\n') })
  return path
}
const get = async (page, path) => (await page.request.get(`v1/${path}`)).json()

/** What was refused on purpose stands on the browser's console, too. */
function expected(page, status) {
  assert.ok(page.faults.some((fault) => status.test(fault)))
  page.faults.splice(0, Infinity, ...page.faults.filter((fault) => !status.test(fault)))
}

before(async () => {
  world = await makeWorld()
  browser = await openBrowser()
  clerk = await openPage(browser, world)
  await signIn(clerk, world, '小李')
})
after(async () => {
  await browser?.close()
  await world?.close()
})

test('today: each number is the interface’s, one click from what it counts', async () => {
  await clerk.goto('agency#/today')
  await clerk.waitForSelector('.tile')
  const today = await get(clerk, 'today')
  for (const name of ['leads_to_review', 'answers_to_follow', 'refused_rows', 'dead_letters', 'needs_ending'])
    assert.equal((await clerk.textContent(`[data-count=${name}] strong`)).replaceAll(',', ''), String(today[name]), name)
  const proposed = world.cli('--agency', 'JJ01', 'leads', '--state', 'proposed', '--limit', '100000')
  assert.equal(today.leads_to_review, proposed.length, 'the command counts as many')
  await checkAccess(clerk, 'today')
  await clerk.click('[data-count=leads_to_review]')
  await clerk.waitForURL(/leads/)
})

test('a workbook that is dropped is looked at, tried, loaded, and moves a count; a refused row is mended in place', async () => {
  const uscc = world.uscc
  const book = makeBook([
    'sheet 需求', 'row 需求编号 | 统一社会信用代码 | 需求名称 | 需求描述 | 发布日期 | 我们的备注',
    `row XQ-DROP-1 | ${uscc} | ${EVIL} | 想找一种轻质发泡鞋底材料的制备方法，要求回弹率高于百分之六十，密度低，耐磨，可用超临界二氧化碳发泡，并能在低温下保持弹性，适合跑鞋中底的连续生产，良品率高 | 2025-01-01 | 甲`,
    `row XQ-DROP-2 | ${uscc} | 鞋底耐磨 | 想找一种提高橡胶鞋底耐磨性能的配方与工艺，磨耗体积要低，并且止滑 | 不是日期 | 乙`,
  ])
  await clerk.goto('agency#/import')
  await clerk.waitForSelector('.drop')
  await checkAccess(clerk, 'import')
  const before = (await get(clerk, 'needs?limit=1000')).items.length
  await clerk.setInputFiles('input[type=file]', book)
  const job = clerk.locator('.job')
  await job.getByText('我们的备注').first().waitFor()
  assert.equal(await job.locator('select').first().inputValue(), 'needs')
  await job.getByRole('button', { name: '试导入' }).click()
  await job.getByText('没有写入').waitFor()
  assert.equal((await get(clerk, 'needs?limit=1000')).items.length, before, 'a dry run writes nothing')
  await checkAccess(clerk, 'import, with a preview')
  await job.getByRole('button', { name: '导入', exact: true }).click()
  await job.getByText('已导入').waitFor()
  assert.match(await job.locator('[data-count=new]').textContent(), / 1$/)
  assert.match(await job.locator('[data-count=refused]').textContent(), / 1$/)
  assert.equal((await get(clerk, 'needs?limit=1000')).items.length, before + 1)

  const row = clerk.locator('.refused-rows > li')
  await row.waitFor()
  assert.equal((await get(clerk, 'today')).refused_rows, 1)
  await checkAccess(clerk, 'import, with refused rows')
  await row.locator('.wrong input').fill('也不是')
  await row.getByRole('button', { name: '导入这一行' }).click()
  await row.locator('[role=alert]').waitFor()
  await row.locator('.wrong input').fill('2025-01-01')
  await row.getByRole('button', { name: '导入这一行' }).click()
  await clerk.getByText('拒收的行都已处理').waitFor()
  assert.equal((await get(clerk, 'today')).refused_rows, 0)
  assert.equal((await get(clerk, 'needs?limit=1000')).items.length, before + 2)
  assert.equal((await get(clerk, 'needs/XQ-DROP-1')).title, EVIL)
  assert.ok(JSON.stringify(world.cli('--agency', 'JJ01', 'show', 'need', 'XQ-DROP-1')).includes('window.evil = 1'), 'the command has it, too')
  expected(clerk, /422/)
  assert.equal(await clerk.evaluate(() => window.evil), undefined)
})

test('a need that came in counts for the policy once it is accepted, and its leads come up for review', async () => {
  const figure = () => world.cli('--agency', 'JJ01', 'track', '--policy', 'jinjiang-2023-6').clauses
  const metric = (clauses) => clauses.flatMap((clause) => clause.items).find((item) => item.metric === 'needs' || item.id === 'needs')?.value
  const was = metric(figure())
  world.cli('--agency', 'JJ01', 'decide', 'accept', 'need', 'XQ-DROP-1', '--by', '林审', '--reason', '已核实', '--effective', '2025-05-01')
  const is = metric(figure())
  const api = metric((await get(clerk, 'track?policy=jinjiang-2023-6')).clauses)
  assert.equal(is, was + 1)
  assert.equal(api, is)
  world.cli('--agency', 'JJ01', 'match')
  await clerk.goto('agency#/leads?need=XQ-DROP-1')
  await clerk.reload()
  await clerk.locator('.lead-row').first().waitFor()
  await clerk.locator('.lead-sides mark').first().waitFor()
  assert.match(await clerk.textContent('.lead-sides'), /<script>window\.evil/)
  assert.equal(await clerk.evaluate(() => window.evil), undefined)
})

const current = (page) => page.getAttribute('.lead-row[aria-current]', 'data-lead')
async function openLeads(page) {
  await page.goto('agency#/leads')
  await page.reload()
  await page.locator('.lead-sides').waitFor()
}

test('by keyboard alone: j, k, space, a, u, r; the count moves with each', async () => {
  await openLeads(clerk)
  const count = async () => Number((await clerk.textContent('[data-count=leads]')).match(/\d+/)[0])
  const first = await current(clerk), many = await count()
  await clerk.keyboard.press('j')
  const second = await current(clerk)
  assert.notEqual(second, first)
  await clerk.keyboard.press('k')
  assert.equal(await current(clerk), first)
  await clerk.keyboard.press(' ')
  await clerk.locator('.reasons li').first().waitFor()
  await checkAccess(clerk, 'leads, unfolded')
  await clerk.keyboard.press('a')
  await clerk.getByText('秒内可撤销').waitFor()
  assert.equal(await current(clerk), second, 'it goes on by itself')
  assert.equal((await get(clerk, `leads/${first}`)).state, 'accepted', 'the service has it at once')
  world.cli('--agency', 'JJ01', 'push', '--once', '--ignore-quiet')
  assert.equal((await get(clerk, `leads/${first}`)).state, 'accepted', 'nothing is pushed that can be taken back')
  await clerk.waitForFunction((wanted) => document.querySelector('[data-count=leads]')?.textContent?.includes(wanted), String(many - 1))
  await clerk.keyboard.press('u')
  await clerk.getByText('已撤销').waitFor()
  assert.equal((await get(clerk, `leads/${first}`)).state, 'proposed')
  assert.equal(await current(clerk), first)
  await clerk.keyboard.press('r')
  await clerk.locator('dialog').waitFor()
  await checkAccess(clerk, 'why it is rejected')
  await clerk.keyboard.press('2')
  await clerk.locator('dialog').waitFor({ state: 'detached' })
  await clerk.getByText('秒内可撤销').waitFor()
  const said = await get(clerk, `leads/${first}`)
  assert.deepEqual([said.state, said.decided_by, said.decision_reason], ['rejected', '小李', '技术已过时'])
})

test('two people at once: the second is told what the first decided, and nothing is overwritten', async () => {
  const manager = await openPage(browser, world)
  await signIn(manager, world, '林管')
  await Promise.all([openLeads(clerk), openLeads(manager)])
  const lead = await current(clerk)
  assert.equal(await current(manager), lead)
  await clerk.keyboard.press('a')
  await clerk.getByText('秒内可撤销').waitFor()
  await manager.keyboard.press('r')
  await manager.keyboard.press('1')
  const told = await manager.locator('.notice').textContent()
  assert.match(told, /小李.*采纳/)
  const now = await get(clerk, `leads/${lead}`)
  assert.deepEqual([now.state, now.decided_by], ['accepted', '小李'])
  await checkAccess(manager, 'somebody was faster')
  await manager.context().close()
})

test('many at once: how many is told first, and all of them can be taken back', async () => {
  await openLeads(clerk)
  const { leads_to_review: many } = await get(clerk, 'today')
  await clerk.click('text=批量采纳')
  await clerk.fill('dialog input[type=number]', '0')
  await clerk.getByText(`共 ${many.toLocaleString('zh-CN')} 条`).waitFor()
  await checkAccess(clerk, 'many at once')
  await clerk.click('dialog button[type=submit]')
  await clerk.getByText(`已采纳 ${many.toLocaleString('zh-CN')} 条线索`).waitFor()
  assert.equal((await get(clerk, 'today')).leads_to_review, 0)
  await clerk.click('.undo button')
  await clerk.getByText('已撤销').waitFor()
  assert.equal((await get(clerk, 'today')).leads_to_review, many)
})

test('why a patent is not among the leads of a need', async () => {
  await openLeads(clerk)
  await clerk.click('.why-not summary')
  const patents = (await get(clerk, 'patents?limit=1')).items
  await clerk.fill('.why-not input', patents[0].application_number)
  await clerk.click('.why-not button[type=submit]')
  const lead = await current(clerk)
  const why = await get(clerk, `leads/${lead}/why-not?patent=${encodeURIComponent(patents[0].application_number)}`)
  await clerk.locator('.why-not .answer').waitFor()
  assert.ok((await clerk.textContent('.why-not .answer')).includes(why.reason_zh ?? ''), why.reason_zh)
  checkQuiet(clerk, 'the clerk’s whole day')
})
