// snapshot_alter.mjs - a snapshot's text altered in one place after the other, and what other programs say of such a file.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

function run(...words) {
  try {
    return { text: execFileSync(words[0], words.slice(1), { cwd: root, maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] }).toString(), code: 0 }
  } catch (error) {
    return { text: error.stdout.toString(), said: error.stderr.toString(), code: error.status }
  }
}

/** {good, trouble, …} of `patbridge verify FILE`. */
export function byProgram(world, file) {
  return JSON.parse(run(world.binary, '--json', 'verify', file).text)
}

export function byPython(file) {
  const { code, said } = run('python3', 'tests/tools/check_snapshot.py', file)
  return { good: code === 0, said }
}

/** The chain reckoned anew, as somebody would who has no key. */
function chained(bodies) {
  let chain = '0'.repeat(64)
  return bodies.map((body) => {
    chain = createHash('sha256').update(`${chain}\n${body}`).digest('hex')
    return `${chain} ${body}`
  })
}

/** [{name, text, unsigned}]; unsigned: only who checks the signature finds it. */
export function alterations(text) {
  const lines = text.trimEnd().split('\n')
  const signed = lines.findIndex((line) => line.startsWith('signature '))
  const body = lines.slice(0, signed).map((line) => line.slice(65))
  const rest = lines.slice(signed)
  const find = (what) => lines.findIndex((line) => line.includes(what))
  const whole = (of) => `${of.join('\n')}\n`
  const at = (place, change) => whole(lines.map((line, i) => (i === place ? change(line) : line)))
  const again = (change) => whole([...chained(body.map(change)), ...rest])
  const need = find('"metric":"needs"')
  const counted = lines.findIndex((line, i) => i >= need && line.includes('"counted":true'))
  const swapped = (line) => (line.startsWith('signature ') ? line.replace(/.$/, (last) => (last === '0' ? '1' : '0')) : line)
  return [
    { name: 'head', text: at(0, (line) => line.replace(/"as_of":"\d{4}/, '"as_of":"2024')) },
    { name: 'pack', text: at(1, (line) => line.replace('10000', '10')) },
    { name: 'row', text: at(counted, (line) => line.replace('"counted":true', '"counted":false')) },
    { name: 'row-key', text: at(counted, (line) => line.replace(/"key":"XQ-(....)/, '"key":"XQ-1999')) },
    { name: 'figures', text: at(find('"part":"figures"'), (line) => line.replace('"state":"not_met"', '"state":"met"')) },
    { name: 'chain', text: at(counted, (line) => (line[0] === 'f' ? '0' : 'f') + line.slice(1)) },
    { name: 'line-gone', text: whole(lines.filter((_, i) => i !== counted)) },
    { name: 'lines-swapped', text: whole(lines.map((line, i) => (i === counted ? lines[counted + 1] : i === counted + 1 ? lines[counted] : line))) },
    { name: 'cut', text: whole(lines.slice(0, counted)) },
    { name: 'no-line', text: at(3, () => 'nothing of a snapshot') },
    { name: 'behind', text: `${text}one more\n` },
    { name: 'computed-anew', text: again((line, i) => (i === counted ? line.replace('"counted":true', '"counted":false') : line)) },
    { name: 'anew-and-whole', text: again((line, i) => (i === 0 ? line.replace(/"taken_by":"[^"]*"/, '"taken_by":"别人"') : line)), unsigned: true },
    { name: 'signature', text: whole(lines.map(swapped)), unsigned: true },
  ]
}
