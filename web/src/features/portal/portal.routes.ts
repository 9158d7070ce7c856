import type { FeatureRoutes } from '@/ui'

export default [
  { path: '/', component: () => import('./FrontPage.vue'), meta: { title: 'portal.home', menu: 'public', order: 10, layout: 'public' } },
  { path: '/lists', component: () => import('./PublicLists.vue'), meta: { title: 'portal.lists', menu: 'public', order: 20, layout: 'public' } },
  { path: '/lists/:id', component: () => import('./PublicList.vue'), props: true, meta: { title: 'portal.list', layout: 'public' } },
  { path: '/enterprises/:id', component: () => import('./PublicEnterprise.vue'), props: true, meta: { title: 'portal.enterprise', layout: 'public' } },
  { path: '/law', component: () => import('./LawPage.vue'), meta: { title: 'portal.law', menu: 'public', order: 30, layout: 'public' } },
] satisfies FeatureRoutes
