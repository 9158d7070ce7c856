import { shallowRef } from 'vue'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { Problem } from '@/api/client'
import { i18n } from '@/ui/i18n'
import { rememberRouter, type FeatureRoutes } from '@/ui/routes'
import { belongs, useSession } from '@/ui/session'
import NotFound from './NotFound.vue'

const files = import.meta.glob<{ default: FeatureRoutes }>('../features/*/*.routes.ts', { eager: true })
const features: RouteRecordRaw[] = Object.values(files).flatMap((file) => file.default)

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    ...features,
    { path: '/app/:rest(.*)*', component: NotFound, meta: { title: 'app.notFound.title' } },
    { path: '/:rest(.*)*', component: NotFound, meta: { title: 'app.notFound.title' } },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? undefined : { top: 0 }),
})
rememberRouter(router)

router.beforeEach(async (to) => {
  const session = useSession()
  const layout = to.meta.layout ?? (to.path.startsWith('/app') ? 'app' : 'public')
  if (layout !== 'app') return true
  await session.load()
  if (!session.post) return { path: '/login', query: to.fullPath === '/app' ? {} : { then: to.fullPath } }
  if (session.session?.user.must_change_password && to.path !== '/app/account') return { path: '/app/account', query: { change: '1' } }
  // Typed by hand or from an old link: the server would refuse anyway; say so calmly.
  if (!belongs(session.post, to.meta)) return { path: '/app', query: { denied: '1' } }
  return true
})

/** Why the page asked for could not be opened at all: the server is out of reach, or refuses before any page can say so. */
export const blocked = shallowRef<{ problem: Problem; path: string }>()

/** Once: a file that stays away must not make the browser go round for ever. */
function fetchAnew(path: string): boolean {
  const last = Number(sessionStorage.getItem('qy_fetched_anew') ?? 0)
  if (Date.now() - last < 30_000) return false
  sessionStorage.setItem('qy_fetched_anew', String(Date.now()))
  location.assign(path)
  return true
}

router.onError((error: unknown, to) => {
  if (error instanceof Problem) blocked.value = { problem: error, path: to.fullPath }
  // A newer release has replaced the files of this one: fetch the page anew.
  else if (error instanceof Error && /dynamically imported module|module script failed|preload CSS/i.test(error.message)) {
    if (!fetchAnew(to.fullPath)) blocked.value = { problem: new Problem(0, 'network.release', i18n.global.t('app.newer')), path: to.fullPath }
  } else throw error
})
router.afterEach(() => {
  blocked.value = undefined
})

// After a change of page the title is where reading begins.
router.afterEach((to, from) => {
  if (to.path === from.path || from.matched.length === 0) return
  setTimeout(() => document.getElementById('page-title')?.focus({ preventScroll: true }), 0)
})
