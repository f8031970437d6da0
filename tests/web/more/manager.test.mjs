// What a manager does beside the daily work: channels, set up and tried over the real transport to a stand-in; feeds; a foreign file mapped by
// hand; what could not be delivered, sent again; twins on the record itself; another policy's progress.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { checkAccess, checkQuiet, makeWorld, openBrowser, openPage, signIn } from '../lib.mjs'

let world, browser, manager, receiver, host
const heard = []
const script = []

before(async () => {
  receiver = createServer((request, response) => {
    let text = ''
    request.on('data', (part) => (text += part))
    request.on('end', () => {
      heard.push({ path: request.url, body: JSON.parse(text) })
      const [status, said] = script.shift() ?? [200, '{"errcode":0,"errmsg":"ok"}']
      response.writeHead(status).end(said)
    })
  })
  await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  host = `127.0.0.1:${receiver.address().port}`
  process.env.PATBRIDGE_ALLOW_PRIVATE = host
  world = await makeWorld()
  browser = await openBrowser()
  manager = await openPage(browser, world)
  await signIn(manager, world, '林管')
})
after(async () => {
  await browser?.close()
  await world?.close()
  receiver.close()
})

const sql = (text) => execFileSync('psql', ['-qXAt', '-v', 'ON_ERROR_STOP=1', '-d', world.database, '-c', text], { encoding: 'utf8' }).trim()
const get = async (path) => (await manager.request.get(`v1/${path}`)).json()
const button = (where, name) => where.getByRole('button', { name, exact: true })

test('a channel is set up, tried before and after, turned off and on; what is secret never comes back, and nothing counts as a push', async () => {
  const pushes = sql('SELECT count(*) FROM push')
  await manager.goto('agency#/settings?tab=channels')
  await button(manager, '添加渠道').click()
  const form = manager.locator('dialog')
  await form.locator('input[name=enterprise]').fill(world.uscc)
  await form.locator('select[name=uscc]').waitFor()
  await form.locator('select[name=channel]').selectOption('wecom')
  await form.locator('input[name=address]').fill(`http://${host}/cgi-bin/webhook/send?key=GEHEIM`)
  script.push([200, '{"errcode":93000,"errmsg":"invalid webhook url"}'])
  await button(form, '先发一条测试').click()
  await form.locator('.tried[data-trouble=robot_gone]').waitFor()
  assert.match(await form.locator('.tried').textContent(), /没有送达：群机器人已被移除.*重新取得机器人地址.*93000/s)
  await checkAccess(manager, 'the form of a channel')
  await button(form, '保存').click()
  const row = manager.locator(`[data-channel=wecom]`)
  await row.waitFor()
  assert.doesNotMatch(await manager.locator('main').innerHTML(), /GEHEIM/)
  assert.doesNotMatch(JSON.stringify(await get('endpoints')), /GEHEIM/)
  await button(row, '测试').click()
  await row.locator('.tried[data-outcome=sent]').waitFor()
  assert.match(heard.at(-1).body.markdown.content, /测试消息/)
  await checkAccess(manager, 'channels')
  await button(row, '停用').click()
  await row.getByText('已停用', { exact: true }).waitFor()
  assert.equal(world.cli('--agency', 'JJ01', 'endpoint', 'list').find((one) => one.channel === 'wecom').disabled_reason, 'removed')
  await button(row, '启用').click()
  await row.getByText('在用', { exact: true }).waitFor()
  assert.equal(sql('SELECT count(*) FROM push'), pushes)
  checkQuiet(manager, 'channels')
})

