import type { CrmRecord } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { dayNumber } from '../../src/features/day-number.ts'
import { flatFrame } from '../../src/features/flat.ts'
import { day, live } from '../store/records.ts'
import { openedStore, SLOW } from './opened-store.ts'

const opened = openedStore()

describe('a flat table as a frame', { timeout: SLOW }, () => {
  it('has numbers, days and words, gaps where nothing was said, and says what it left out and why', async () => {
    const rows = Array.from({ length: 20 }, (_, i): CrmRecord =>
      live(
        'account',
        String(i),
        '2025-01-01',
        { name: `Customer ${i}` },
        {
          attributes: {
            '#row': 20 - i,
            Left: i % 3 === 0 ? 'Yes' : i === 1 ? '' : 'No',
            Spend: i === 4 ? null : i * 1.5,
            Since: `2024-01-${String(i + 1).padStart(2, '0')}`,
            Colour: i % 2 === 0 ? 'red' : 'blue',
            Key: `key ${i}`,
            Same: 'x',
            Ignored: i,
            assay_churn_risk: 99 - i,
          },
        },
      ),
    )
    await opened.store.append('flat', rows)
    const { frame, leftOut } = await flatFrame(opened.store.driver, {
      connection: 'flat',
      kind: 'account',
      asOf: day('2025-06-01'),
      outcome: { column: 'Left', isPositive: (value) => value === 'Yes' },
      ignore: ['Ignored'],
      order: 'file',
    })
    expect(frame.ids).toEqual(Array.from({ length: 20 }, (_, i) => String(19 - i)))
    const at = frame.ids.indexOf('4')
    const column = (name: string) => frame.columns.find((one) => one.info.name === name)!
    const numbers = (name: string): Float64Array => (column(name) as { values: Float64Array }).values
    expect(numbers('Spend')[at]).toBeNaN()
    expect(numbers('Spend')[frame.ids.indexOf('2')]).toBe(3)
    expect(numbers('Since')[at]).toBe(dayNumber('2024-01-05'))
    expect(column('Colour')).toMatchObject({ type: 'category', levels: ['blue', 'red'] })
    expect([...frame.outcome!].filter(Number.isNaN).length).toBe(1)
    expect([...frame.outcome!].filter((value) => value === 1).length).toBe(7)
    expect(frame.columns.map((one) => one.info.name).sort()).not.toContain('assay_churn_risk')
    expect(leftOut.map((one) => one.column)).toEqual(expect.arrayContaining(['Ignored', 'Key', 'Same']))
    expect(frame.columns.map((one) => one.info.name)).not.toContain('Left')
  })

  it('leaves out what only numbers the rows, and keeps it where it is declared stable', async () => {
    const rows = Array.from({ length: 60 }, (_, i): CrmRecord =>
      live(
        'account',
        `n${i}`,
        '2025-01-01',
        {},
        { attributes: { Left: i % 3 === 0 ? 'Yes' : 'No', RowNumber: ((i * 7) % 60) + 1, Age: 20 + (i % 59), Score: i + 0.5 } },
      ),
    )
    await opened.store.append('numbered', rows)
    const request = {
      connection: 'numbered',
      kind: 'account',
      asOf: day('2025-06-01'),
      outcome: { column: 'Left', isPositive: (value: string) => value === 'Yes' },
      ignore: [],
      order: 'none',
    } as const
    const names = (frame: { columns: readonly { info: { name: string } }[] }): string[] => frame.columns.map(({ info }) => info.name)
    const plain = await flatFrame(opened.store.driver, request)
    expect(plain.leftOut.find(({ column }) => column === 'RowNumber')?.why).toContain('numbers the rows')
    expect(names(plain.frame)).toEqual(expect.arrayContaining(['Age', 'Score']))
    expect(names(plain.frame)).not.toContain('RowNumber')
    expect(names((await flatFrame(opened.store.driver, { ...request, stable: ['RowNumber'] })).frame)).toContain('RowNumber')
  })
})

describe('days counted without a clock', () => {
  it.each(['1970-01-01', '2000-02-29', '2024-12-31T23:59:59Z', '1899-12-31', '2100-03-01'])('%s', (text) => {
    expect(dayNumber(text)).toBe(Date.parse(text.slice(0, 10)) / 86_400_000)
  })
  it('are none for other text', () => expect(dayNumber('12/31/2024')).toBeNaN())
})
