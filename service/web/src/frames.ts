// What each page shows before its script runs: the frame, in the words that the script uses, so that nothing moves or changes when the
// script takes over (tests/web/more/first_paint.test.mjs holds both side by side). Part of the HTML that is built (vite.config.ts); no
// script of the pages needs it.
import { pages as agencyPages } from './agency/pages'
import { en as agencyEn } from './agency/words.en'
import { zh as agencyZh } from './agency/words.zh'
import { en as inboxEn } from './inbox/words.en'
import { zh as inboxZh } from './inbox/words.zh'
import { pages as officialPages } from './official/pages'
import { en as officialEn } from './official/words.en'
import { zh as officialZh } from './official/words.zh'
import { en as sharedEn } from './shared/words.en'
import { zh as sharedZh } from './shared/words.zh'
import { en as signInEn } from './sign-in/words.en'
import { zh as signInZh } from './sign-in/words.zh'

export const languages = ['zh', 'en'] as const
export const themes = ['auto', 'light', 'dark'] as const
export type Language = (typeof languages)[number]
export type Theme = (typeof themes)[number]
export interface Look {
  language: Language
  theme: Theme
}
export interface Frame {
  title: string // of the window
  body: string // HTML, of what stands in #app
}

const shared = { zh: sharedZh, en: sharedEn }
const words = {
  agency: { zh: agencyZh, en: agencyEn },
  official: { zh: officialZh, en: officialEn },
  inbox: { zh: inboxZh, en: inboxEn },
  'sign-in': { zh: signInZh, en: signInEn },
}
export type Page = keyof typeof words

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const html = (text: string) => text.replace(/[&<>"]/g, (sign) => escapes[sign]!)

/** PageChoices.vue */
function choices({ language, theme }: Look): string {
  const say = shared[language]
  const options = themes.map((one) => `<option${one === theme ? ' selected' : ''}>${html(say.theme[one])}</option>`).join('')
  return (
    `<div class="choices"><button type="button" lang="${language === 'zh' ? 'en' : 'zh-CN'}">${html(say.language)}</button>` +
    `<label><span class="unseen">${html(say.theme.label)}</span><select>${options}</select></label></div>`
  )
}

/** Of the page that comes up with nothing behind #; whoever asked for another does not see it (shared/painted.ts). */
const first = (head: string) => `<div class="first">${head}</div>`

/** DeskFrame.vue, as it comes up without anything behind #. */
function desk(look: Look, title: string, names: Record<string, string>, pages: readonly string[], lede?: string): Frame {
  const say = shared[look.language]
  const head = first(`<h1>${html(names[pages[0]!]!)}</h1>${lede ? `<p class="soft lede">${html(lede)}</p>` : ''}`)
  const links = pages.map((page) => `<a href="#/${page}">${html(names[page]!)}</a>`).join('')
  const body =
    `<div class="desk"><header class="desk-top"><span class="brand">${html(say.brand)} · ${html(title)}</span><span class="soft"></span>` +
    `${choices(look)}<button type="button" class="sign-out">${html(say.signOut)}</button></header>` +
    `<nav class="desk-nav" aria-label="${html(say.pages)}">${links}</nav><main id="main" class="desk-main">${head}<p class="soft">${html(say.loading)}</p></main></div>`
  return { title: `${title} · ${say.brand}`, body }
}

/** inbox/App.vue */
function inbox(look: Look): Frame {
  const say = shared[look.language]
  const own = words.inbox[look.language]
  const links = (['leads', 'needs', 'settings'] as const).map((view) => `<a href="#/${view}">${html(own.nav[view])}</a>`).join('')
  const body =
    `<header><div><strong>${html(say.brand)}</strong> <span class="soft"></span></div>${choices(look)}</header>` +
    `<nav aria-label="${html(own.nav.label)}">${links}</nav><main id="main"><div></div>${first(`<h1>${html(own.leads.title)}</h1>`)}<p class="soft">${html(say.loading)}</p></main>`
  return { title: `${own.title} · ${say.brand}`, body }
}

/** sign-in/SignIn.vue, with nothing that could be filled in: what somebody typed there would be lost. */
function signIn(look: Look): Frame {
  const say = shared[look.language]
  const own = words['sign-in'][look.language]
  const field = (name: string, more = '') => `<label>${html(name)} <input disabled />${more}</label>`
  const body =
    `<header class="top"><span class="brand">${html(say.brand)}</span>${choices(look)}</header>` +
    `<main><div class="card"><h1>${html(own.title)}</h1><p class="soft">${html(own.lede)}</p>` +
    field(own.name) + field(own.password) + field(own.code, ` <span class="soft">${html(own.codeHelp)}</span>`) +
    `<button class="go" type="button" disabled>${html(own.go)}</button><p class="soft">${html(own.noAccount)}</p></div></main>`
  return { title: `${own.title} · ${say.brand}`, body }
}

export function frameOf(page: Page, look: Look): Frame {
  if (page === 'inbox') return inbox(look)
  if (page === 'sign-in') return signIn(look)
  const own = words[page][look.language]
  if (page === 'official') return desk(look, own.title, own.nav, officialPages)
  return desk(look, own.title, own.nav, agencyPages, words.agency[look.language].today.lede)
}
