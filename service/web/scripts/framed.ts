// Two steps of building that Vite does not have: a page's HTML in every language and colour, with the frame that src/frames.ts makes and
// what it fetches first in the order in which it is needed; and dark colours for a machine that is dark, from the one list of them.
import { readFileSync } from 'node:fs'
import type { OutputAsset, OutputBundle, OutputChunk } from 'rollup'
import type { Plugin } from 'vite'
import { frameOf, languages, themes, type Language, type Look, type Page } from '../src/frames'

// In the page itself: a browser asks for it at once, on one of its six lines.
const icon = `data:image/svg+xml,${encodeURIComponent(readFileSync(new URL('../../http/icon.svg', import.meta.url), 'utf8').trim())}`

const empty = '<div id="app"></div>'

// A browser has six lines to a server, and each begins slowly: the style sheet has the first, for nothing is painted without it; then the
// large scripts, then what the page asks the interface for.
function inOrder(head: string): string {
  const links = head.match(/ *<(link rel="(stylesheet|modulepreload|preload)"|script)[^>]*>(<\/script>)?\n/g) ?? []
  const rank = (link: string) => ['stylesheet', 'modulepreload', 'as="fetch"', '<script', 'as="style"'].findIndex((sign) => link.includes(sign))
  const rest = links.reduce((text, link) => text.replace(link, ''), head)
  return rest + [...links].sort((a, b) => rank(a) - rank(b)).join('')
}

// The script that a page begins with fetches the rest after the first paint; the rest, with the words of one language, is on its way
// meanwhile, behind the style sheet.
function follow(bundle: OutputBundle, first: OutputChunk, language: Language): string {
  const scripts = new Set<string>()
  const sheets = new Set<string>()
  const words = (name: string) => (bundle[name] as OutputChunk).name === `words.${language}`
  const take = (name: string) => {
    const chunk = bundle[name]
    if (chunk?.type !== 'chunk' || scripts.has(name)) return
    scripts.add(name)
    chunk.viteMetadata?.importedCss.forEach((sheet) => sheets.add(sheet))
    ;[...chunk.imports, ...chunk.dynamicImports.filter(words)].forEach(take)
  }
  first.dynamicImports.forEach(take)
  scripts.delete(first.fileName)
  first.viteMetadata?.importedCss.forEach((sheet) => sheets.delete(sheet))
  const largest = [...scripts].sort((a, b) => (bundle[b] as OutputChunk).code.length - (bundle[a] as OutputChunk).code.length)
  const links = largest.map((name) => `<link rel="modulepreload" crossorigin fetchpriority="low" href="./${name}">`)
  return [...links, ...[...sheets].map((name) => `<link rel="preload" as="style" crossorigin fetchpriority="low" href="./${name}">`)].map((link) => `    ${link}\n`).join('')
}

function lookOf(page: Page, text: string, look: Look): string {
  const { title, body } = frameOf(page, look)
  const [head, rest] = text.split('</head>') as [string, string]
  const root = `<html lang="${look.language === 'zh' ? 'zh-CN' : 'en'}"${look.theme === 'auto' ? '' : ` class="${look.theme}"`}>`
  const framed = inOrder(head.trimEnd() + '\n').replace('./icon.svg', () => icon).replace('<html lang="zh-CN">', root).replace(/<title>.*<\/title>/, () => `<title>${title}</title>`)
  return `${framed}  </head>${rest.replace(empty, () => empty.replace('></', `>${body}</`))}`
}

/** agency.html becomes agency.zh.auto.html, agency.zh.light.html, … agency.en.dark.html. */
export function framedPages(): Plugin {
  const take = (bundle: OutputBundle) => Object.values(bundle).filter((file): file is OutputAsset => file.type === 'asset' && file.fileName.endsWith('.html'))
  return {
    name: 'framed-pages',
    enforce: 'post',
    apply: 'build',
    generateBundle(_options, bundle) {
      for (const file of take(bundle)) {
        const page = file.fileName.replace('.html', '')
        const text = String(file.source)
        const first = Object.values(bundle).find((one): one is OutputChunk => one.type === 'chunk' && one.isEntry)
        if (!text.includes(empty) || !first) return this.error(`${file.fileName}: there is no ${empty}, or no script`)
        delete bundle[file.fileName]
        for (const language of languages) {
          const links = follow(bundle, first, language)
          const whole = text.replace('  </head>', () => `${links}  </head>`).replace('<script type="module"', '<script type="module" fetchpriority="low"')
          for (const theme of themes)
            this.emitFile({ type: 'asset', fileName: `${page}.${language}.${theme}.html`, source: lookOf(page as Page, whole, { language, theme }) })
        }
      }
    },
  }
}

/** What base.css says of html.dark holds, before a script runs, on a machine that is dark too, unless somebody chose otherwise. */
export function darkByMachine(): Plugin {
  return {
    name: 'dark-by-machine',
    enforce: 'pre',
    transform(text, id) {
      if (!id.endsWith('/shared/base.css')) return undefined
      const colours = /^html\.dark \{\n[^}]*\}\n/m.exec(text)?.[0]
      if (!colours) return this.error('base.css: where are the colours of html.dark?')
      const byMachine = `@media (prefers-color-scheme: dark) {\n${colours.replace('html.dark', 'html:not(.light)')}}\n`
      return { code: text.replace(colours, () => colours + byMachine), map: null }
    },
  }
}
