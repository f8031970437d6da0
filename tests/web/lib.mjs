// lib.mjs - a world to look at (world.py), Chromium, people who sign in, and what no page may do: write an error on the console,
// break its Content-Security-Policy, or fail axe.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const require = createRequire(`${root}build/npm/`)
const { chromium } = require('playwright-core')
const axeText = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/** A world of one's own: {address, password, uscc, invitations, cli(), close()}. */
export async function makeWorld(...words) {
  const process_ = spawn('python3', [`${root}tests/web/world.py`, ...words], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: process_.stdout })[Symbol.asyncIterator]()
  const world = JSON.parse((await lines.next()).value)
  const env = { ...process.env, PATBRIDGE_DATABASE: world.database, PATBRIDGE_KEY_FILE: world.key_file }
  const cli = (...args) => JSON.parse(execFileSync(world.binary, ['--json', ...args], { env, cwd: root, maxBuffer: 1 << 28 }))
  const close = () =>
    new Promise((resolve) => {
      process_.on('exit', resolve)
      process_.stdin.end()
    })
  return { ...world, cli, close }
}

export function openBrowser(...words) {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', ...words] })
}

/** A page of a new, empty browser profile. What it writes on the console as an error is in page.faults. */
export async function openPage(browser, world, { width = 1280, height = 900, language = 'zh', dark = false } = {}) {
  const context = await browser.newContext({
    baseURL: `${world.address}/`,
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  })
  await context.addInitScript((chosen) => localStorage.setItem('patbridge.language', chosen), language)
  const page = await context.newPage()
  page.faults = []
  page.on('console', (said) => said.type() === 'error' && page.faults.push(said.text()))
  page.on('pageerror', (error) => page.faults.push(error.message))
  page.setDefaultTimeout(15000)
  return page
}

export async function signIn(page, world, name) {
  await page.goto('sign-in')
  await page.fill('input[name=username]', name)
  await page.fill('input[name=password]', world.password)
  await page.click('button[type=submit]')
  await page.waitForURL(/\/(agency|official|inbox)/)
  await page.waitForLoadState('networkidle') // else the desk's own first step could come after the next one of a test
}

/** A field for a day, with its calendar, which comes when somebody is seen to be here. */
export async function dayField(page, name) {
  await page.locator(`.date-field input[name=${name}]`).hover()
  const field = page.locator(`.date-field .el-input input[name=${name}]`)
  await field.waitFor()
  return field
}

/** Types a day. */
export async function typeDay(page, name, day) {
  const field = await dayField(page, name)
  await field.fill(day)
  await field.press('Enter')
}

/** An enterprise comes in by an invitation, which is good for once. */
export async function comeByInvitation(page, world) {
  await page.goto(`s/${world.invitations.pop()}`)
  await page.click('main form button')
  await page.click('a.go')
  await page.waitForURL(/\/inbox/)
}

/** WCAG 2.2 AA, as far as a program can tell. */
export async function checkAccess(page, what) {
  await page.evaluate(axeText) // a script tag would be refused by the page's own policy
  const found = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  )
  const said = found.violations.map((one) => `${one.id}: ${one.help}\n    ${one.nodes.map((node) => node.target.join(' ')).join('\n    ')}`)
  assert.deepEqual(said, [], `${what}: axe`)
}

export function checkQuiet(page, what) {
  assert.deepEqual(page.faults, [], `${what}: errors on the console`)
}
