// The inbox in both languages, all widths, light and dark; its other ways in; what is said to it that it must not believe; its words.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { checkAccess, checkQuiet, comeByInvitation, makeWorld, openBrowser, openPage } from '../lib.mjs'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const evil = '<script>alert(1)</script><img src=x onerror=alert(2)> 轻质发泡鞋底材料，回弹好'
let world, browser
before(async () => {
  world = await makeWorld()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await world?.close()
})

async function comeIn(options = {}) {
  const page = await openPage(browser, world, { width: 360, ...options })
  await comeByInvitation(page, world)
  await page.waitForSelector('article')
  return page
}
const asked = (page, path) => page.evaluate(async (where) => (await fetch(`./v1/${where}`)).json(), path)

async function until(page, so, what) {
  for (let i = 0; i < 100; i++) {
    if (await so()) return
    await page.waitForTimeout(100)
  }
  assert.fail(`never: ${what}`)
}

/** The token of a push's link, as service/push/token.h says, written apart from it. */
function linkOf(push) {
  const text = `import base64,hashlib,hmac,struct,time,uuid
body=uuid.UUID('${push}').bytes+struct.pack('>I',int(time.time())//86400+180)
key=hashlib.blake2b(b'patbridge answer links 1',key=bytes.fromhex('bd'*32),digest_size=32).digest()
print(base64.urlsafe_b64encode(body+hmac.new(key,body,hashlib.sha256).digest()[:16]).decode().rstrip('='))`
  return execFileSync('python3', ['-c', text], { encoding: 'utf8' }).trim()
}

/** A file of the pages' own code, without the pages. */
function codeOf(path) {
  const require = createRequire(`${root}build/npm/`)
  const { outputFiles } = require('esbuild').buildSync({ entryPoints: [`${root}service/web/src/${path}`], bundle: true, format: 'esm', write: false })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`)
}

test('every view is clean for axe, quiet, and whole, in both languages, narrow and wide, light and dark', async () => {
  for (const [language, width, dark] of [['zh', 360, true], ['en', 360, false], ['zh', 1920, false], ['en', 1280, true]]) {
    const page = await comeIn({ language, width, dark })
    const lead = await page.locator('article h2 a').first().getAttribute('href')
    for (const place of ['#/leads', lead, '#/needs', '#/settings']) {
      await page.goto(`inbox${place}`)
      await page.waitForSelector('.card')
      await page.waitForLoadState('networkidle')
      await checkAccess(page, `${place} ${language} ${width}`)
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${place} ${width}: nothing is cut off`)
    }
    checkQuiet(page, `inbox ${language} ${width}`)
    await page.context().close()
  }
})

test('by keyboard alone: to the first lead, into it, and an answer', async () => {
  const page = await comeIn()
  const focused = () => page.evaluate(() => document.activeElement.getAttribute('href') ?? document.activeElement.textContent)
  for (let i = 0; i < 30 && !(await focused()).startsWith('#/lead/'); i++) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.since li')
  for (let i = 0; i < 30 && (await focused()) !== '感兴趣'; i++) await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await page.getByRole('button', { name: '感兴趣', pressed: true }).waitFor()
  await page.context().close()
})

test('the link of a push signs in once; used again it says so and leads on', async () => {
  const page = await comeIn()
  const [push] = (await asked(page, 'pushes?limit=1')).items
  const other = await openPage(browser, world, { width: 360 })
  await other.goto(`a/${linkOf(push.push_id)}`)
  await checkAccess(other, 'the page of a link')
  await other.click('button[name=enter]')
  await other.click('a.go')
  await other.waitForSelector('article')
  await other.goto(`a/${linkOf(push.push_id)}`)
  await other.click('button[name=enter]')
  assert.match(await other.innerText('main'), /只能在七天内登录一次/)
  await other.click('a.go')
  await other.waitForSelector('article')
  for (const one of [page, other]) await one.context().close()
})

test('a name and a password are made, and are another way in; signing out everywhere ends both', async () => {
  const page = await comeIn()
  await page.goto('inbox#/settings')
  await page.fill('input[name=username]', '岚桥鞋业')
  await page.fill('input[name=new-password]', world.password)
  await page.getByRole('button', { name: '设置账号' }).click()
  await page.getByText('账号：岚桥鞋业').waitFor()
  checkQuiet(page, 'an account')
  const other = await openPage(browser, world, { width: 360 })
  await other.goto('sign-in')
  await other.fill('input[name=username]', '岚桥鞋业')
  await other.fill('input[name=password]', world.password)
  await other.click('button[type=submit]')
  await other.waitForURL(/inbox/)
  await other.goto('inbox#/settings')
  await other.getByRole('button', { name: '退出所有设备' }).click()
  await other.waitForURL(/sign-in/)
  await page.goto('inbox#/needs')
  await page.reload()
  await page.waitForURL(/sign-in/)
  for (const one of [page, other]) await one.context().close()
})

