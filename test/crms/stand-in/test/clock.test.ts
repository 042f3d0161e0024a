import { expect, test } from 'vitest'
import { createClock } from '../src/index.ts'

test('a clock runs with another one, and is moved on', () => {
  let other = 1000
  const clock = createClock(() => other)
  clock.advance(50)
  other += 7
  expect(clock.now()).toBe(1057)
})
