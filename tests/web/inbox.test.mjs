// The enterprise's inbox on a phone: in by an invitation, leads as the service and the command line have them, one tap that is not lost
// whatever the line does, a need that is posted with help, wishes.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkAccess, checkQuiet, comeByInvitation, makeWorld, openBrowser, openPage, signIn } from './lib.mjs'

const phone = { width: 360, height: 740 }
const need = '运动鞋中底用的轻质发泡材料，回弹 60% 以上，现有 EVA 发泡压缩变形大'
let world, browser, page
before(async () => {
  world = await makeWorld()
  browser = await openBrowser()
  page = await openPage(browser, world, phone)
  await comeByInvitation(page, world)
  await page.waitForSelector('article')
})
after(async () => {
  await browser?.close()
  await world?.close()
})

const asked = (path) => page.evaluate(async (where) => (await fetch(`./v1/${where}`)).json(), path)
const answers = async (lead) => (await asked('feedback?limit=100')).items.filter((one) => one.lead === lead)
const answerOf = async (lead) => (await asked('pushes?limit=100')).items.find((one) => one.lead === lead).answer
const isPressed = (card, name) => card.getByRole('button', { name, pressed: true }).waitFor()

/** Waits until something is so; what is true only after a round to the service can't be waited for on the page. */
async function until(so, what) {
  for (let i = 0; i < 100; i++) {
    if (await so()) return
    await page.waitForTimeout(100)
  }
  assert.fail(`never: ${what}`)
}

test('the page of an invitation leads to the inbox, in which every lead stands that was pushed', async () => {
  const other = await openPage(browser, world, phone)
  await other.goto(`s/${world.invitations.pop()}`)
  await other.click('main form button')
  await other.click('a.go')
  await other.waitForSelector('article')
  checkQuiet(other, 'the way in')
  const titles = await other.locator('article h2').allTextContents()
  const { items } = await asked('pushes?limit=100')
  assert.equal(titles.length, items.length)
  const pushed = world.cli('--agency', 'JJ01', 'leads', '--state', 'pushed', '--limit', '100000').filter((lead) => lead.enterprise_uscc === world.uscc)
  assert.deepEqual([...titles].sort(), pushed.map((lead) => lead.patent_title).sort(), 'the same leads as the command line has')
  const fits = titles.map((title) => items.find((one) => one.patent_title === title).fit)
  assert.deepEqual(fits, [...fits].sort((a, b) => b - a), 'of one day the best first')
  await other.context().close()
})

test('opened, a lead shows the words that fit, whose it is, and that it was opened', async () => {
  await page.locator('article h2 a').first().click()
  await page.waitForSelector('.since li')
  const [push] = (await asked('pushes?limit=100')).items.filter((one) => page.url().endsWith(one.push_id))
  assert.equal(await page.locator('h1').first().innerText().then((text) => text.replace(/\s*虚构$/, '')), push.patent_title)
  assert.match(await page.innerText('.facts'), new RegExp(push.owners[0]))
  const marked = await page.locator('.abstract mark').allTextContents()
  assert.ok(marked.length && marked.every((word) => push.patent_abstract.includes(word)), marked.join())
  assert.equal(await page.locator('.aspects li').count(), push.aspects.length)
  await until(async () => (await asked(`pushes/${push.push_id}`)).events.some((event) => event.event === 'opened'), 'opened is kept')
  await checkAccess(page, 'a lead')
  checkQuiet(page, 'a lead')
})

test('one tap answers, one more says why not', async () => {
  await page.goto('inbox#/leads')
  const { items } = await asked('pushes?limit=100')
  const card = (push) => page.locator('article', { has: page.locator(`a[href="#/lead/${push.push_id}"]`) })
  await card(items[0]).getByRole('button', { name: '感兴趣' }).click()
  await isPressed(card(items[0]), '感兴趣')
  await card(items[1]).getByRole('button', { name: '不合适' }).click()
  await card(items[1]).getByRole('button', { name: '价格不合适' }).click()
  await isPressed(card(items[1]), '不合适')
  await until(async () => (await answerOf(items[1].lead))?.because === 'price', 'the reason is kept')
  assert.equal((await answerOf(items[0].lead)).answer, 'interested')
  checkQuiet(page, 'answers')
})

test('a tap without a line is kept, says so, and is sent once; so is one whose answer got lost', async () => {
  const { items } = await asked('pushes?limit=100')
  const [first, second] = items.slice(2)
  const tapOf = (push) => page.locator('article', { has: page.locator(`a[href="#/lead/${push.push_id}"]`) }).getByRole('button', { name: '感兴趣' })
  await page.context().setOffline(true)
  await tapOf(first).click()
  await page.waitForSelector('[data-taps]')
  assert.match(await page.innerText('[data-taps]'), /1 项操作还没有发出/)
  assert.equal((await page.evaluate(() => JSON.parse(localStorage.getItem('patbridge.inbox.taps')))).length, 1)
  await page.context().setOffline(false)
  await until(async () => (await answers(first.lead)).length === 1, 'it is sent when the line is back')
  await page.waitForSelector('[data-taps]', { state: 'detached' })
  let lost = 0
  await page.route('**/v1/feedback', async (route) => {
    if (route.request().method() === 'POST' && lost++ === 0) {
      await route.fetch()
      await route.abort()
    } else await route.continue()
  })
  await tapOf(second).click()
  await until(async () => lost >= 2 && (await page.evaluate(() => localStorage.getItem('patbridge.inbox.taps'))) === '[]', 'it is sent again')
  assert.equal((await answers(second.lead)).length, 1, 'and done once')
  await page.unroute('**/v1/feedback')
  page.faults.length = 0 // that the line was down is no fault of the page
})