test('a feed is set, changed, looked at, stopped and begun again; the command shows the same', async () => {
  await manager.goto('agency#/settings?tab=feeds')
  await button(manager, '添加来源').click()
  const form = manager.locator('dialog')
  await form.locator('input[name=address]').fill(`http://${host}/needs.jsonl?token=GEHEIM`)
  await form.locator('select[name=kind]').selectOption('need')
  await checkAccess(manager, 'the form of a feed')
  await button(form, '保存').click()
  const row = manager.locator('[data-feed]')
  await row.getByText('还没有读过').waitFor()
  await checkAccess(manager, 'feeds')
  assert.doesNotMatch(await row.innerHTML(), /GEHEIM/)
  await button(row, '更改').click()
  await form.locator('select[name=every]').selectOption('86400')
  await button(form, '保存').click()
  await row.getByText('每 1 天一次').waitFor()
  assert.deepEqual(world.cli('--agency', 'JJ01', 'feed', 'list').map((one) => [one.kind, one.every_s, one.off_at]), [['need', 86400, null]])
  await button(row, '现在读取').click()
  await row.getByText('稍后会读取').waitFor()
  await button(row, '停用').click()
  await row.getByText('已停用').waitFor()
  assert.equal(world.cli('--agency', 'JJ01', 'feed', 'list')[0].off_reason, 'removed')
  await button(row, '重新启用').click()
  await button(row, '停用').waitFor()
  checkQuiet(manager, 'feeds')
})

