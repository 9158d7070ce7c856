/** Decimals stay strings until they are shown: nothing here goes through a double except percentages of counts. */

const kDecimal = /^([+-]?)(\d+)(?:\.(\d+))?$/

/** Adds one to the last digit of a string of digits: "0199" → "0200", "99" → "100". */
function increment(digits: string): string {
  let carry = 1
  let out = ''
  for (let i = digits.length - 1; i >= 0; i--) {
    const sum = Number(digits[i]) + carry
    out = String(sum % 10) + out
    carry = sum > 9 ? 1 : 0
  }
  return carry ? `1${out}` : out
}

/**
 * Rounds a decimal string to `decimals` places, half to even (GB/T 8170): "2.05" → "2.0", "2.15" → "2.2", "2.0501" → "2.1".
 * Text that is no plain decimal comes back as it is.
 */
export function roundHalfEven(value: string, decimals: number): string {
  const match = kDecimal.exec(value.trim())
  if (!match) return value
  const [, sign, whole, fraction = ''] = match
  if (fraction.length <= decimals) return `${sign}${whole}${decimals ? `.${fraction.padEnd(decimals, '0')}` : ''}`
  const kept = whole + fraction.slice(0, decimals)
  const rest = fraction.slice(decimals)
  const half = `5${'0'.repeat(rest.length - 1)}`
  const up = rest > half || (rest === half && Number(kept[kept.length - 1]) % 2 === 1)
  const digits = up ? increment(kept) : kept
  const cut = digits.length - decimals
  const text = decimals ? `${digits.slice(0, cut)}.${digits.slice(cut)}` : digits
  return /^[0.]*$/.test(text) ? text : sign + text
}

/** "1234567.80" → "1,234,567.80". Text that is no plain decimal comes back as it is. */
export function groupThousands(value: string): string {
  const match = kDecimal.exec(value.trim())
  if (!match) return value
  const [, sign, whole, fraction] = match
  const grouped = whole.replace(/^0+(?=\d)/, '').replace(/\B(?=(\d{3})+$)/g, ',')
  return sign.replace('-', '−') + grouped + (fraction === undefined ? '' : `.${fraction}`)
}

/** A number as people read it: grouped; with `decimals` rounded half to even. `null`, `undefined` and "" give "". */
export function formatNumber(value: string | number | null | undefined, decimals?: number): string {
  if (value === null || value === undefined || value === '') return ''
  const text = typeof value === 'number' ? plain(value) : value
  return groupThousands(decimals === undefined ? text : roundHalfEven(text, decimals))
}

/** A double without an exponent, at most ten decimals. */
function plain(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  if (Number.isInteger(value)) return value.toFixed(0)
  return value.toFixed(10).replace(/0+$/, '').replace(/\.$/, '')
}

/** Moves the decimal point `places` to the left: shiftLeft("12000000.00", 4) → "1200.000000". */
export function shiftLeft(value: string, places: number): string {
  const match = kDecimal.exec(value.trim())
  if (!match) return value
  const [, sign, whole, fraction = ''] = match
  const padded = whole.padStart(places + 1, '0')
  const cut = padded.length - places
  const tail = padded.slice(cut) + fraction
  return `${sign}${padded.slice(0, cut)}${tail ? `.${tail}` : ''}`
}

/** "1200.500000" → "1200.5", "12.00" → "12". */
export function withoutTrailingZeros(value: string): string {
  return value.includes('.') ? value.replace(/0+$/, '').replace(/\.$/, '') : value
}

/** The calendar day in China of an instant: where law and people are. */
export function chinaDay(instant: Date): string {
  return new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
}

/** "2026-11-23" stays; "2026-11-23T02:42:00.000Z" → "2026-11-23 10:42" (China time); `dayOnly` cuts the clock. */
export function formatDate(value: string | null | undefined, dayOnly = false): string {
  if (!value) return ''
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return value
  const instant = new Date(value)
  if (Number.isNaN(instant.getTime())) return value
  const local = new Date(instant.getTime() + 8 * 3_600_000).toISOString()
  return dayOnly ? local.slice(0, 10) : `${local.slice(0, 10)} ${local.slice(11, 16)}`
}

/** Calendar days from `from` to `to`, both YYYY-MM-DD; negative when `to` lies before. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)
}

/** Bytes as people read them: "3.4 MB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const units = ['KB', 'MB', 'GB']
  let value = bytes / 1024
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`
}
