// The pages of this desk; but the first, each is fetched when somebody goes there. What stands behind # says which.
import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'
import OverviewPage from './overview/OverviewPage.vue'

const routes: RouteRecordRaw[] = [
  { path: '/overview', name: 'overview', component: OverviewPage },
  { path: '/evidence/:policy?/:metric?', name: 'evidence', component: () => import('./evidence/EvidencePage.vue') },
  { path: '/decisions', name: 'decisions', component: () => import('./decisions/DecisionsPage.vue') },
  { path: '/compare', name: 'compare', component: () => import('./compare/ComparePage.vue') },
  { path: '/snapshots', name: 'snapshots', component: () => import('./snapshots/SnapshotsPage.vue') },
  { path: '/oddities', name: 'oddities', component: () => import('./oddities/OdditiesPage.vue') },
  { path: '/charts', name: 'charts', component: () => import('./charts/ChartsPage.vue') },
  { path: '/:other(.*)*', redirect: { name: 'overview' } },
]

export const router = createRouter({ history: createWebHashHistory(), routes })
