import { expect, test } from 'vitest'
import { createFaults } from '../src/index.ts'

test('a family meets what is below it, a pattern the request, a star everything', () => {
  const faults = createFaults<string>()
  faults.next('records', 'by family')
  faults.next(/^GET .*page=2/, 'by request')
  faults.next('*', 'by nothing')
  expect(faults.take('recordsets', 'GET /?page=1')).toBe('by nothing')
  expect(faults.take('recordsets', 'GET /?page=1')).toBe(null)
  expect(faults.take('list', 'GET /?page=2')).toBe('by request')
  expect(faults.take('records.update', 'PATCH /')).toBe('by family')
  expect(faults.pending()).toBe(0)
})

test('are met in the order of planting, as often as was said, and forgotten when told so', () => {
  const faults = createFaults<string>()
  faults.after(1, 'list', 'first', 2)
  faults.next('list', 'second')
  expect(faults.pending()).toBe(3)
  expect([1, 2, 3, 4].map(() => faults.take('list', ''))).toEqual(['second', 'first', 'first', null])
  faults.next('*', 'for ever', Infinity)
  expect([faults.take('list', ''), faults.take('list', '')]).toEqual(['for ever', 'for ever'])
  faults.clear()
  expect(faults.take('list', '')).toBe(null)
})

test('somebody who is meant in another way takes them too', () => {
  const faults = createFaults<string>()
  faults.next('*', 'all')
  faults.next('bulk.list', 'within')
  expect(faults.takeIf((match) => match === 'bulk.list')).toBe('within')
  expect(faults.pending()).toBe(1)
})
