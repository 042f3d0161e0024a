import type { Report, Sign } from '@assay/shared'
import type { Company } from './company.ts'
import { inside } from './look.ts'

/** Who is at which risk (percent); everybody else is at 10. */
export type Risks = ReadonlyMap<string, number>

const MODEL = 'planted'
const SIGN: Sign = {
  feature: 'days_since_last_order',
  text: '94 days since the last order',
  value: 94,
  contribution: 1.2,
  points: 20,
  evidence: null,
  sourceFields: ['deal.closedAt'],
  restricted: false,
}
const REPORT: Report = {
  miner: 'churn',
  version: 1,
  event: 'no order within 90 days',
  verdict: 'publish',
  why: 'planted by a test',
  protocol: 'later-period',
  population: { who: 'everybody', rows: 1000, positives: 300 },
  judgedAt: [],
  metrics: {},
  baselines: [],
  candidates: [],
  details: {},
}
const DEFINITION = { event: 'no order within 90 days', from: 'silence', horizonDays: 90, who: 'everybody' } as const

/**
 * A finished run of scores as `mine` would leave it, by one churn model that stays: a company of a few hundred seldom
 * has a model that passes its verdict, and what publish and alert do with one is the question here.
 */
export async function plantRun(company: Company, run: string, ids: readonly string[], risks: Risks): Promise<void> {
  await inside(company, async (app, connection) => {
    const live =
      (await app.control.models.live(connection, 'churn')) ??
      (await app.control.models.add({
        connection,
        miner: 'churn',
        minerVersion: 1,
        state: 'live',
        definition: DEFINITION,
        params: {},
        model: { name: MODEL },
        report: REPORT,
        dataUntil: company.clock.now,
        fittedAt: company.clock.now,
      }))
    const scoredAt = company.clock.now
    await app.store.logScores(
      connection,
      ids.map((id) => {
        const risk = risks.get(id) ?? 10
        return {
          object: 'account',
          id,
          miner: 'churn',
          model: live.id,
          run,
          asOf: scoredAt,
          scoredAt,
          fields: { churn_risk: String(risk) },
          probability: risk / 100,
          signs: JSON.stringify([SIGN]),
          unscored: null,
        }
      }),
    )
    await app.control.decisions.set(connection, 'scores', { run, unit: 'account', today: scoredAt, dataUntil: scoredAt }, 'mine')
  })
}
