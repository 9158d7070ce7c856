import type { FeatureRoutes } from '@/ui'

const readers = { roles: ['officer', 'chief', 'filler', 'signatory', 'consultant', 'expert'] } as const

export default [
  { path: '/app/audits/:id/dossier', component: () => import('./DossierPage.vue'), props: true, meta: { title: 'dossier.title', subject: 'dossier', caseTab: 50, ...readers } },
] satisfies FeatureRoutes
