import { ref, shallowRef } from 'vue'
import { Problem } from '@/api/client'

/**
 * Runs work against the server and keeps what went wrong for the view to show.
 *
 *   const { busy, problem, attempt, errorFor } = useAttempt()
 *   const save = () => attempt(async () => { etag = (await api.put(path, form, etag)).etag })
 */
export function useAttempt() {
  const busy = ref(false)
  const problem = shallowRef<Problem>()

  /** True when `work` succeeded. A Problem is kept; an abort is silent; anything else is a bug of ours and goes on up. */
  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    busy.value = true
    problem.value = undefined
    try {
      await work()
      return true
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return false
      if (!(error instanceof Problem)) throw error
      problem.value = error
      return false
    } finally {
      busy.value = false
    }
  }

  /** The sentence for a form field, for ElFormItem's `error`. */
  const errorFor = (field: string) => problem.value?.field(field) ?? ''

  return { busy, problem, attempt, errorFor }
}
