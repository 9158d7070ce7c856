import { ref } from 'vue'
import { api, type Schema } from '@/api/client'

export type Obligation = Schema<'Obligation'>
export type BoardCounts = Schema<'ObligationCounts'>

/** The four heaps of the board: what each counter shows, as a filter of the list below it. */
export const kHeaps = ['late', 'due_soon', 'with_me', 'with_others'] as const
export type Heap = (typeof kHeaps)[number]

/** The counters over "who holds the ball". */
export function useBoard() {
  const counts = ref<BoardCounts>()
  const load = async () => {
    counts.value = await api.get<BoardCounts>('/api/v1/obligations/counts')
  }
  return { counts, load }
}

/** Rows that are due in any way: the open ones, narrowed by the heap. */
export function queryOf(heap: Heap | ''): Record<string, string> {
  if (heap === 'late' || heap === 'due_soon') return { state: heap }
  if (heap === 'with_me') return { state: 'running', holder: 'me' }
  if (heap === 'with_others') return { state: 'running', holder: 'others' }
  return { state: 'open' }
}
