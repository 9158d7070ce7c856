import type { FeatureRoutes } from '@/ui'

export default [
  {
    path: '/app/audits/:id/result',
    component: () => import('./ResultPage.vue'),
    props: true,
    meta: { title: 'results.title', subject: 'result', caseTab: 80, roles: ['officer', 'chief', 'filler', 'signatory', 'consultant'] },
  },
] satisfies FeatureRoutes
