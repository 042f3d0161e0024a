import { AssayError, type EventDefinition, type Matured, type Moves, type ScoreObject } from '@assay/shared'
import { z } from 'zod'
import type { App } from '../../app.ts'
import type { Connection, Model } from '../../control/index.ts'
import { dayAfter } from '../../flow/mine/days.ts'
import type { Examined } from '../../flow/mine/examine.ts'
import { checkFleet, type FleetCheck } from '../../flow/mine/fleet.ts'
import type { KnownModel } from '../../flow/mine/known.ts'
import { maturedOutcomes } from '../../flow/mine/matured.ts'
import { mine as mineAll } from '../../flow/mine/mine.ts'
import { scoreAndKeep } from '../../flow/mine/score.ts'
import { openWorkshop } from '../../flow/mine/workshop.ts'
import { POLICY_DECISION, publishPolicy } from '../../flow/publish/policy.ts'
import { MINERS } from '../../registry.ts'
import { runSummary } from '../../store/run-summary.ts'
import { operation, type Tell } from '../operation.ts'
import { requireWhole } from './damage.ts'
import { type LastScores, SCORES_DECISION } from './scores.ts'
import { logged } from './sync.ts'

export const CHURN_DECISION = 'churn'
/** Attributes that the admin declared stable: known on the day, not filled in after the outcome. */
export const STABLE_DECISION = 'stable'
/** Of those the ones that everybody may read who sees scores. */
export const OPEN_DECISION = 'open'
export interface MineSummary {
  readonly unit: ScoreObject
  readonly definition: EventDefinition
  /** Whether a person accepted that definition; without that nothing is published. */
  readonly accepted: boolean
  readonly miners: readonly MinedMiner[]
  /** All scores together, beside those of the run before. */
  readonly fleet: FleetCheck
  /** How published scores did once their horizon was over; null where none is yet. */
  readonly matured: Matured | null
}

export interface MinedMiner {
  readonly miner: string
  readonly model: string | null
  readonly verdict: string
  readonly why: string
  readonly scored: number
  readonly unscored: number
  /** Who stands elsewhere than a month ago, for miners that group. */
  readonly moves?: Moves
}

/** features → fit → judge → score, and everything kept: models in the registry, scores in the log. */
export async function mineConnection(
  app: App,
  connection: Connection,
  wish: { readonly only?: readonly string[] | undefined; readonly refit: boolean },
  tell: Tell,
  stop: AbortSignal,
): Promise<MineSummary> {
  const { only, refit } = wish
  const unknown = only?.filter((id) => !MINERS.some(({ miner }) => miner.id === id)) ?? []
  if (unknown.length > 0) {
    throw new AssayError('config', `There is no miner "${unknown[0]}".`, {
      hint: `Known: ${MINERS.map(({ miner }) => miner.id).join(', ')}.`,
    })
  }
  return logged(app, 'score', connection, stop, async ({ id: run, signal }) => {
    await requireWhole(app, connection)
    const workshop = openWorkshop(signal)
    try {
      const accepted = await app.control.decisions.get<EventDefinition>(connection.id, CHURN_DECISION)
      const stable = (await app.control.decisions.get<readonly string[]>(connection.id, STABLE_DECISION)) ?? []
      const open = (await app.control.decisions.get<readonly string[]>(connection.id, OPEN_DECISION)) ?? []
      const mined = await mineAll({
        store: app.store,
        connection: connection.id,
        today: dayAfter(app.now()),
        now: app.now(),
        ...(accepted ? { definition: accepted } : {}),
        ...(only ? { only } : {}),
        stable: { account: stable, contact: stable },
        open,
        known: refit ? new Map() : await youngModels(app, connection),
        live: await liveModels(app, connection),
        workshop,
        tell: (step, detail) => tell({ step, detail }),
        signal,
      })
      const dataUntil = mined.newestAt ?? mined.today
      const miners: MineSummary['miners'][number][] = []
      for (const examined of mined.examined) {
        signal.throwIfAborted()
        const model = await register(app, connection, examined, dataUntil)
        tell({ step: 'score', detail: examined.miner, done: 0, total: mined.now.ids.length })
        const counts = await scoreAndKeep(app.store, connection.id, {
          examined,
          model: model ?? '',
          run,
          object: examined.subjects.object ?? mined.unit,
          scoredAt: app.now(),
          workshop,
        })
        miners.push({
          miner: examined.miner,
          model,
          verdict: examined.report?.verdict ?? 'not ready',
          why: examined.report?.why ?? examined.readiness.note,
          ...counts,
          ...(examined.report?.moves ? { moves: examined.report.moves } : {}),
        })
      }
      const before = await app.control.decisions.get<LastScores>(connection.id, SCORES_DECISION)
      const fleet = checkFleet(
        await runSummary(app.store, connection.id, run),
        before === null ? [] : await runSummary(app.store, connection.id, before.run),
        { at: app.now(), newestEvent: dataUntil },
      )
      for (const finding of fleet.findings) app.log.warn(finding.text)
      const matured = await outcomesSoFar(app, connection, mined.unit, mined.today)
      await app.control.decisions.set(
        connection.id,
        SCORES_DECISION,
        { run, unit: mined.unit, today: mined.today, dataUntil } satisfies LastScores,
        'mine',
      )
      return { unit: mined.unit, definition: mined.definition, accepted: accepted !== null, miners, fleet, matured }
    } finally {
      await workshop.close()
    }
  })
}