test('a file of which no column is known is mapped by hand, looked at, tried and loaded', async () => {
  const text = 'bill,who,howmuch,when,what\nFP-手工-1,甲公司,12.5,2025-01-02,检索\nFP-手工-2,乙公司,30,2025-01-03,导航\n'
  await manager.goto('agency#/import')
  await manager.setInputFiles('input[type=file]', { name: 'export.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  const job = manager.locator('.job')
  await job.getByText('没有一列认得出').waitFor()
  assert.equal(await button(job, '导入').count(), 0, 'nothing can be loaded before')
  await job.locator('select').first().selectOption('sales')
  await job.locator('select[data-column=bill] option[value=invoice]').waitFor({ state: 'attached' })
  assert.match(await job.locator('.mapped').textContent(), /FP-手工-1/)
  for (const [column, field] of Object.entries({ bill: 'invoice', who: 'client', when: 'date', what: 'service' })) await job.locator(`select[data-column=${column}]`).selectOption(field)
  await job.getByText('还没有指定：').waitFor()
  await job.locator('select[data-column=howmuch]').selectOption('amount_yuan')
  await job.getByText('还没有指定：').waitFor({ state: 'detached' })
  await checkAccess(manager, 'columns by hand')
  await job.locator('input[maxlength="60"]').fill('某系统')
  await button(job, '保存并重新读取').click()
  await job.getByText('FP-手工-2').first().waitFor()
  await button(job, '试导入（不写入）').click()
  await job.getByText('没有写入').waitFor()
  assert.equal((await get('sales')).items.filter((one) => one.invoice.startsWith('FP-手工')).length, 0)
  await button(job, '导入').click()
  await job.locator('[data-count=new]').waitFor()
  await job.getByText('已导入').waitFor()
  const loaded = (await get('sales?limit=1000')).items.filter((one) => one.invoice.startsWith('FP-手工'))
  assert.deepEqual(loaded.map((one) => [one.invoice, one.amount_fen]).sort(), [['FP-手工-1', 1250], ['FP-手工-2', 3000]])
  checkQuiet(manager, 'columns by hand')
})

/** Pushes of the sample as if they had gone out and failed: two where the robot is gone, one that was never tried. */
function kill() {
  sql(`WITH chosen AS (SELECT p.push_id, p.patent_id, p.agency_id, p.enterprise_id, row_number() OVER (ORDER BY p.push_id) AS n FROM push p
                     WHERE p.enterprise_id = (SELECT enterprise_id FROM enterprise WHERE uscc = '${world.uscc}') AND p.agency_id = (SELECT agency_id FROM agency WHERE code = 'JJ01')),
            box AS (INSERT INTO outbox (outbox_id, push_id, patent_id, agency_id, enterprise_id, endpoint_id, channel, body, state, attempts, next_attempt_at, created_at, finished_at)
                    SELECT 7000000 + n, push_id, patent_id, agency_id, enterprise_id, 1, CASE WHEN n = 3 THEN 'feishu' ELSE 'wecom' END, '{}', 'dead', 1, now(), now(), now() FROM chosen WHERE n <= 3
                    RETURNING outbox_id, agency_id)
       INSERT INTO attempt (outbox_id, agency_id, number, started_at, ended_at, outcome, status, answer, error)
       SELECT outbox_id, agency_id, 1, now(), now(), 'endpoint_off', 200, '{"errcode":93000}', '93000: the robot was removed, stopped, or its address is wrong' FROM box WHERE outbox_id < 7000003`)
}

test('what could not be delivered is shown by its cause in plain words, and goes out again, one or all', async () => {
  kill()
  await manager.goto('agency#/today?show=dead')
  await manager.reload()
  const cause = manager.locator('[data-cause=robot_gone]')
  await cause.waitFor()
  const count = async () => Number(await manager.textContent('[data-count=dead_letters] strong'))
  const before = await count()
  assert.equal(before, (await get('today')).dead_letters)
  assert.equal(before, world.cli('--agency', 'JJ01', 'push', '--dead').length, 'the command counts as many')
  assert.match(await cause.textContent(), /群机器人已被移除.*重新取得机器人地址.*93000/s)
  await checkAccess(manager, 'dead letters')
  const letters = await cause.locator('li').count()
  await button(cause.locator('li').first(), '重发').click()
  await manager.getByText('已重新排队 1 条').waitFor()
  assert.equal(await cause.locator('li').count(), letters - 1)
  await button(cause, `全部重发（${letters - 1}）`).click()
  await cause.waitFor({ state: 'detached' })
  assert.equal(sql('SELECT count(*) FROM outbox WHERE outbox_id IN (7000001, 7000002) AND state = \'due\''), '2')
  const off = manager.locator('[data-cause=turned_off]')
  await button(off.locator('li').first(), '重发').click()
  await manager.getByText('渠道未启用，请先在设置中').waitFor()
  assert.equal(await count(), before - letters)
  checkQuiet(manager, 'dead letters')
})

test('a row that may be a known organisation is told apart on the record itself', async () => {
  const firm = (await get(`enterprises/${world.uscc}`)).name
  const csrf = (await get('session')).csrf
  const table = `企业名称,行政区划代码,产品\n${firm},350582,测试产品甲\n`
  const sent = await manager.request.post('v1/enterprises:load', { data: table, headers: { 'Content-Type': 'text/csv', 'X-CSRF-Token': csrf, Origin: world.address } })
  assert.equal((await sent.json()).refused, 1)
  await manager.goto(`agency#/registers?kind=enterprises&key=${world.uscc}`)
  const twin = manager.locator('dialog [data-twin]')
  await twin.waitFor()
  assert.match(await twin.textContent(), /测试产品甲/)
  await checkAccess(manager, 'twins on the record')
  await button(twin, '是同一单位，并入').click()
  await manager.getByText('已并入本条').waitFor()
  await manager.locator('dialog .facts').getByText('测试产品甲').waitFor()
  assert.deepEqual((await get(`enterprises/${world.uscc}`)).products, ['测试产品甲'])
  checkQuiet(manager, 'twins on the record')
})

test('progress: another policy is chosen on the page, and its numbers are the interface’s', async () => {
  await manager.goto('agency#/progress')
  const choice = manager.locator('select[name=policy]')
  await choice.waitFor()
  const names = (await get('policies')).items
  assert.equal(await choice.locator('option').count(), names.length)
  const shown = await choice.inputValue()
  const other = names.find((one) => one.policy === (shown === 'jinjiang-2023-6' ? 'successor-template' : 'jinjiang-2023-6'))
  await choice.selectOption(other.policy)
  await manager.waitForFunction((policy) => location.hash.includes(`policy=${policy}`), other.policy)
  const base = (await get(`track?policy=${other.policy}`)).clauses.find((one) => one.id === '4.2')
  await manager.locator('p', { hasText: other.name.zh }).waitFor()
  for (const item of base.items.filter((one) => one.unit !== 'fen'))
    assert.equal((await manager.textContent(`[data-metric=${item.metric}] .numbers strong`)).replaceAll(',', ''), String(item.value), item.metric)
  await manager.goBack()
  await manager.waitForFunction((policy) => document.querySelector('select[name=policy]')?.value === policy, shown)
  checkQuiet(manager, 'progress')
})
