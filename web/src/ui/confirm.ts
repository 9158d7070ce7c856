import { ElMessageBox } from 'element-plus'
import { i18n } from './i18n'

/** Asks before something that cannot be taken back. The button says what happens: a verb. */
export async function confirmed(sentence: string, verb: string, title?: string): Promise<boolean> {
  const t: (key: string) => string = i18n.global.t
  try {
    await ElMessageBox.confirm(sentence, title ?? t('ui.confirm'), { confirmButtonText: verb, cancelButtonText: t('ui.cancel'), type: 'warning', autofocus: false })
    return true
  } catch {
    return false
  }
}
