import type { FeatureRoutes } from '@/ui'

export default [
  { path: '/login', component: () => import('./LoginPage.vue'), meta: { title: 'identity.login.title', layout: 'bare' } },
  { path: '/activate', component: () => import('./ActivatePage.vue'), meta: { title: 'identity.activate.title', layout: 'bare' } },
  { path: '/app/account', component: () => import('./AccountPage.vue'), meta: { title: 'identity.account.title' } },
] satisfies FeatureRoutes
