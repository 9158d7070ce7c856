import type { FeatureRoutes } from '@/ui'

const offices = { parties: ['office'], roles: ['officer', 'chief'] } as const

export default [
  { path: '/app/statistics/progress', component: () => import('./ProgressPage.vue'), meta: { title: 'statistics.progress', menu: 'statistics', order: 10, ...offices } },
  { path: '/app/statistics/performance', component: () => import('./PerformancePage.vue'), meta: { title: 'statistics.performance', menu: 'statistics', order: 20, ...offices } },
] satisfies FeatureRoutes
