import { describe, expect, it } from 'vitest'
import { REST_SIGN } from '@assay/shared'
import { recordChanges } from '../../src/flow/mine/record-changes.ts'
import type { DatedScore } from '../../src/store/churn-scores.ts'
import { DAY, MONDAY, sign } from './planes.ts'

const score = (risk: number, day: number, signs: DatedScore['signs'], model = 'm1'): DatedScore => ({
  object: 'account',
  id: 'a1',
  risk,
  model,
  asOf: MONDAY + day * DAY,
  signs,
})
const rest = (points: number) => sign(REST_SIGN, 'everything else', points)

describe('what changed since the last score of a record', () => {
  const before = score(30, 0, [sign('orders_90d', '4 orders in 90 days', -8), sign('cases_open', '2 open cases', 6), rest(2)])
  const now = score(52, 7, [
    sign('days_since_last_order', '94 days since the last order', 20),
    sign('orders_90d', '1 order in 90 days', 2),
    rest(0),
  ])

  it('is told sign by sign, the largest first, what is not said last, and adds up', () => {
    const said = recordChanges([now, before])!
    expect(said).toMatchObject({ id: 'a1', risk: { before: 30, now: 52 }, otherModel: false })
    expect(said.signs).toEqual([
      { feature: 'days_since_last_order', text: '94 days since the last order', before: null, now: 20 },
      { feature: 'orders_90d', text: '1 order in 90 days', before: -8, now: 2 },
      { feature: 'cases_open', text: '2 open cases', before: 6, now: null },
      { feature: REST_SIGN, text: 'everything else', before: 2, now: 0 },
    ])
    expect(said.signs.reduce((sum, one) => sum + (one.now ?? 0) - (one.before ?? 0), 0)).toBe(now.risk - before.risk)
  })

  it('says when another model spoke, and nothing where there is nothing to compare with', () => {
    expect(recordChanges([{ ...now, model: 'm2' }, before])!.otherModel).toBe(true)
    expect(recordChanges([now])).toBeNull()
    expect(recordChanges([])).toBeNull()
  })
})
