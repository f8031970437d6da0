// The pages of this desk; but the first, each is fetched when somebody goes there. What stands behind # says which.
import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'
import TodayPage from './today/TodayPage.vue'

const routes: RouteRecordRaw[] = [
  { path: '/today', name: 'today', component: TodayPage },
  { path: '/import', name: 'import', component: () => import('./import/ImportPage.vue') },
  { path: '/leads', name: 'leads', component: () => import('./leads/LeadsPage.vue') },
  { path: '/follow', name: 'follow', component: () => import('./follow/FollowPage.vue') },
  { path: '/registers', name: 'registers', component: () => import('./registers/RegistersPage.vue') },
  { path: '/progress', name: 'progress', component: () => import('./progress/ProgressPage.vue') },
  { path: '/settings', name: 'settings', component: () => import('./settings/SettingsPage.vue') },
  { path: '/:other(.*)*', redirect: { name: 'today' } },
]

export const router = createRouter({ history: createWebHashHistory(), routes })
