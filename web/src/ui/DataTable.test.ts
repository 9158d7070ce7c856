import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { Problem, type Page, type Query } from '@/api/client'
import DataTable from './DataTable.vue'
import { i18n } from './i18n'
import words from './locales/en'

interface Row {
  id: string
  name: string
  n: number
}
const rows = (from: number, count: number): Row[] => Array.from({ length: count }, (_, i) => ({ id: `r${from + i}`, name: `Row ${from + i}`, n: (from + i) * 1000 }))
const asked: Query[] = []
let answer: (query: Query) => Page<Row>

async function open(url = '/list', props: Record<string, unknown> = {}) {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: { template: '<div/>' } }] })
  router.push(url)
  await router.isReady()
  const load = async (query: Query) => {
    asked.push(query)
    return answer(query)
  }
  const wrapper = mount(DataTable as never, {
    props: {
      label: 'Rows',
      columns: [
        { key: 'name', label: 'Name', sort: true },
        { key: 'n', label: 'Number', align: 'right' },
      ],
      filters: [{ key: 'q', label: 'Search' }],
      load,
      ...props,
    } as never,
    global: { plugins: [router, i18n] },
    attachTo: document.body,
  })
  await flushPromises()
  return { wrapper, router }
}

beforeEach(() => {
  i18n.global.locale.value = 'en' as never
  i18n.global.setLocaleMessage('en', { ui: words } as never)
  asked.length = 0
  document.body.innerHTML = ''
  answer = (query) => ({ items: rows((Number(query.page) - 1) * 20, 20), total: 45, page: Number(query.page), page_size: 20 })
})

describe('DataTable', () => {
  it('asks for what the URL says and shows it', async () => {
    const { wrapper } = await open('/list?page=2&sort=-name&q=abc')
    expect(asked).toEqual([{ q: 'abc', sort: '-name', page: 2, page_size: 20 }])
    expect(wrapper.findAll('tbody tr')).toHaveLength(20)
    expect(wrapper.text()).toContain('Row 20')
    expect(wrapper.text()).toContain('20,000')
    expect(wrapper.text()).toContain('45 records')
    expect(wrapper.find('th[aria-sort="descending"]').text()).toBe('Name')
  })
  it('puts a click on a heading or a page number into the URL', async () => {
    const { wrapper, router } = await open()
    await wrapper.find('th button').trigger('click')
    await flushPromises()
    expect(router.currentRoute.value.query).toEqual({ sort: 'name' })
    await wrapper.find('button[aria-label="Page 3"]').trigger('click')
    await flushPromises()
    expect(router.currentRoute.value.query).toEqual({ sort: 'name', page: '3' })
    expect(asked.at(-1)).toMatchObject({ sort: 'name', page: 3 })
  })
  it('goes back to the first page when a filter changes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }) // Node 18's performance marks need the real clock
    const { wrapper, router } = await open('/list?page=3')
    await wrapper.find('input').setValue('plating')
    await vi.advanceTimersByTimeAsync(500)
    vi.useRealTimers()
    await flushPromises()
    expect(router.currentRoute.value.query).toEqual({ q: 'plating' })
  })
  it('keeps the answer to the newest question when answers overtake one another', async () => {
    const waiting: ((page: Page<Row>) => void)[] = []
    const load = () => new Promise<Page<Row>>((done) => waiting.push(done))
    const { wrapper } = await open('/list', { load })
    ;(wrapper.vm as unknown as { reload: () => void }).reload()
    waiting[1]({ items: rows(100, 1), total: 1, page: 1, page_size: 20 })
    await flushPromises()
    waiting[0]({ items: rows(0, 1), total: 1, page: 1, page_size: 20 })
    await flushPromises()
    expect(wrapper.text()).toContain('Row 100')
    expect(wrapper.text()).not.toContain('Row 0')
  })
  it('tells nothing here from nothing found', async () => {
    answer = () => ({ items: [], total: 0, page: 1, page_size: 20 })
    expect((await open('/list', { emptyTitle: 'No rows yet' })).wrapper.text()).toContain('No rows yet')
    expect((await open('/list?q=x')).wrapper.text()).toContain('Nothing matches these filters')
  })
  it('goes to the first page when the last one has emptied', async () => {
    answer = (query) => ({ items: query.page === 1 ? rows(0, 5) : [], total: 5, page: Number(query.page), page_size: 20 })
    const { wrapper } = await open('/list?page=2')
    await flushPromises()
    expect(wrapper.text()).toContain('Row 0')
  })
  it('shows the server’s sentence and keeps what was there', async () => {
    const { wrapper } = await open()
    answer = () => {
      throw new Problem(503, 'database.busy', 'The database is busy.')
    }
    await (wrapper.vm as unknown as { reload: () => Promise<void> }).reload()
    await flushPromises()
    expect(wrapper.find('[role="alert"]').text()).toContain('The database is busy.')
    expect(wrapper.text()).toContain('Row 0')
  })
  it('keeps a selection across pages and drops it with the filter', async () => {
    const { wrapper, router } = await open('/list', { selectable: true, 'onUpdate:selected': (value: Row[]) => wrapper.setProps({ selected: value } as never) })
    await wrapper.find('tbody input[type="checkbox"]').setValue(true)
    await router.replace('/list?page=2')
    await flushPromises()
    expect(wrapper.text()).toContain('1 selected')
    await wrapper.find('thead input[type="checkbox"]').setValue(true)
    expect(wrapper.text()).toContain('21 selected')
  })
})
