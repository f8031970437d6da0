// Registers, progress and follow-up of the agency's desk: what they show is what the interface and the commands say, and an answer
// that is followed up ends in a deal that counts.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { checkAccess, checkQuiet, makeWorld, openBrowser, openPage, signIn, typeDay } from './lib.mjs'

let world, browser, page
before(async () => {
  world = await makeWorld()
  browser = await openBrowser()
  page = await openPage(browser, world)
  await comeIn(page, '林管')
})
const comeIn = async (who, name) => {
  await signIn(who, world, name)
  await who.waitForSelector('main h1') // the page that one comes to first is there
}
after(async () => {
  await browser?.close()
  await world?.close()
})

const get = (path) => page.evaluate(async (where) => (await fetch(where)).json(), path)
const cli = (...words) => world.cli('--agency', 'JJ01', ...words)
const sql = (text) => execFileSync('psql', ['-qXAt', '-v', 'ON_ERROR_STOP=1', '-d', world.database, '-c', text], { encoding: 'utf8' }).trim()

test('words find records, a choice of columns stays, a record opens with what it is linked to', async () => {
  await page.goto('agency#/registers?kind=enterprises')
  await page.waitForSelector('.row-list tbody button')
  const all = (await get('./v1/enterprises?limit=1000')).items
  const wanted = all[5].name.slice(2, 6)
  await page.fill('input[name=q]', wanted)
  const found = all.filter((one) => one.name.includes(wanted)).length
  await page.waitForFunction((n) => document.querySelector('[role=status]').textContent.includes(`共 ${n} 条`), found)
  await page.click('.column-choice summary')
  await page.check('.column-choice label:has-text("行业") input')
  await page.waitForSelector('.row-list th:has-text("行业")')
  await page.reload()
  await page.waitForSelector('.row-list th:has-text("行业")')
  const pushed = (await get('./v1/pushes?limit=1')).items[0]
  await page.goto(`agency#/registers?kind=enterprises&key=${pushed.enterprise_uscc}`)
  await page.waitForSelector('dialog .linked')
  const linked = await get(`./v1/enterprises:linked?key=${pushed.enterprise_uscc}`)
  assert.match(await page.textContent('dialog .linked'), new RegExp(`推送（${linked.pushes.length}）`))
  await checkAccess(page, 'a record')
  await page.keyboard.press('Escape')
  await page.waitForSelector('dialog', { state: 'detached' })
})

test('patents are found by what they say, by the engine, and exported', async () => {
  const one = (await get('./v1/patents?limit=5')).items[4]
  await page.goto('agency#/registers?kind=patents')
  await page.waitForSelector('.row-list tbody button')
  // The index is made behind the service's start; who asks before it is there is answered by the database.
  await page.waitForFunction(async (words) => (await (await fetch(`./v1/patents?q=${encodeURIComponent(words)}`)).json()).found_by === 'engine', one.abstract.slice(0, 40))
  await page.fill('input[name=q]', one.abstract.slice(0, 40))
  await page.waitForSelector('[role=status]:has-text("按内容匹配")')
  assert.equal((await page.textContent('.row-list tbody button')).trim(), one.title)
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('a[download]')])
  assert.equal(file.suggestedFilename(), '专利.xlsx')
  await page.fill('input[name=q]', one.application_number.replace('CN', ''))
  await page.waitForSelector('[role=status]:has-text("共 1 条")')
  checkQuiet(page, 'registers')
})

