import { expect, it } from 'vitest'
import { isSentinel } from '../src/blanks.ts'
import { detectDate, parseDate } from '../src/dates.ts'
import { detectNumber, isCode, parseNumber } from '../src/numbers.ts'

const at = (text: string): number => Date.parse(text)

it.each([
  ['2011-09-09', 'iso', '2011-09-09T00:00:00Z'],
  ['2011/9/9 8:05', 'iso', '2011-09-09T08:05:00Z'],
  ['2018-02-26 19:58:54', 'iso', '2018-02-26T19:58:54Z'],
  ['2018-02-26T19:58:54.289Z', 'iso', '2018-02-26T19:58:54.289Z'],
  ['2018-02-26T19:58:54+02:00', 'iso', '2018-02-26T17:58:54Z'],
  ['2018-02-26T19:58:54.5-0330', 'iso', '2018-02-26T23:28:54.500Z'],
  ['31/12/2020', 'day first', '2020-12-31T00:00:00Z'],
  ['1.2.2020 13:00', 'day first', '2020-02-01T13:00:00Z'],
  ['1/2/20, 5:33 PM', 'month first', '2020-01-02T17:33:00Z'],
  ['12/31/1999 12:00 AM', 'month first', '1999-12-31T00:00:00Z'],
  ['12-Jan-2011', 'named month', '2011-01-12T00:00:00Z'],
  ['September 3, 2021', 'named month', '2021-09-03T00:00:00Z'],
  ['20200229', 'yyyymmdd', '2020-02-29T00:00:00Z'],
  ['1600000000', 'epoch seconds', '2020-09-13T12:26:40Z'],
  ['1600000000123', 'epoch milliseconds', '2020-09-13T12:26:40.123Z'],
] as const)('reads %s, written %s', (text, order, instant) => {
  expect(parseDate(text, order)).toBe(at(instant))
  expect(detectDate([text], { share: 1 })).not.toBeNull()
})

it.each([
  ['2023-02-30', 'iso'],
  ['2023-13-01', 'iso'],
  ['2023-01-01 25:00', 'iso'],
  ['31/02/2020', 'day first'],
  ['soon', 'iso'],
  ['2023-01-01x', 'iso'],
  ['1/2/20 13:33 PM', 'month first'],
] as const)('%s is no date', (text, order) => {
  expect(parseDate(text, order)).toBeNaN()
})

it('a day that programs write where none is known is none', () => {
  for (const day of [
    '0000-00-00',
    '1900-01-01',
    '1900-01-01 00:00:00',
    '1970-01-01T00:00:00.000Z',
    '0001-01-01',
    '1899-12-30',
    '01/01/1900',
    '1.1.1970 0:00',
  ])
    expect(isSentinel(day, 'date'), day).toBe(true)
  for (const day of ['1900-01-02', '1970-01-01 08:15', '2001-01-01', '01/01/2001', '1/1/19001'])
    expect(isSentinel(day, 'date'), day).toBe(false)
  expect(isSentinel('1900-01-01', 'text')).toBe(false)
})

it('tells day first from month first by days above 12', () => {
  expect(detectDate(['03/04/2020', '25/04/2020'], { share: 0.9 })).toMatchObject({ order: 'day first', ambiguous: false })
  expect(detectDate(['03/04/2020', '04/25/2020'], { share: 0.9 })).toMatchObject({ order: 'month first', ambiguous: false })
  expect(detectDate(['03.04.2020'], { share: 0.9 })).toMatchObject({ order: 'day first', ambiguous: false })
})

it('says when it cannot tell, and goes by another column or the clock', () => {
  expect(detectDate(['03/04/2020', '05/06/2020'], { share: 0.9 })).toMatchObject({ order: 'day first', ambiguous: true })
  expect(detectDate(['03/04/2020'], { share: 0.9, hint: 'month first' })).toMatchObject({ order: 'month first', ambiguous: false })
  expect(detectDate(['03/04/2020 5:00 PM'], { share: 0.9 })).toMatchObject({ order: 'month first', ambiguous: true })
})

it('takes a column of numbers for no date unless it is asked to', () => {
  expect(detectDate(['20200101', '20200102'], { share: 1, writtenOnly: true })).toBeNull()
  expect(detectDate(['20200101', '?', ''], { share: 1 })).toMatchObject({ order: 'yyyymmdd' })
})

it.each([
  ['1,234.56', '.', 1234.56],
  ['1.234,56', ',', 1234.56],
  ['1 234,56', ',', 1234.56],
  ['1\u00A0234\u202F567,5', ',', 1234567.5],
  ["1'234.50", '.', 1234.5],
  ['$1,200', '.', 1200],
  ['€ 12,5', ',', 12.5],
  ['12 EUR', '.', 12],
  ['EUR 12', '.', 12],
  ['12.5 %', '.', 12.5],
  ['(1,200.50)', '.', -1200.5],
  ['12-', '.', -12],
  ['-80995', '.', -80995],
  ['1e3', '.', 1000],
  ['.5', '.', 0.5],
] as const)('reads %s with the decimal sign %s', (text, decimal, value) => {
  expect(parseNumber(text, decimal)).toBe(value)
})

it.each(['', 'abc', '0x10', '1,23,4', '12 apples', '--', 'Infinity', '1.2.3', '1e999', '9'.repeat(400)])('"%s" is no number', (text) => {
  expect(parseNumber(text, '.')).toBeNaN()
})

it('decides the decimal sign by the values that only one of them explains', () => {
  expect(detectNumber(['1,5', '2,25', '1.000'], { share: 1, commaLikely: false })).toMatchObject({ decimal: ',', ambiguous: false })
  expect(detectNumber(['1,500.25', '2,250'], { share: 1, commaLikely: true })).toMatchObject({ decimal: '.', ambiguous: false })
  expect(detectNumber(['1.500', '2.250'], { share: 1, commaLikely: false })).toMatchObject({ decimal: '.', ambiguous: true })
  expect(detectNumber(['1,500'], { share: 1, commaLikely: true })).toMatchObject({ decimal: ',', ambiguous: true })
  expect(detectNumber(['1', '?', 'unknown', ''], { share: 1, commaLikely: false })).toMatchObject({ decimal: '.' })
  expect(detectNumber(['1', 'many'], { share: 1, commaLikely: false })).toBeNull()
})

it('knows codes from numbers', () => {
  expect(isCode('01234')).toBe(true)
  expect(isCode('0.5')).toBe(false)
  expect(isCode('12345678901234567')).toBe(true)
})
