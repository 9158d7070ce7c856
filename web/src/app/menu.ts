import { Bell, Collection, Document, Files, House, List, Medal, Opportunity, Reading, Setting, Stamp, TrendCharts } from '@element-plus/icons-vue'
import { computed, type Component } from 'vue'
import { useRouter, type RouteRecordNormalized } from 'vue-router'
import { kMenuGroups, type MenuGroup } from '@/ui/routes'
import { belongs, useSession } from '@/ui/session'

export interface MenuItem {
  path: string
  title: string
}
export interface MenuSection {
  group: MenuGroup
  icon: Component
  items: MenuItem[]
}

const kIcons: Record<MenuGroup, Component> = {
  tasks: House,
  register: Collection,
  plans: List,
  audits: Files,
  judgement: Stamp,
  results: Medal,
  statistics: TrendCharts,
  knowledge: Reading,
  services: Opportunity,
  outreach: Bell,
  system: Setting,
  public: Document,
}

const byOrder = (a: RouteRecordNormalized, b: RouteRecordNormalized) => (a.meta.order ?? 100) - (b.meta.order ?? 100)
const item = (route: RouteRecordNormalized): MenuItem => ({ path: route.path, title: route.meta.title ?? route.path })

/** The menu of the post in use: groups without a page for it are left out. */
export function useMenu() {
  const router = useRouter()
  const session = useSession()
  const listed = router.getRoutes().filter((route) => route.meta.menu)

  const sections = computed<MenuSection[]>(() => {
    const post = session.post
    if (!post) return []
    return kMenuGroups
      .map((group) => ({
        group,
        icon: kIcons[group],
        items: listed
          .filter((route) => route.meta.menu === group && belongs(post, route.meta))
          .sort(byOrder)
          .map(item),
      }))
      .filter((section) => section.items.length)
  })

  const publicItems = listed.filter((route) => route.meta.menu === 'public').sort(byOrder).map(item)
  return { sections, publicItems }
}
