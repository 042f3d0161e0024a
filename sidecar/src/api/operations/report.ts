import { AssayError, type Report } from '@assay/shared'
import { z } from 'zod'
import type { App } from '../../app.ts'
import type { Connection } from '../../control/index.ts'
import { customerNames } from '../../features/history.ts'
import { recordChanges } from '../../flow/mine/record-changes.ts'
import { MINERS } from '../../registry.ts'
import { lastChurnScores } from '../../store/churn-scores.ts'
import { operation } from '../operation.ts'
import { damageOf, damageWords } from './damage.ts'
import type { MineSummary } from './mine.ts'
import { requireMiner } from './models.ts'
import { type LastScores, SCORES_DECISION } from './scores.ts'

/** A report with its model, and what the last run added to it. */
export type ModelReport = Report & {
  readonly model: string
  readonly state: string
  readonly fittedAt: number
  readonly dataUntil: number
  /** Names of the customers that the report names by id, where they are known. */
  readonly names?: Readonly<Record<string, string>>
}

const RUNS = 200

/** What the newest finished run of mining said, or null. */
async function lastSummary(app: App, connection: Connection): Promise<Partial<MineSummary> | null> {
  const runs = await app.control.runs.list(RUNS)
  const found = runs.find((run) => run.connection === connection.id && run.step === 'score' && run.state === 'done')
  return (found?.detail as Partial<MineSummary> | undefined) ?? null
}

async function reportsOf(app: App, connection: Connection, miner: string | undefined): Promise<ModelReport[]> {
  requireMiner(miner)
  const summary = await lastSummary(app, connection)
  const reports: ModelReport[] = []
  for (const { miner: one } of MINERS.filter((entry) => miner === undefined || entry.miner.id === miner)) {
    const model = await app.control.models.current(connection.id, one.id)
    if (!model) continue
    const moves = summary?.miners?.find((mined) => mined.model === model.id)?.moves
    reports.push({
      model: model.id,
      state: model.state,
      fittedAt: model.fittedAt,
      dataUntil: model.dataUntil,
      ...model.report,
      ...(moves ? { moves } : {}),
      ...(one.id === 'churn' && summary?.matured ? { matured: summary.matured } : {}),
    })
  }
  if (reports.length === 0) throw new AssayError('config', 'Nothing was mined yet.', { hint: 'Run: assay sync, then assay mine' })
  return reports
}

const named = z.array(z.object({ id: z.string() })).catch([])

/** Ids that a report says something about by name. */
const idsOf = ({ details, moves }: Report): string[] => [
  ...named.parse(details['hits']).map(({ id }) => id),
  ...named.parse(details['misses']).map(({ id }) => id),
  ...(moves?.who ?? []).map(({ id }) => id),
]

/** The same with the names of the customers that it names; deals keep their ids. */
async function withNames(app: App, connection: Connection, report: ModelReport): Promise<ModelReport> {
  const scores = await app.control.decisions.get<LastScores>(connection.id, SCORES_DECISION)
  const ids = [...new Set(idsOf(report))]
  if (scores === null || scores.unit === 'deal' || ids.length === 0) return report
  return { ...report, names: Object.fromEntries(await customerNames(app.store.driver, connection.id, scores.unit, scores.today, ids)) }
}

/** The report of the model that speaks for every miner, or for one, with how its published scores did and who moved. */
export const report = operation({
  name: 'report',
  input: z.object({ connection: z.string().optional(), miner: z.string().optional() }),
  async run(app, input) {
    const connection = await app.connection(input.connection)
    const reports = await Promise.all((await reportsOf(app, connection, input.miner)).map((one) => withNames(app, connection, one)))
    return { connection: connection.id, reports, fleet: (await lastSummary(app, connection))?.fleet ?? null }
  },
})

/** What is not as it was: segments, rules and drivers against the model before, and who moved in a month. */
export const changes = operation({
  name: 'changes',
  input: z.object({
    connection: z.string().optional(),
    miner: z.string().optional(),
    /** Also why the churn score of this customer is not what it was, by its id in the CRM. */
    record: z.string().optional(),
  }),
  async run(app, input) {
    const connection = await app.connection(input.connection)
    const scores = input.record === undefined ? [] : await lastChurnScores(app.store, connection.id, input.record, 2)
    const reports = await Promise.all((await reportsOf(app, connection, input.miner)).map((one) => withNames(app, connection, one)))
    return {
      connection: connection.id,
      miners: reports.map((one) => ({
        miner: one.miner,
        model: one.model,
        changes: one.changes ?? null,
        moves: one.moves ?? null,
        guard: one.guard ?? null,
        names: one.names ?? {},
      })),
      ...(input.record === undefined ? {} : { record: recordChanges(scores) }),
    }
  },
})

/** Where everything stands: connections, records, runs, what waits, what was kept aside. */
export const status = operation({
  name: 'status',
  input: z.object({}),
  async run(app) {
    const connections = []
    for (const one of await app.control.connections.list()) {
      const aside = await app.control.asides.list(one.id, 20)
      const rejected = await app.control.outbox.rejected(one.id, 20)
      const damage = await damageOf(app, one)
      connections.push({
        connection: one.id,
        connector: one.connector,
        title: one.title,
        state: one.state,
        why: one.why,
        records: await app.store.counts(one.id),
        /** What the store lost and this connection was not read anew for. */
        damage: damage.length === 0 ? null : { tables: damage, ...damageWords(damage) },
        lastSync: await app.control.runs.last('sync', one.id),
        lastPublish: await app.control.runs.last('publish', one.id),
        waiting: await app.control.outbox.count(one.id),
        aside,
        rejected,
        models: (await app.control.models.list(one.id)).map(({ id, miner, state, fittedAt, report: { verdict, why } }) => ({
          id,
          miner,
          state,
          fittedAt,
          verdict,
          why,
        })),
      })
    }
    return { organisation: app.config.organisation, connections, runs: await app.control.runs.list(10) }
  },
})
