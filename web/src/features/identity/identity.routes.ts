import type { FeatureRoutes } from '@/ui'

export default [
  { path: '/login', component: () => import('./LoginPage.vue'), meta: { title: 'identity.login.title', layout: 'bare' } },
  { path: '/activate', component: () => import('./ActivatePage.vue'), meta: { title: 'identity.activate.title', layout: 'bare' } },
  { path: '/app/account', component: () => import('./AccountPage.vue'), meta: { title: 'identity.account.title' } },
  { path: '/app/team', component: () => import('./TeamPage.vue'), meta: { title: 'identity.team.title', menu: 'system', order: 10, roles: ['filler', 'signatory', 'consultant', 'operator'] } },
  { path: '/app/people', component: () => import('./PeoplePage.vue'), meta: { title: 'identity.people.title', menu: 'system', order: 20, roles: ['administrator'] } },
  { path: '/app/offices', component: () => import('./OfficesPage.vue'), meta: { title: 'identity.offices.title', menu: 'system', order: 30, roles: ['administrator'] } },
  { path: '/app/log', component: () => import('./LogPage.vue'), meta: { title: 'identity.log.title', menu: 'system', order: 40, roles: ['security_auditor'] } },
  { path: '/app/accounts/:party/:id', component: () => import('./PartyAccountsPage.vue'), props: true, meta: { title: 'identity.accounts.title', parties: ['office'] } },
] satisfies FeatureRoutes
