import type { FeatureRoutes } from '@/ui'

export default [
  { path: '/app', component: () => import('./HomePage.vue'), meta: { title: 'tasks.menu', menu: 'tasks', order: 0 } },
  { path: '/app/messages', component: () => import('./MessagesPage.vue'), meta: { title: 'tasks.messages.title' } },
] satisfies FeatureRoutes
