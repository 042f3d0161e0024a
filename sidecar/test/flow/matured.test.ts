import { expect, test } from 'vitest'
import { maturedOutcomes, type MaturedInput } from '../../src/flow/mine/matured.ts'
import { runSummary } from '../../src/store/run-summary.ts'
import { live } from '../store/records.ts'
import { churnEntry, DAY, openedPlanes, SLOW } from './planes.ts'

const planes = openedPlanes()
const SCORED = Date.UTC(2026, 0, 1)
const iso = (at: number): string => new Date(at).toISOString()

/** Ten customers; those with an even number order again within 90 days. The first eight have a published risk. */
async function company(): Promise<string> {
  const connection = await planes.connect()
  const records = Array.from({ length: 10 }, (_, i) => {
    const won = (id: string, at: number) =>
      live('deal', id, iso(at), { accountId: `${i}`, isClosed: true, isWon: true, closedAt: at, amount: 10, createdAt: at })
    const account = live('account', `${i}`, iso(SCORED - 400 * DAY), { name: `Account ${i}`, createdAt: SCORED - 400 * DAY })
    return [
      account,
      won(`a${i}`, SCORED - 20 * DAY),
      ...(i % 2 === 0 ? [won(`b${i}`, SCORED + 30 * DAY)] : [won(`c${i}`, SCORED + 120 * DAY)]),
    ]
  }).flat()
  await planes.store.append(connection, records)
  const risks = [70, 80, 10, 65, 20, 90, 5, 40, 99, 99]
  await planes.store.logScores(
    connection,
    risks.map((risk, i) => churnEntry(`${i}`, risk, { run: 'first', scoredAt: SCORED })),
  )
  await planes.store.logPublished(
    connection,
    risks.slice(0, 8).map((risk, i) => ({
      object: 'account' as const,
      id: `${i}`,
      run: 'first',
      writtenAt: SCORED + DAY,
      fields: { churn_risk: String(risk) },
    })),
  )
  return connection
}

test(
  'published scores are held against what came, once their horizon is over and not before',
  async () => {
    const connection = await company()
    const input: MaturedInput = {
      store: planes.store,
      connection,
      unit: 'account',
      today: SCORED + 91 * DAY,
      bands: { medium: 30, high: 60 },
      definitionOf: (model) =>
        model === 'm1' ? { event: 'no order within 90 days', from: 'silence', horizonDays: 90, who: 'customers' } : null,
      warned: [{ id: '5', at: SCORED + 3 * DAY }],
    }
    const found = await maturedOutcomes(input)
    // High and published: 0, 1, 3, 5; of them 1, 3 and 5 did not order again in time.
    expect(found).toMatchObject({
      event: 'no order within 90 days',
      n: 8,
      happened: 4,
      bands: [
        { band: 'Low', n: 3, happened: 0 },
        { band: 'Medium', n: 1, happened: 1 },
        { band: 'High', n: 4, happened: 3 },
      ],
      warned: { n: 1, happened: 1 },
      days: [{ on: '2026-01-01', n: 8 }],
    })
    expect(found?.text).toMatch(/^Of 4 such warnings 3 left/)
    // AUC by hand: events .8 .65 .9 .4 against .7 .1 .2 .05: 14 of 16 pairs.
    expect(found?.auc?.value).toBeCloseTo(14 / 16, 12)
    expect(await maturedOutcomes({ ...input, today: SCORED + 89 * DAY })).toBeNull()
    expect(await maturedOutcomes({ ...input, definitionOf: () => null })).toBeNull()
  },
  SLOW,
)

test(
  'a run is counted by miner: records, those without a score, and how the scores lie',
  async () => {
    const connection = await planes.connect()
    await planes.store.logScores(connection, [
      churnEntry('a', 4, { run: 'r', scoredAt: SCORED }),
      churnEntry('b', 99, { run: 'r', scoredAt: SCORED }),
      churnEntry('c', null, { run: 'r', scoredAt: SCORED }),
      churnEntry('c', 50, { run: 'other', scoredAt: SCORED }),
    ])
    const [churn, ...others] = await runSummary(planes.store, connection, 'r')
    expect(others).toEqual([])
    expect(churn).toMatchObject({ miner: 'churn', model: 'm1', rows: 3, unscored: 1 })
    expect(churn!.mean).toBeCloseTo(0.515, 12)
    expect([churn!.spread[0], churn!.spread[19], churn!.spread.reduce((a, b) => a + b, 0)]).toEqual([1, 1, 2])
    expect(await runSummary(planes.store, connection, 'nothing')).toEqual([])
  },
  SLOW,
)
