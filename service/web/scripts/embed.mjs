// embed.mjs BUILT OUT - makes the built pages part of the program: OUT/web_bytes.S has every file, compressed in two ways,
// OUT/web_files.c the table of them, which service/http/web.h describes.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { extname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: false, withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort()
}

function typeOf(name) {
  const type = types[extname(name)]
  if (!type) throw new Error(`${name}: no Content-Type is known for it (service/web/scripts/embed.mjs)`)
  return type
}

// A page's address has no ".html"; what stands before that are language and colours: agency.zh.auto.html is /agency with the look
// "zh.auto". What lies in assets/ has its digest in its name, and never changes.
function describe(root, out, file, number) {
  const name = relative(root, file)
  const [, page, look] = /^([^/.]+)\.([^/]+)\.html$/.exec(name) ?? [null, name, null]
  const bytes = readFileSync(file)
  const keep = (ending, packed) => writeFileSync(join(out, `${number}.${ending}`), packed)
  keep('gz', gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }))
  keep('br', brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } })) // its best is the usual
  return {
    number,
    packed: resolve(out, String(number)),
    path: `/${page}`,
    look,
    type: typeOf(name),
    size: bytes.length,
    etag: createHash('sha256').update(bytes).digest('hex').slice(0, 16),
    forever: name.startsWith('assets/'),
  }
}

const symbol = (name, file) => `.globl ${name}, ${name}_end\n${name}:\n.incbin "${file}"\n${name}_end:\n`
const assembly = (files) =>
  files
    .flatMap(({ number, packed }) => [symbol(`web_${number}`, `${packed}.gz`), symbol(`web_${number}_br`, `${packed}.br`)])
    .join('')

const declaration = ({ number }) => `extern const unsigned char web_${number}[], web_${number}_end[], web_${number}_br[], web_${number}_br_end[];\n`
const row = (file) =>
  `    {"${file.path}", ${file.look ? `"${file.look}"` : 'NULL'}, "${file.type}", "\\"${file.etag}\\"", web_${file.number}, web_${file.number}_end, web_${file.number}_br, web_${file.number}_br_end, ${file.size}, ${file.forever}},\n`

function replace(file, text) {
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}

const [built, out] = process.argv.slice(2)
if (!built || !out) throw new Error(`usage: ${relative('.', fileURLToPath(import.meta.url))} BUILT OUT`)
mkdirSync(out, { recursive: true })
const files = filesBelow(built).map((file, number) => describe(built, out, file, number))
replace(join(out, 'web_bytes.S'), `.section .rodata\n${assembly(files)}.section .note.GNU-stack,"",%progbits\n`)
replace(
  join(out, 'web_files.c'),
  `/* Made by service/web/scripts/embed.mjs. */\n#include "service/http/web.h"\n${files.map(declaration).join('')}` +
    `const struct web_file web_files[] = {\n${files.map(row).join('')}};\nconst size_t web_file_count = ${files.length};\n`,
)
