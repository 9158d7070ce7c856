import type { FeatureRoutes } from '@/ui'

const offices = { parties: ['office'], roles: ['officer', 'chief'] } as const

export default [
  { path: '/app/lists', component: () => import('./ListsPage.vue'), meta: { title: 'listing.title', menu: 'plans', order: 20, ...offices } },
  { path: '/app/lists/:id', component: () => import('./ListPage.vue'), props: true, meta: { title: 'listing.one', subject: 'list', ...offices } },
  { path: '/check/:code?', component: () => import('./CheckNotice.vue'), props: true, meta: { title: 'listing.check.title', menu: 'public', order: 40, layout: 'public' } },
] satisfies FeatureRoutes
