import type { FeatureRoutes } from '@/ui'

const readers = { roles: ['officer', 'chief', 'filler', 'signatory', 'consultant', 'expert'] } as const

export default [
  { path: '/app/audits/:id/benchmark', component: () => import('./BenchmarkPage.vue'), props: true, meta: { title: 'analysis.benchmark', subject: 'benchmark', caseTab: 35, ...readers } },
  { path: '/app/audits/:id/options', component: () => import('./OptionsPage.vue'), props: true, meta: { title: 'analysis.options', subject: 'options', caseTab: 40, ...readers } },
] satisfies FeatureRoutes