test('a need is posted with help while typing, and is the agency’s that invited', async () => {
  await page.goto('inbox#/needs')
  await page.getByRole('button', { name: '发布需求' }).click()
  await page.fill('textarea[name=need]', need)
  await page.waitForSelector('.found li')
  const found = await page.locator('.found li').count()
  assert.ok(found > 0 && (await page.locator('.chip.ok').count()) > 2)
  await page.getByRole('button', { name: '查看详情' }).first().click()
  await page.waitForSelector('.found .looked .facts')
  assert.match(await page.innerText('.found .looked'), /CN\d{12}\.[\dX]/)
  const [number] = (await page.innerText('.found .looked')).match(/CN\d{12}\.[\dX]/)
  await page.fill('input[name=patent]', number.slice(2, -2))
  await page.getByRole('button', { name: '查专利' }).click()
  await page.waitForSelector('form > .looked .facts')
  assert.equal(await page.innerText('form > .looked strong'), await page.innerText('.found .looked strong'), 'by its number the same')
  await checkAccess(page, 'a need being written')
  await page.getByRole('button', { name: '提交' }).click()
  await page.locator('article', { hasText: need.slice(0, 12) }).first().waitFor()
  await until(async () => (await asked('own/needs?limit=1')).items[0].text === need, 'it is stored')
  const [posted] = (await asked('own/needs?limit=1')).items
  const kept = world.cli('--agency', 'JJ01', 'show', 'need', posted.need)
  assert.ok(JSON.stringify(kept).includes(need))
  const card = page.locator('article', { hasText: need.slice(0, 12) }).first()
  await card.getByRole('button', { name: '结束需求' }).click()
  await card.getByRole('button', { name: '确定结束' }).click()
  await until(async () => (await asked('own/needs?limit=1')).items[0].state === 'closed', 'it has ended')
  checkQuiet(page, 'needs')
})

test('quiet hours and the weekly limit are the enterprise’s to change', async () => {
  await page.goto('inbox#/settings')
  await page.fill('input[name=weekly_limit]', '4')
  await page.fill('input[name=from]', '20:30')
  await page.fill('input[name=to]', '08:15')
  await page.getByRole('button', { name: '保存' }).click()
  await until(async () => (await asked('own/wishes')).quiet === '20:30-08:15', 'the wishes are kept')
  assert.equal((await asked('own/wishes')).weekly_limit, 4)
  const kept = JSON.stringify(world.cli('--agency', 'JJ01', 'show', 'enterprise', world.uscc))
  assert.match(kept, /"quiet":"20:30-08:15"/)
  await checkAccess(page, 'settings')
  checkQuiet(page, 'settings')
})

test('what the agency did about an answer is told, without its notes', async () => {
  const { items } = await asked('pushes?limit=100')
  const push = items.find((one) => one.answer?.answer === 'interested')
  const clerk = await openPage(browser, world)
  await signIn(clerk, world, '小李')
  for (const [stage, note] of [['contact', '内部：压价'], ['visit', null]]) {
    const status = await clerk.evaluate(async ([path, body]) => {
      const { csrf } = await (await fetch('./v1/session')).json()
      return (await fetch(path, { method: 'PUT', headers: { 'X-CSRF-Token': csrf, 'Content-Type': 'application/json' }, body: JSON.stringify(body) })).status
    }, [`./v1/follow-ups/${push.lead}`, { stage, note }])
    assert.equal(status, 200)
  }
  await clerk.context().close()
  await page.goto(`inbox#/lead/${push.push_id}`)
  await page.locator('.since li', { hasText: '机构已走访' }).waitFor()
  const told = await page.locator('.since li').allTextContents()
  assert.equal(told.filter((line) => /机构已/.test(line)).length, 2, told.join())
  assert.ok(!(await page.innerText('main')).includes('压价'))
  checkQuiet(page, 'what happened since')
})

test('what was stopped is shown in the settings, and taken back there', async () => {
  await page.goto('inbox#/leads')
  const card = page.locator('article').last()
  await card.getByRole('button', { name: '不再推送' }).click()
  await card.getByRole('button', { name: '确定，不再推送' }).click()
  await until(async () => (await asked('own/wishes')).stopped_at, 'it is stopped')
  await card.getByRole('link', { name: '要恢复' }).click()
  const stopped = page.locator('[data-stopped]')
  await stopped.waitFor()
  await checkAccess(page, 'what was stopped')
  await stopped.getByRole('button', { name: '恢复接收推送' }).click()
  await stopped.waitFor({ state: 'detached' })
  assert.equal((await asked('own/wishes')).stopped_at, null)
  assert.ok((await asked('feedback?limit=100')).items.some((one) => one.answer === 'stop'), 'what was said stays on record')
  checkQuiet(page, 'the way back')
})
