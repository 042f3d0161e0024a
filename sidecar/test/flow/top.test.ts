import { expect, test } from 'vitest'
import { mostAtStake, type TopCustomer } from '../../src/flow/try/top.ts'

const customer = (id: string, risk: number | null, money: number | null): TopCustomer => ({
  id,
  name: null,
  risk,
  money,
  signs: [],
  facts: [],
  segment: null,
  offers: [],
})
const order = (...all: readonly TopCustomer[]): string =>
  mostAtStake(all)
    .map(({ id }) => id)
    .join(' ')

test('risk times money decides, and without amounts the risk, not the name', () => {
  expect(order(customer('a', 10, 100), customer('b', 50, 90), customer('c', 90, 1))).toBe('b a c')
  expect(order(customer('a', 10, null), customer('b', 50, null), customer('c', 90, null))).toBe('c b a')
  expect(order(customer('a', 10, 0), customer('b', 50, 0))).toBe('b a')
})

test('who has no score comes only where nobody has one', () => {
  expect(order(customer('a', null, 900), customer('b', 5, 1))).toBe('b')
  expect(order(customer('a', null, 1), customer('b', null, 900))).toBe('b a')
})
