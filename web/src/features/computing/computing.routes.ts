import type { FeatureRoutes } from '@/ui'

export default [
  { path: '/app/computing', component: () => import('./ComputingTools.vue'), meta: { title: 'computing.title', menu: 'knowledge', order: 30 } },
] satisfies FeatureRoutes