test('a tap outlives its session: it is sent after the next sign-in, and by nobody else', async () => {
  const page = await comeIn()
  const foreign = { key: 'k-foreign', of: '91350582MA00771353', at: '2026-03-01T00:00:00Z', kind: 'opened', push: 'x' }
  const kept = () => page.evaluate(() => JSON.parse(localStorage.getItem('patbridge.inbox.taps')))
  await page.evaluate((tap) => localStorage.setItem('patbridge.inbox.taps', JSON.stringify([tap])), foreign)
  await page.reload()
  await page.waitForSelector('article')
  const push = (await page.locator('article h2 a').last().getAttribute('href')).split('/').pop()
  const { lead } = await asked(page, `pushes/${push}`)
  await page.context().clearCookies()
  await page.locator('article').last().getByRole('button', { name: '感兴趣' }).click()
  await page.waitForURL(/sign-in/)
  assert.equal((await kept()).length, 2)
  await comeByInvitation(page, world)
  await page.waitForSelector('article')
  await until(page, async () => (await kept()).length === 1, 'it is sent')
  assert.deepEqual(await kept(), [foreign], 'another enterprise’s waits for it')
  assert.ok((await asked(page, 'feedback?limit=100')).items.some((one) => one.lead === lead && one.answer === 'interested'))
  await page.context().close()
})

test('what the service refuses is told, and let go', async () => {
  const page = await comeIn()
  const bad = { key: 'k-bad', of: world.uscc, at: '2026-03-01T00:00:00Z', kind: 'answer', body: { lead: '1-2', answer: 'interested' } }
  await page.evaluate((tap) => localStorage.setItem('patbridge.inbox.taps', JSON.stringify([tap])), bad)
  await page.reload()
  await page.waitForSelector('.problem.note')
  assert.match(await page.innerText('.problem.note'), /未被接受/)
  await page.locator('.problem.note button').click()
  await page.waitForSelector('.problem.note', { state: 'detached' })
  assert.equal(await page.evaluate(() => localStorage.getItem('patbridge.inbox.taps')), '[]')
  await page.context().close()
})

test('a need is a text, whatever stands in it, and may be long', async () => {
  const page = await comeIn()
  await page.goto('inbox#/needs')
  for (const text of [evil, '鞋底发泡材料'.repeat(1600)]) {
    await page.getByRole('button', { name: '发布需求' }).click()
    await page.fill('textarea[name=need]', text)
    await page.waitForSelector('.look p')
    await page.getByRole('button', { name: '提交' }).click()
    await until(page, async () => (await asked(page, 'own/needs?limit=1')).items[0].text === text, 'it is stored as it was written')
  }
  await page.getByText('<script>alert(1)</script>').first().waitFor()
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false)
  checkQuiet(page, 'a need with markup in it')
  await page.context().close()
})

test('no more pushes is asked once more, and holds', async () => {
  const page = await comeIn()
  await page.locator('article').first().getByRole('button', { name: '不再推送' }).click()
  await page.getByRole('button', { name: '取消' }).click()
  assert.equal((await asked(page, 'own/wishes')).stopped_at, null)
  await page.locator('article').first().getByRole('button', { name: '不再推送' }).click()
  await page.getByRole('button', { name: '确定，不再推送' }).click()
  await until(page, async () => (await asked(page, 'own/wishes')).stopped_at, 'it is recorded')
  await page.goto('inbox#/settings')
  await page.getByText('不再接收').waitFor()
  await page.context().close()
})

test('words: marks at characters, order, the sentence why, what is asked', async () => {
  const { pieces } = await codeOf('inbox/pieces.ts')
  assert.deepEqual(
    pieces('𠮷轻质鞋底', [{ char_start: 1, char_len: 2 }]).map((part) => [part.text, part.marked]),
    [['𠮷', false], ['轻质', true], ['鞋底', false]],
  )
  assert.deepEqual(pieces('鞋', []), [{ text: '鞋', marked: false }])
  const { inOrder, why, price, modes } = await codeOf('inbox/leads.ts')
  const push = (push_id, created_at, fit) => ({ push_id, created_at, fit })
  // 16:30 UTC is the next day in China: two pushes of one day there, the better one first.
  const pushes = [push('a', '2026-03-01 16:30:00.1+00', 0.2), push('b', '2026-03-02 01:00:00.5+00', 0.9), push('c', '2026-03-01 15:00:00+00', 1)]
  assert.deepEqual(inOrder(pushes).map((one) => one.push_id), ['b', 'a', 'c'])
  const say = (key, named) => `${key} ${JSON.stringify(named ?? '')}`
  const lead = { need_title: '鞋底', aspects: [{ text: '回弹', covered: true }, { text: 'EVA', covered: false }], reasons: [{ kind: 'pair', text: '发泡' }] }
  assert.equal(why(lead, say), 'why.aspects {"need":"鞋底","what":"回弹"}')
  assert.equal(why({ ...lead, aspects: null }, say), 'why.terms {"need":"鞋底","what":"发泡"}')
  assert.equal(why({ ...lead, aspects: [], reasons: [{ kind: 'class', text: 'A43B', title: '鞋' }] }, say), 'why.class {"need":"鞋底","what":"鞋"}')
  assert.equal(price({ offer: { price_fen: 50000000 } }, say), 'wan {"amount":"50"}')
  assert.equal(price({ offer: { price_fen: 50000000, valid_to: '2020-01-01' } }, say), '', 'an offer that is over is none')
  assert.equal(price({ offer: null }, say) + modes({}, say), '', 'none is invented')
})
