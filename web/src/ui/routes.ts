import type { Component } from 'vue'
import type { RouteLocationRaw, Router, RouteRecordRaw } from 'vue-router'
import type { Audience } from './session'

/** The groups of the left menu, in their order: by task, not by table. `public` is the portal's own header. */
export const kMenuGroups = ['tasks', 'register', 'plans', 'audits', 'judgement', 'results', 'statistics', 'knowledge', 'services', 'outreach', 'system'] as const
export type MenuGroup = (typeof kMenuGroups)[number] | 'public'

declare module 'vue-router' {
  interface RouteMeta extends Audience {
    /** Key of the page's name in the locales: in the menu and in breadcrumbs. */
    title?: string
    /** In which group of the menu it stands; without it the page is reached from others only. */
    menu?: MenuGroup
    /** Place within its group. */
    order?: number
    icon?: Component
    /** app: logged in, with menu (default below /app) · public: the portal's header (default elsewhere) · bare: nothing around. */
    layout?: 'app' | 'public' | 'bare'
    /** This page shows one thing of that kind, its id being the last parameter: `linkTo(kind, id)` leads here. */
    subject?: string
    /** This page is a tab of a case (`CaseFrame`), at this place; its path holds `:id`. */
    caseTab?: number
  }
}

/** What a feature's `<room>.routes.ts` exports by default. */
export type FeatureRoutes = RouteRecordRaw[]

let router: Router | undefined
export function rememberRouter(value: Router) {
  router = value
}

/** A path that the server gives ("/audits/…", as the rooms write it, or "/app/audits/…"), if it leads somewhere; else the subject's page. */
export function linkFrom(path: string | null | undefined, kind = '', id = ''): RouteLocationRaw | undefined {
  for (const candidate of path ? [path, `/app${path}`] : []) {
    if (candidate.startsWith('/app') && router?.resolve(candidate).matched.some((record) => !record.path.includes(':rest'))) return candidate
  }
  return kind ? linkTo(kind, id) : undefined
}

/** The page that shows `kind` `id` ("audit", "enterprise", "list" …), if some feature has one and the person may see it. */
export function linkTo(kind: string, id: string): RouteLocationRaw | undefined {
  const record = router?.getRoutes().find((one) => one.meta.subject === kind)
  if (!record) return undefined
  const last = [...record.path.matchAll(/:\w+/g)].pop()?.[0]
  return { path: last ? record.path.replace(last, encodeURIComponent(id)) : record.path }
}
