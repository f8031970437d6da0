// bench.mjs - how fast the pages come up on a slow phone and line: Lighthouse, with a processor slowed four times and 1.6 Mbit/s,
// each page three times, the median; and what it has to load, compressed. `make bench-web`.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { comeByInvitation, makeWorld, openBrowser, openPage, signIn } from './lib.mjs'

const PORT = 9333
const own = fileURLToPath(new URL('./lighthouse/', import.meta.url))
if (!existsSync(`${own}node_modules/lighthouse`)) execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: own, stdio: 'inherit' })
const { default: lighthouse } = await import(pathToFileURL(`${own}node_modules/lighthouse/core/index.js`))

// What the issue of the pages asks for: points, and kilobytes of JavaScript.
const pages = [
  { path: 'inbox', who: comeByInvitation, phone: true, least: 95, most: 60 },
  { path: 'agency', who: (page, world) => signIn(page, world, '林管'), least: 90, most: 300 },
  { path: 'official', who: (page, world) => signIn(page, world, '陈科'), least: 90, most: 300 },
  { path: 'sign-in', least: 95, most: 60, phone: true },
]
const slow = { rttMs: 150, throughputKbps: 1638.4, cpuSlowdownMultiplier: 4, requestLatencyMs: 562.5, downloadThroughputKbps: 1474.56, uploadThroughputKbps: 675 }

async function cookieOf(browser, world, { who }) {
  if (!who) return null
  const page = await openPage(browser, world)
  await who(page, world)
  const cookie = (await page.context().cookies()).find((one) => one.httpOnly)
  await page.context().close()
  return `${cookie.name}=${cookie.value}`
}

function settings({ phone }) {
  const screen = phone ? { mobile: true, width: 360, height: 780, deviceScaleFactor: 2 } : { mobile: false, width: 1280, height: 860, deviceScaleFactor: 1 }
  return { formFactor: phone ? 'mobile' : 'desktop', screenEmulation: { ...screen, disabled: false }, throttling: slow, throttlingMethod: 'simulate', onlyCategories: ['performance'] }
}

async function measure(world, page, cookie) {
  const flags = { port: PORT, logLevel: 'error', ...(cookie ? { extraHeaders: { Cookie: cookie } } : {}) }
  const { lhr } = await lighthouse(`${world.address}/${page.path}`, flags, { extends: 'lighthouse:default', settings: settings(page) })
  const scripts = lhr.audits['network-requests'].details.items.filter((one) => one.resourceType === 'Script')
  return {
    points: Math.round(lhr.categories.performance.score * 100),
    lcp: lhr.audits['largest-contentful-paint'].numericValue,
    script: scripts.reduce((sum, one) => sum + one.transferSize, 0) / 1024,
    url: lhr.finalDisplayedUrl,
  }
}

function report(page, runs) {
  const middle = runs.sort((a, b) => a.lcp - b.lcp)[Math.floor(runs.length / 2)]
  const good = middle.points >= page.least && middle.lcp <= 1500 && middle.script <= page.most
  const cells = [page.path.padEnd(9), `${middle.points} of ${page.least}`, `${Math.round(middle.lcp)} of 1500 ms`, `${middle.script.toFixed(1)} of ${page.most} KB`]
  console.log(`${cells.join('   ')}   ${good ? 'reached' : 'FALLS SHORT'}`)
  if (!middle.url.includes(page.path)) throw new Error(`${page.path} led to ${middle.url}`)
}

const world = await makeWorld()
const browser = await openBrowser(`--remote-debugging-port=${PORT}`)
console.log('page        points     largest paint     JavaScript, compressed   (Lighthouse, medians of 3)')
for (const page of pages) {
  const cookie = await cookieOf(browser, world, page)
  const runs = []
  for (let run = 0; run < 3; run++) runs.push(await measure(world, page, cookie))
  report(page, runs)
}
await browser.close()
await world.close()
