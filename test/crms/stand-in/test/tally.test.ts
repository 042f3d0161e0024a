import { expect, test } from 'vitest'
import { createTally } from '../src/index.ts'

test('calls and what came in one of them, by family and status', () => {
  const tally = createTally()
  tally.add('bulk', 200)
  tally.addWithin('bulk.list', 200)
  tally.addWithin('bulk.list', 422)
  tally.add('bulky', 404)
  expect(tally.total).toBe(2)
  expect([tally.count(), tally.count('bulk'), tally.count('bulk', 200), tally.count('bulk.list', 422)]).toEqual([4, 3, 2, 1])
  expect(tally.byFamily()).toEqual({ bulk: { 200: 1 }, 'bulk.list': { 200: 1, 422: 1 }, bulky: { 404: 1 } })
  tally.reset()
  expect([tally.total, tally.count()]).toEqual([0, 0])
})
