// What a manager sets from the desk: channels of enterprises, set up, tried over the real transport to a stand-in, turned off and on.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { checkAccess, checkQuiet, makeWorld, openBrowser, openPage, signIn } from './lib.mjs'

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
