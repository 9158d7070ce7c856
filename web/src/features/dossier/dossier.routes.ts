import type { FeatureRoutes } from '@/ui'

export default [
  { path: '/app/audits/:id/dossier', component: () => import('./DossierPage.vue'), props: true, meta: { title: 'dossier.title', subject: 'dossier', caseTab: 50 } },
] satisfies FeatureRoutes
