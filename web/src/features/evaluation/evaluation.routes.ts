import type { FeatureRoutes } from '@/ui'

export default [
  { path: '/app/panels', component: () => import('./PanelList.vue'), meta: { title: 'evaluation.title', menu: 'judgement', order: 10, parties: ['office', 'expert'], roles: ['officer', 'chief', 'expert'] } },
  { path: '/app/panels/:id', component: () => import('./PanelPage.vue'), props: true, meta: { title: 'evaluation.panel', subject: 'panel', parties: ['office', 'expert', 'enterprise'] } },
  {
    path: '/app/audits/:id/judgement',
    component: () => import('./JudgementPage.vue'),
    props: true,
    meta: { title: 'evaluation.judgement', subject: 'judgement', caseTab: 70, roles: ['officer', 'chief', 'filler', 'signatory', 'consultant', 'expert'] },
  },
] satisfies FeatureRoutes
