import type { FeatureRoutes } from '@/ui'

export default [
  {
    path: '/app/audits/:id/review',
    component: () => import('./ReviewPage.vue'),
    props: true,
    meta: { title: 'review.title', subject: 'review', caseTab: 60, roles: ['officer', 'chief', 'filler', 'signatory', 'consultant', 'expert'] },
  },
] satisfies FeatureRoutes
