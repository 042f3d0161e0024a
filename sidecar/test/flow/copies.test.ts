import type { Column, EventDefinition, Frame } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { firstOfCopies } from '../../src/numeric/copies.ts'
import { flatLesson } from '../../src/flow/mine/flat-lesson.ts'
import { splitsOf } from '../../src/miners/churn/splits.ts'
import { tableOf } from '../../src/miners/churn/table.ts'
import { seededRng } from '../../src/numeric/rng.ts'

const info = (name: string) => ({ name, label: name, unit: 'number', phrase: '{value}', sourceFields: [], restricted: false }) as const
const definition: EventDefinition = { event: 'gone', from: 'column', horizonDays: null, who: 'all' }

/** `size` rows of two measured numbers and a word; from `twice` on each row says again what the one `twice` before it says. */
function table(size: number, twice = size): Frame {
  const draw = seededRng('copies')
  const once = Array.from({ length: twice }, () => [draw.next(), draw.next(), draw.below(3), draw.below(4) === 0 ? 1 : 0] as const)
  const cell = (row: number, k: number): number => once[row % twice]![k]!
  const rows = Array.from({ length: size }, (_, row) => row)
  const columns: Column[] = [
    { type: 'number', info: info('balance'), values: Float64Array.from(rows, (row) => cell(row, 0)) },
    { type: 'number', info: info('income'), values: Float64Array.from(rows, (row) => (row % twice === 5 ? Number.NaN : cell(row, 1))) },
    { type: 'category', info: info('plan'), codes: Int32Array.from(rows, (row) => cell(row, 2)), levels: ['a', 'b', 'c'] },
  ]
  const outcome = Float64Array.from(rows, (row) => cell(row, 3))
  return { asOf: null, ids: rows.map((row) => `r${row}`), columns, outcome, baskets: null, next: null }
}

describe('rows that are there twice', () => {
  it('are never judged by a model that learned from their copy, and it is said how many there are', () => {
    const lesson = flatLesson(table(600, 300), definition, 'none', seededRng('folds'))
    const judged = new Set<string>()
    for (const { training, frame } of lesson.trials) {
      const taught = new Set(training.frames[0]!.ids.map((id) => Number(id.slice(1)) % 300))
      for (const id of frame.ids) {
        expect(taught.has(Number(id.slice(1)) % 300)).toBe(false)
        judged.add(id)
      }
    }
    expect(judged.size).toBe(600)
    expect(lesson.note).toContain('300 of 600 rows say in every column what an earlier row says')
    expect(flatLesson(table(600, 300), definition, 'file', seededRng('folds')).note).toContain('export each once')
  })

  it('choose no model either: the folds inside the training rows keep them together', () => {
    const { splits } = splitsOf(tableOf(table(600, 300)), 'none', null, 5, 'seed')
    expect(splits.length).toBe(5)
    for (const { train, validate } of splits) {
      const taught = new Set([...train].map((row) => row % 300))
      expect([...validate].some((row) => taught.has(row % 300))).toBe(false)
    }
  })

  it('are not looked for among customers of few traits, who are alike by chance', () => {
    const few = { ...table(600), columns: table(600).columns.slice(2) }
    expect([...firstOfCopies(few.columns, 600)]).toEqual([...few.ids.keys()])
    expect(flatLesson(few, definition, 'none', seededRng('folds')).note).toBeNull()
  })

  it('leave a table without them as it was: folds of equal size, nothing said', () => {
    const lesson = flatLesson(table(600), definition, 'none', seededRng('folds'))
    expect(lesson.note).toBeNull()
    for (const { frame } of lesson.trials) expect(Math.abs(frame.ids.length - 120)).toBeLessThanOrEqual(1)
  })
})
