import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { ElMessage } from 'element-plus'
import { configureClient, Problem } from '@/api/client'
import { addWords, i18n, preferredLanguage, showLanguage } from '@/ui/i18n'
import { useSession } from '@/ui/session'
import App from './App.vue'
import { router } from './router'
import 'element-plus/theme-chalk/base.css'
import '@/ui/theme.css'

type Words = { default: Record<string, unknown> }
addWords(import.meta.glob<Words>(['../features/*/locales/*.ts', '../ui/locales/*.ts']))
addWords(import.meta.glob<Words>('./locales/*.ts'), 'app')

const app = createApp(App).use(createPinia()).use(i18n)
const session = useSession()

configureClient({
  language: () => i18n.global.locale.value,
  post: () => session.postId,
  words: (key, status) => i18n.global.t(`ui.problem.${key}`, { status: status ?? 0 }),
  onUnauthenticated: () => {
    if (!session.loggedIn) return
    session.forget()
    router.replace({ path: '/login', query: { then: router.currentRoute.value.fullPath, expired: '1' } })
  },
})

// A refusal that no view expected is still told in its own sentence; anything else is our fault and stays in the console for whoever looks.
app.config.errorHandler = (error) => {
  console.error(error)
  ElMessage.error(error instanceof Problem ? error.message : i18n.global.t('app.broken'))
}

showLanguage(preferredLanguage()).then(() => app.use(router).mount('#app'))
