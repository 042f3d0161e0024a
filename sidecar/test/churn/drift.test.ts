import type { Trial } from '@assay/shared'
import { expect, test } from 'vitest'
import { driftOf } from '../../src/miners/churn/drift.ts'
import type { PropensityModel } from '../../src/miners/churn/model.ts'
import type { Pool } from '../../src/miners/churn/pool.ts'

const split = (auc: number, error: number) => ({ rows: 900, positives: 90, auc, low: auc - 2 * error, high: auc + 2 * error })
/** A judged period as its model said it would be, and a model that was tried on earlier periods with that result. */
const said = (splits: readonly ReturnType<typeof split>[]): string | null => {
  const rate = 0.1
  const model = { validation: { kind: 'later periods', splits }, trained: { rate } } as unknown as PropensityModel
  const period = { asOf: 0, rows: 900, positives: 90, said: rate, auc: { value: 0.5, low: 0.5, high: 0.5, error: 0 } }
  return driftOf({ periods: [period] } as unknown as Pool, [{ model, frame: { asOf: 0 } } as unknown as Trial<PropensityModel>])
}

test('a ranking that stood on its head in an earlier period is drift', () => {
  expect(said([split(0.37, 0.02), split(0.52, 0.02)])).toContain('ranked worse than chance in 1 of them (AUC .37, .52)')
})

test('scores that hardly vary lie surely below .5 by next to nothing: no signal, and no drift', () => {
  expect(said([split(0.498, 0.0005), split(0.5, 0.0001)])).toBeNull()
})
