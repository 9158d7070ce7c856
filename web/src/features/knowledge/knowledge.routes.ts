import type { FeatureRoutes } from '@/ui'

export default [
  { path: '/app/knowledge/systems', component: () => import('./SystemList.vue'), meta: { title: 'knowledge.systems', menu: 'knowledge', order: 10 } },
  { path: '/app/knowledge/systems/:id', component: () => import('./SystemPage.vue'), props: true, meta: { title: 'knowledge.system', subject: 'system' } },
  { path: '/app/knowledge/documents', component: () => import('./DocumentList.vue'), meta: { title: 'knowledge.documents', menu: 'knowledge', order: 20 } },
] satisfies FeatureRoutes
