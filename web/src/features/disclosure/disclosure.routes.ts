import type { FeatureRoutes } from '@/ui'

export default [
  {
    path: '/app/audits/:id/disclosure',
    component: () => import('./DisclosurePage.vue'),
    props: true,
    meta: { title: 'disclosure.title', subject: 'disclosure', caseTab: 20, roles: ['officer', 'chief', 'filler', 'signatory', 'consultant'] },
  },
] satisfies FeatureRoutes