const DAY = 86_400_000
/** Tasks that are held against what came after. */
const WARNINGS = 100_000
/** A model is learned anew after this many days; one that was refused gets its next chance sooner. */
const YOUNG = { live: 30 * DAY, refused: 7 * DAY } as const

/** Keeps what came of a miner; the id of the model that scores today, or null where there is none. */
async function register(app: App, connection: Connection, examined: Examined, dataUntil: number): Promise<string | null> {
  const { models } = app.control
  const about = {
    connection: connection.id,
    miner: examined.miner,
    minerVersion: examined.minerVersion,
    definition: examined.subjects.definition,
    dataUntil,
    fittedAt: app.now(),
  }
  if (examined.lost) {
    await models.add({ ...about, state: 'refused', ...examined.lost })
    await models.keep(connection.id, examined.known!, 'assay', examined.lost.report.why)
  }
  if (examined.known !== null) return examined.known
  const { report, params, model } = examined
  if (report === null) return null
  return (await models.add({ ...about, state: report.verdict === 'publish' ? 'live' : 'refused', params, model, report })).id
}

/** Scoring every night needs no new model every night: risks of two nights can only be compared when one model gave them. */
async function youngModels(app: App, connection: Connection): Promise<ReadonlyMap<string, KnownModel>> {
  const known = new Map<string, KnownModel>()
  for (const { miner } of MINERS) {
    const model = await app.control.models.current(connection.id, miner.id)
    if (model && app.now() - model.decidedAt < youth(model)) known.set(miner.id, model)
  }
  return known
}

const youth = ({ state }: Model): number => (state === 'refused' ? YOUNG.refused : YOUNG.live)

async function liveModels(app: App, connection: Connection): Promise<ReadonlyMap<string, KnownModel>> {
  const live = new Map<string, KnownModel>()
  for (const { miner } of MINERS) {
    const model = await app.control.models.live(connection.id, miner.id)
    if (model) live.set(miner.id, model)
  }
  return live
}

async function outcomesSoFar(app: App, connection: Connection, unit: ScoreObject, today: number): Promise<Matured | null> {
  if (unit === 'deal') return null
  const { control } = app
  const definitions = new Map((await control.models.list(connection.id)).map(({ id, definition }) => [id, definition]))
  const policy = publishPolicy.parse((await control.decisions.get(connection.id, POLICY_DECISION)) ?? {})
  return maturedOutcomes({
    store: app.store,
    connection: connection.id,
    unit,
    today,
    bands: policy.bands,
    definitionOf: (model) => definitions.get(model) ?? null,
    warned: await control.alerts.list(connection.id, WARNINGS),
  })
}

export const mine = operation({
  name: 'mine',
  input: z.object({ connection: z.string().optional(), only: z.array(z.string()).optional(), refit: z.boolean().default(false) }),
  run: async (app, input, tell, signal) => mineConnection(app, await app.connection(input.connection), input, tell, signal),
})
