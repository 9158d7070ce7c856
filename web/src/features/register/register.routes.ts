import type { FeatureRoutes } from '@/ui'

const offices = { parties: ['office'], roles: ['officer', 'chief'] } as const
const keepers = { ...offices, levels: ['county', 'city', 'province'] } as const

export default [
  { path: '/app/enterprises', component: () => import('./EnterpriseList.vue'), meta: { title: 'register.enterprises', menu: 'register', order: 10, ...offices } },
  { path: '/app/enterprises/new', component: () => import('./EnterpriseForm.vue'), meta: { title: 'register.add', ...keepers } },
  {
    path: '/app/enterprises/:id/edit',
    component: () => import('./EnterpriseForm.vue'),
    props: true,
    meta: { title: 'register.change', parties: ['office', 'enterprise'], roles: ['officer', 'chief', 'filler', 'signatory'] },
  },
  {
    path: '/app/enterprises/:id',
    component: () => import('./EnterprisePage.vue'),
    props: true,
    meta: { title: 'register.enterprise', subject: 'enterprise', parties: ['office', 'enterprise'], roles: ['officer', 'chief', 'filler', 'signatory'] },
  },
  { path: '/app/my-enterprise', component: () => import('./MyEnterprise.vue'), meta: { title: 'register.mine', menu: 'register', order: 10, parties: ['enterprise'] } },
  { path: '/app/register/imports', component: () => import('./ImportList.vue'), meta: { title: 'register.import.title', menu: 'register', order: 20, ...keepers } },
  { path: '/app/register/imports/:id', component: () => import('./ImportPage.vue'), props: true, meta: { title: 'register.import.one', ...keepers } },
  { path: '/app/register/unmatched', component: () => import('./UnmatchedQueue.vue'), meta: { title: 'register.queue.title', menu: 'register', order: 30, ...keepers } },
  { path: '/app/register/parties', component: () => import('./PartyList.vue'), meta: { title: 'register.parties.title', menu: 'register', order: 40, ...offices } },
  { path: '/app/register/secret-units', component: () => import('./SecretUnits.vue'), meta: { title: 'register.secret.title', menu: 'register', order: 50, ...offices } },
] satisfies FeatureRoutes
