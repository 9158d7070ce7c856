import type { FeatureRoutes } from '@/ui'

export default [
  {
    path: '/app/audits/:id/ledger',
    component: () => import('./LedgerPage.vue'),
    props: true,
    meta: { title: 'worksheets.title', subject: 'worksheets', caseTab: 30, roles: ['officer', 'chief', 'filler', 'signatory', 'consultant', 'expert'] },
  },
] satisfies FeatureRoutes
