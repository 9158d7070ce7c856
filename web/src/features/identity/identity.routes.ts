import type { FeatureRoutes } from '@/ui'

const routes: FeatureRoutes = [
  { path: '/login', component: () => import('./LoginPage.vue'), meta: { title: 'identity.login.title', layout: 'bare' } },
]
export default routes
