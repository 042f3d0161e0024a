import { expect, test } from 'vitest'
import type { Column, Frame } from '@assay/shared'
import { fieldProblems } from '../../src/flow/mine/field-check.ts'

const info = (name: string) => ({ name, label: name, unit: 'number', phrase: '{value}', sourceFields: [], restricted: false }) as const
const numbers = (name: string, values: number[]): Column => ({ type: 'number', info: info(name), values: Float64Array.from(values) })
const words = (name: string, codes: number[], levels: string[]): Column => ({
  type: 'category',
  info: info(name),
  codes: Int32Array.from(codes),
  levels,
})
const frame = (columns: readonly Column[]): Frame => ({
  asOf: null,
  ids: ['a', 'b', 'c', 'd'],
  columns,
  outcome: null,
  baskets: null,
  next: null,
})

test('each field with what is wrong with it, and nothing about the sound ones', () => {
  const said = fieldProblems(
    frame([
      numbers('sound', [1, 2, 3, Number.NaN]),
      numbers('twin', [1, 2, 3, Number.NaN]),
      numbers('empty', [Number.NaN, Number.NaN, Number.NaN, Number.NaN]),
      numbers('rare', [1, 2, Number.NaN, Number.NaN]),
      numbers('rarer', [Number.NaN, 2, 4, Number.NaN]),
      numbers('rarest', [Number.NaN, 2, Number.NaN, Number.NaN]),
      numbers('thin', [Number.NaN, Number.NaN, 7, Number.NaN]),
      numbers('still', [5, 5, Number.NaN, 5]),
      words('colour', [0, 1, -1, 0], ['red', 'blue']),
      words('paint', [1, 0, -1, 1], ['blue', 'red']),
    ]),
  )
  expect(said).toEqual([
    { field: 'empty', problem: 'missing', why: 'missing in every row' },
    { field: 'paint', problem: 'duplicated', why: 'says in every row what colour says' },
    { field: 'rarest', problem: 'constant', why: 'the same wherever it is known' },
    { field: 'still', problem: 'constant', why: 'the same wherever it is known' },
    { field: 'thin', problem: 'constant', why: 'the same wherever it is known' },
    { field: 'twin', problem: 'duplicated', why: 'says in every row what sound says' },
  ])
  const often = frame([numbers('often', [Number.NaN, Number.NaN, Number.NaN, 1])])
  const wide: Frame = { ...often, ids: ['a', 'b', 'c', 'd', 'e'], columns: [numbers('often', [Number.NaN, Number.NaN, Number.NaN, 1, 2])] }
  expect(fieldProblems(wide)).toEqual([{ field: 'often', problem: 'missing', why: 'missing in 60 % of 5 rows' }])
})

test('nobody there is no problem of the fields', () => {
  expect(fieldProblems({ ...frame([]), ids: [] })).toEqual([])
})
