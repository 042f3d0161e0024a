import { AssayError, type EventDefinition, type ScoreObject } from '@assay/shared'
import { z } from 'zod'
import type { App } from '../../app.ts'
import type { Connection } from '../../control/index.ts'
import { dayAfter } from '../../flow/mine/days.ts'
import { type KnownModel, mine as mineAll } from '../../flow/mine/mine.ts'
import { scoreAndKeep } from '../../flow/mine/score.ts'
import { openWorkshop } from '../../flow/mine/workshop.ts'
import { MINERS } from '../../registry.ts'
import { operation, type Tell } from '../operation.ts'
import { logged } from './sync.ts'

export const CHURN_DECISION = 'churn'
export const SCORES_DECISION = 'scores'
/** Attributes that the admin declared stable: known on the day, not filled in after the outcome. */
export const STABLE_DECISION = 'stable'
/** Of those the ones that everybody may read who sees scores. */
export const OPEN_DECISION = 'open'
/** Where the newest scores are. */
export interface LastScores {
  readonly run: string
  readonly unit: ScoreObject
  readonly today: number
  /** The newest event that the scores know of. */
  readonly dataUntil: number
}

export interface MineSummary {
  readonly unit: ScoreObject
  readonly definition: EventDefinition
  /** Whether a person accepted that definition; without that nothing is published. */
  readonly accepted: boolean
  readonly miners: readonly { miner: string; model: string | null; verdict: string; why: string; scored: number; unscored: number }[]
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
    const workshop = openWorkshop()
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
        workshop,
        // Between two steps is where learning can be stopped.
        tell: (step, detail) => {
          signal.throwIfAborted()
          tell({ step, detail })
        },
      })
      const dataUntil = mined.newestAt ?? mined.today
      const miners: MineSummary['miners'][number][] = []
      for (const examined of mined.examined) {
        signal.throwIfAborted()
        const published = examined.report?.verdict === 'publish'
        const model = examined.known
          ? { id: examined.known }
          : examined.report
            ? await app.control.models.add({
                connection: connection.id,
                miner: examined.miner,
                minerVersion: examined.minerVersion,
                state: published ? 'live' : 'refused',
                definition: examined.subjects.definition,
                params: examined.params,
                model: examined.model,
                report: examined.report,
                dataUntil,
                fittedAt: app.now(),
              })
            : null
        tell({ step: 'score', detail: examined.miner, done: 0, total: mined.now.ids.length })
        const counts = await scoreAndKeep(app.store, connection.id, {
          examined,
          model: model?.id ?? '',
          run,
          object: mined.unit,
          scoredAt: app.now(),
          workshop,
        })
        miners.push({
          miner: examined.miner,
          model: model?.id ?? null,
          verdict: examined.report?.verdict ?? 'not ready',
          why: examined.report?.why ?? examined.readiness.note,
          ...counts,
        })
      }
      await app.control.decisions.set(
        connection.id,
        SCORES_DECISION,
        { run, unit: mined.unit, today: mined.today, dataUntil } satisfies LastScores,
        'mine',
      )
      return { unit: mined.unit, definition: mined.definition, accepted: accepted !== null, miners }
    } finally {
      await workshop.close()
    }
  })
}

const DAY = 86_400_000
/** A model is learned anew after this many days; one that was refused gets its next chance sooner. */
const YOUNG = { live: 30 * DAY, refused: 7 * DAY } as const

/** Scoring every night needs no new model every night: risks of two nights can only be compared when one model gave them. */
async function youngModels(app: App, connection: Connection): Promise<ReadonlyMap<string, KnownModel>> {
  const known = new Map<string, KnownModel>()
  for (const { miner } of MINERS) {
    const model = await app.control.models.newest(connection.id, miner.id)
    if (model && model.state !== 'retired' && app.now() - model.fittedAt < YOUNG[model.state]) known.set(miner.id, model)
  }
  return known
}

export const mine = operation({
  name: 'mine',
  input: z.object({ connection: z.string().optional(), only: z.array(z.string()).optional(), refit: z.boolean().default(false) }),
  run: async (app, input, tell, signal) => mineConnection(app, await app.connection(input.connection), input, tell, signal),
})
