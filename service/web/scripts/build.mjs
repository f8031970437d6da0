// build.mjs OUT - builds every page, each by itself (vite.config.ts), into OUT.
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'vite'

const outDir = resolve(process.argv[2])
rmSync(outDir, { recursive: true, force: true })
for (const mode of ['sign-in', 'inbox', 'agency', 'official']) await build({ mode, logLevel: 'warn', build: { outDir } })
