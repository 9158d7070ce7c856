import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { api, Problem, setCsrfToken, type Schema } from '@/api/client'
import { chinaDay } from './format'

/** One post of the person: in which office or enterprise, as what. */
export type Post = Schema<'SessionPost'>
/** Who is logged in; `today` is the server's day, on which deadlines are judged. */
export type Session = Schema<'Session'>

export type Role = Post['role']
export type Party = Post['party']
export type Line = Post['line']
export type Level = Post['level']

/** Who may see something. Lists are alternatives; a missing list allows everybody. */
export interface Audience {
  roles?: readonly Role[]
  parties?: readonly Party[]
  levels?: readonly Level[]
  lines?: readonly Line[]
}

/** Whether a post belongs to the audience. What it may *do* comes from the server as allowed_actions. */
export function belongs(post: Pick<Post, 'role' | 'party' | 'level' | 'line'>, audience: Audience): boolean {
  const has = <T>(list: readonly T[] | undefined, value: T) => !list || list.includes(value)
  return (
    has(audience.roles, post.role) &&
    has(audience.parties, post.party) &&
    has(audience.levels, post.level) &&
    has(audience.lines, post.line)
  )
}

const kPostKey = 'qy.post'
/** Set while somebody is logged in with this browser: the portal then asks who; it spares everybody else a refusal. */
const kHereKey = 'qy.here'

/** Who is logged in, in which post. The only state that lives beyond a page. */
export const useSession = defineStore('session', () => {
  const session = shallowRef<Session>()
  const loaded = ref(false)
  const postId = ref(sessionStorage.getItem(kPostKey) ?? '')

  const post = computed<Post | undefined>(() => {
    const posts = session.value?.posts ?? []
    return posts.find((one) => one.id === postId.value) ?? posts[0]
  })
  const today = computed(() => session.value?.today ?? chinaDay(new Date()))
  const loggedIn = computed(() => session.value !== undefined)

  function take(value: Session | undefined) {
    session.value = value
    loaded.value = true
    setCsrfToken(value?.csrf_token ?? '')
    if (value) localStorage.setItem(kHereKey, '1')
    else localStorage.removeItem(kHereKey)
  }

  /** Asks the server once who we are; no session is an answer as well. */
  async function load(again = false) {
    if (loaded.value && !again) return
    try {
      take(await api.get<Session>('/api/v1/session', undefined, { quiet: true }))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      // The post chosen last in this window may have ended since.
      if (error.code === 'post.not_yours' && postId.value) {
        switchPost('')
        return load(true)
      }
      if (error.status !== 401) throw error
      take(undefined)
    }
  }

  /** The same where nobody needs to be logged in. */
  async function loadIfHere() {
    if (localStorage.getItem(kHereKey)) await load()
  }

  async function logIn(login: string, password: string) {
    const answer = await api.post<Session>('/api/v1/session', { login, password }, { quiet: true })
    switchPost('')
    take(answer.value)
  }

  async function logOut() {
    await api.remove('/api/v1/session')
    forget()
  }

  /** The server no longer knows us. */
  function forget() {
    switchPost('')
    take(undefined)
  }

  function switchPost(id: string) {
    postId.value = id
    if (id) sessionStorage.setItem(kPostKey, id)
    else sessionStorage.removeItem(kPostKey)
  }

  /** Whether the post in use belongs to the audience. */
  const isOneOf = (audience: Audience) => post.value !== undefined && belongs(post.value, audience)

  return { session, loaded, loggedIn, post, today, postId, load, loadIfHere, logIn, logOut, take, forget, switchPost, isOneOf }
})
