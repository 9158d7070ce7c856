import { describe, expect, it } from 'vitest'
import { chinaDay, daysBetween, formatBytes, formatDate, formatNumber, groupThousands, roundHalfEven, shiftLeft, withoutTrailingZeros } from './format'

describe('roundHalfEven', () => {
  it.each([
    ['half goes to the even digit below', '2.05', 1, '2.0'],
    ['half goes to the even digit above', '2.15', 1, '2.2'],
    ['a hair over half goes up', '2.0501', 1, '2.1'],
    ['missing places are filled', '2', 2, '2.00'],
    ['carries through nines', '9.996', 2, '10.00'],
    ['whole numbers', '12.5', 0, '12'],
    ['a negative that vanishes loses its sign', '-0.004', 2, '0.00'],
    ['longer than a double can hold', '12345678901234567890.125', 2, '12345678901234567890.12'],
    ['no decimal at all is left alone', 'n/a', 2, 'n/a'],
  ])('%s', (_name, value, decimals, expected) => expect(roundHalfEven(value, decimals)).toBe(expected))
})

describe('formatNumber', () => {
  it.each([
    ['thousands', '1234567.80', undefined, '1,234,567.80'],
    ['three digits need no comma', '999', undefined, '999'],
    ['a minus is a minus sign', '-1234', undefined, '−1,234'],
    ['leading zeros go', '0012', undefined, '12'],
    ['a double shows no exponent', 0.0000001, undefined, '0.0000001'],
    ['blank stays blank', null, 2, ''],
    ['zero is not blank', '0', 2, '0.00'],
  ])('%s', (_name, value, decimals, expected) => expect(formatNumber(value, decimals)).toBe(expected))
})

describe('the rest', () => {
  it('moves the decimal point without arithmetic', () => {
    expect(shiftLeft('12000000.00', 4)).toBe('1200.000000')
    expect(shiftLeft('5', 4)).toBe('0.0005')
    expect(shiftLeft('-120', 2)).toBe('-1.20')
    expect(withoutTrailingZeros('1200.500000')).toBe('1200.5')
    expect(withoutTrailingZeros('1200')).toBe('1200')
  })
  it('shows instants in China time', () => {
    expect(formatDate('2026-11-23T16:30:00.000Z')).toBe('2026-11-24 00:30')
    expect(formatDate('2026-11-23T16:30:00.000Z', true)).toBe('2026-11-24')
    expect(formatDate('2026-11-23')).toBe('2026-11-23')
    expect(formatDate(null)).toBe('')
    expect(chinaDay(new Date('2026-11-23T16:00:00Z'))).toBe('2026-11-24')
  })
  it('counts calendar days', () => {
    expect(daysBetween('2026-02-27', '2026-03-01')).toBe(2)
    expect(daysBetween('2026-11-23', '2026-09-20')).toBe(-64)
  })
  it('shows sizes', () => {
    expect(formatBytes(512)).toBe('512 B')
    expect(formatBytes(3_500_000)).toBe('3.3 MB')
  })
  it('leaves words alone', () => expect(groupThousands('about 12')).toBe('about 12'))
})
