// How a desk begins: who sits here is found out first; without a session the sign-in page comes up, without a line what is wrong.
import { createApp, h, type Component, type Plugin } from 'vue'
import type { Router } from 'vue-router'
import { Problem, type Session } from './api'
import ProblemNote from './ProblemNote.vue'
import { needSession } from './session'

function mountProblem(problem: Problem, i18n: Plugin): void {
  const retry = () => location.reload()
  createApp({ render: () => h('main', h(ProblemNote, { problem, retry })) })
    .use(i18n)
    .mount('#app')
}

/** In place of the frame that came with the page; a link of it that somebody stood on keeps the focus. */
function takeOver(mount: () => void): void {
  const link = document.activeElement?.getAttribute('href')
  mount()
  if (link) document.querySelector<HTMLElement>(`#app a[href="${CSS.escape(link)}"]`)?.focus()
}

/** The page's own parts and its words are fetched while the session is asked for. */
export async function start(page: Component, roles: readonly Session['role'][], words: Promise<Plugin>, router?: Router): Promise<void> {
  const asked = needSession(roles)
  asked.catch(() => null) // looked at below
  const i18n = await words
  const app = createApp(page).use(i18n)
  if (router) app.use(router)
  try {
    const [found] = await Promise.all([asked, router?.isReady()])
    if (found) takeOver(() => app.mount('#app'))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    mountProblem(error, i18n)
  }
}
