import type { FeatureRoutes } from '@/ui'

const readers = { roles: ['officer', 'chief', 'filler', 'signatory', 'consultant', 'expert', 'operator'] } as const

export default [
  { path: '/app/audits', component: () => import('./AuditList.vue'), meta: { title: 'audits.title', menu: 'audits', order: 10, ...readers } },
  { path: '/app/audits/:id', component: () => import('./AuditPage.vue'), props: true, meta: { title: 'audits.overview', subject: 'audit', caseTab: 10, ...readers } },
  { path: '/app/audits/:id/log', component: () => import('./AuditLog.vue'), props: true, meta: { title: 'audits.log', caseTab: 90, ...readers } },
] satisfies FeatureRoutes
