import type { Frame, NumberColumn } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { buyersOf } from '../../src/features/buyers.ts'
import { filterFrame } from '../../src/features/frames.ts'
import { lnChanceOfSilence } from '../../src/numeric/buying/buying-model.ts'
import { buyingModel } from '../../src/numeric/buying/fit-buying.ts'
import { fitRhythms } from '../../src/miners/churn/rhythm.ts'
import { tableOf } from '../../src/miners/churn/table.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { betaDraw, gammaDraw } from '../numeric/draws.ts'

const [HORIZON, ELIGIBLE] = [90, 365]
const rng = seededRng('survivors')

/** Customers that buy at their own rate and leave after a purchase with their own chance (BG/NBD), seen after up to six years. */
const customers = Array.from({ length: 2500 }, () => {
  const age = 200 + rng.next() * 2000
  const rate = gammaDraw(rng, 1.2, 60)
  const leaving = betaDraw(rng, 1, 4)
  let [at, repeats, last, isAlive] = [0, 0, 0, true]
  let next = Number.POSITIVE_INFINITY
  while (isAlive) {
    at += -Math.log(1 - rng.next()) / rate
    if (at > age) {
      next = at
      break
    }
    repeats++
    last = at
    isAlive = rng.next() >= leaving
  }
  return { age, repeats, last, silent: next > age + HORIZON ? 1 : 0 }
})

const column = (name: string, of: (one: (typeof customers)[number]) => number): NumberColumn => ({
  type: 'number',
  info: { name, label: name, unit: 'days', phrase: '{value}', sourceFields: [name], restricted: false },
  values: Float64Array.from(customers, of),
})
const frame: Frame = {
  asOf: 0,
  ids: customers.map((_, row) => `c${String(row).padStart(4, '0')}`),
  columns: [
    column('order_days', ({ repeats }) => repeats + 1),
    column('span_days', ({ last }) => last),
    column('tenure_days', ({ age }) => age),
  ],
  outcome: Float64Array.from(customers, ({ silent }) => silent),
  baskets: null,
  next: null,
}
const isEligible = customers.map(({ age, last }) => (age - last <= ELIGIBLE ? 1 : 0))
const table = tableOf(filterFrame(frame, isEligible))
const rows = Uint32Array.from(table.ids.keys())
const happened = customers.filter((_, row) => isEligible[row]).reduce((sum, { silent }) => sum + silent, 0) / table.size

/** The share of those who are still customers that a fit expects to be silent. */
function said(buyers: ReturnType<typeof buyersOf>): number {
  const fit = fitRhythms(table, rows, buyers)!.find(({ model }) => model === 'bg-nbd')!
  const quiet = customers
    .filter((_, row) => isEligible[row])
    .map(({ age, last, repeats }) =>
      Math.exp(lnChanceOfSilence(buyingModel('bg-nbd'), fit.parameters, { repeats, recency: last, age }, HORIZON)),
    )
  return quiet.reduce((sum, chance) => sum + chance, 0) / quiet.length
}

describe('the buying rhythm', { timeout: 60_000 }, () => {
  it('is learned from everybody, also from those who stopped long ago: survivors alone know too little of stopping', () => {
    const everybody = buyersOf(frame)!
    expect(everybody.orderDays.length).toBe(customers.length)
    expect(table.size).toBeLessThan(0.8 * customers.length)
    const [all, survivors] = [said(everybody), said(undefined)]
    expect(Math.abs(all - happened)).toBeLessThan(0.025)
    expect(Math.abs(all - happened)).toBeLessThan(Math.abs(survivors - happened))
  })
})
