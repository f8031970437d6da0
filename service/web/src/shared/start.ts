// How a desk begins: who sits here is found out first; without a session the sign-in page comes up, without a line what is wrong.
import { createApp, h, type Component, type Plugin } from 'vue'
import './base.css'
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

/** The page's own parts are fetched while the session is asked for. */
export async function start(page: Component, roles: readonly Session['role'][], i18n: Plugin, router?: Router): Promise<void> {
  const app = createApp(page).use(i18n)
  if (router) app.use(router)
  try {
    const [found] = await Promise.all([needSession(roles), router?.isReady()])
    if (found) app.mount('#app')
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    mountProblem(error, i18n)
  }
}