test('the numbers of progress are those of the interface and of the command', async () => {
  await page.goto('agency#/progress')
  await page.waitForSelector('.forecast tbody tr')
  const printed = cli('track', '--forecast')
  const answered = await get('./v1/track')
  const shown = (value) => new Intl.NumberFormat('zh-CN').format(value)
  for (const [at, figures] of [['command', printed], ['interface', answered]]) {
    const items = figures.clauses.find((clause) => clause.id === '4.2').items
    assert.equal(items.length, 7)
    for (const item of items) {
      const text = (await page.textContent(`.bar-list [data-metric=${item.metric}] .numbers`)).replace(/\s+/g, ' ')
      assert.ok(text.includes(`${shown(item.value)} / ${shown(item.threshold)}`), `${at}: ${item.metric}: ${text}`)
    }
  }
  for (const item of printed.clauses.find((clause) => clause.id === '4.2').items.filter((one) => one.forecast)) {
    const row = await page.$$eval(`.forecast [data-metric=${item.metric}] td`, (cells) => cells.map((cell) => cell.textContent.trim()))
    assert.deepEqual(row.slice(0, 3), item.forecast.paces.map((one) => String(one.per_week ?? '—')), item.metric)
    assert.equal(row[3], String(item.forecast.weekly_needed ?? '—'))
  }
  await page.click('.bar-list [data-metric=deals] button')
  await page.waitForSelector('dialog tbody tr')
  const rows = cli('track', '--evidence', 'deals').rows
  assert.equal(await page.locator('dialog tbody tr').count(), rows.filter((row) => row.counted).length)
  await page.click('dialog button[aria-pressed=false]')
  await page.waitForSelector('dialog th:has-text("原因")')
  await page.waitForFunction((n) => document.querySelectorAll('dialog tbody tr').length === n, rows.filter((row) => !row.counted).length)
  await checkAccess(page, 'rows behind a number')
  checkQuiet(page, 'progress')
})

test('an answer is followed up to a deal, which says whether it counts', async () => {
  await page.goto('agency#/follow')
  const card = page.locator('[data-stage=interested] .follow-card').first()
  const lead = await card.getAttribute('data-lead')
  const [patent, need] = [lead.slice(0, lead.lastIndexOf('-')), lead.slice(lead.lastIndexOf('-') + 1)]
  // The push was delivered in the policy's time: what the sample's own clock can't give.
  sql(`UPDATE push SET created_at = '2025-05-01 08:00+08' WHERE patent_id = ${patent} AND need_id = ${need};
       UPDATE push_event SET at = '2025-05-01 08:00+08' WHERE push_id IN (SELECT push_id FROM push WHERE patent_id = ${patent} AND need_id = ${need})`)
  await card.locator('select').focus() // by the keyboard alone
  await page.keyboard.press('ArrowDown')
  await page.waitForSelector(`[data-stage=contact] [data-lead="${lead}"]`)
  await checkAccess(page, 'the board')
  await page.locator(`[data-lead="${lead}"] button`).press('Enter')
  await page.fill('[name=note]', '已电话联系 <script>alert(1)</script>')
  await typeDay(page, 'due', '2026-12-01')
  await page.click('[name=save]')
  await page.waitForSelector('.step-list p:has-text("<script>alert(1)</script>")')
  await page.click('[name=deal]')
  for (const [name, value] of Object.entries({ contract_number: 'HT-2025-900', amount: '120,000.50', seller: '某某大学' })) await page.fill(`[name=${name}]`, value)
  await typeDay(page, 'contract_date', '2025-06-10')
  await page.click('[name=keep-deal]')
  await page.waitForSelector('.verdict[data-counted=false]')
  assert.match(await page.textContent('.verdict'), /未经认定登记/)
  const before = (await get('./v1/track')).clauses.find((clause) => clause.id === '4.2').items.find((item) => item.metric === 'deals').value
  await page.click('[name=deal]')
  await page.fill('[name=registration_number]', '2025350590000900')
  await typeDay(page, 'registration_date', '2025-07-01')
  await page.selectOption('[name=affiliated]', 'no')
  await page.click('[name=keep-deal]')
  await page.waitForSelector('.verdict[data-counted=true]')
  const items = (figures) => figures.clauses.find((clause) => clause.id === '4.2').items.find((item) => item.metric === 'deals').value
  assert.equal(items(await get('./v1/track')), before + 1, 'the count has moved')
  assert.equal(items(cli('track')), before + 1)
  assert.equal((await get('./v1/deals/HT-2025-900')).amount_fen, 12000050)
  assert.equal((await get(`./v1/follow-ups/${lead}`)).stage, 'registered')
  await page.setInputFiles('input[name=paper]', { name: '合同.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') })
  await page.waitForSelector('li a:text-is("合同.pdf")')
  assert.equal((await get('./v1/documents?kind=deal&key=HT-2025-900')).items[0].name, '合同.pdf')
  checkQuiet(page, 'follow-up')
})
