import { useI18n } from 'vue-i18n'
import type { Schema } from '@/api/client'
import { formatNumber } from './format'
import { useText } from './text'

/** The value of a figure in the page's language: a number with its unit, a text, a day, why it does not apply. */
export function useFigureText() {
  const { t } = useI18n()
  const { unitText } = useText()
  function figureText(value: Schema<'FigureValue'> | null | undefined): string {
    const one = (value ?? {}) as { kind?: string; number?: string; unit?: string; text?: string; choice?: string; date?: string; reason?: string }
    if (one.kind === 'number') return `${formatNumber(one.number)} ${unitText(one.unit ?? '')}`.trim()
    if (one.kind === 'not_applicable') return t('ui.figure.notApplicable', { reason: one.reason ?? '' })
    if (one.kind === 'retracted') return t('ui.figure.retracted')
    return one.text ?? one.choice ?? one.date ?? ''
  }
  return { figureText }
}
