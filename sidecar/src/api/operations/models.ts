import { AssayError } from '@assay/shared'
import { z } from 'zod'
import type { Model, ModelEvent } from '../../control/index.ts'
import { MINERS } from '../../registry.ts'
import { operation } from '../operation.ts'

/** A model as the history shows it: everything but the model itself. */
export interface ModelLine {
  readonly id: string
  readonly miner: string
  readonly version: number
  readonly state: Model['state']
  readonly verdict: string
  readonly why: string
  readonly event: string
  readonly params: unknown
  /** Epoch ms. */
  readonly dataUntil: number
  readonly fittedAt: number
  readonly decidedAt: number
  readonly metrics: Model['report']['metrics']
  /** Bytes of the model as JSON, when it was asked for by id. */
  readonly bytes?: number
}

const EVENTS = 50

/** Throws an AssayError (`config`) for a miner that there is not. */
export function requireMiner(id: string | undefined): void {
  if (id === undefined || MINERS.some(({ miner }) => miner.id === id)) return
  throw new AssayError('config', `There is no miner "${id}".`, { hint: `Known: ${MINERS.map(({ miner }) => miner.id).join(', ')}.` })
}

const line = (model: Omit<Model, 'model'>): ModelLine => ({
  id: model.id,
  miner: model.miner,
  version: model.minerVersion,
  state: model.state,
  verdict: model.report.verdict,
  why: model.report.why,
  event: model.report.event,
  params: model.params,
  dataUntil: model.dataUntil,
  fittedAt: model.fittedAt,
  decidedAt: model.decidedAt,
  metrics: model.report.metrics,
})

/** Every model there ever was, newest first, and who decided what about them; with `id` one of them, the model itself too. */
export const models = operation({
  name: 'models',
  input: z.object({ connection: z.string().optional(), miner: z.string().optional(), id: z.string().optional() }),
  async run(app, input) {
    const connection = await app.connection(input.connection)
    requireMiner(input.miner)
    const all = await app.control.models.list(connection.id)
    const wanted = all.filter((model) => input.miner === undefined || model.miner === input.miner)
    const events: readonly ModelEvent[] = await app.control.models.events(connection.id, input.miner ?? null, EVENTS)
    if (input.id === undefined) return { connection: connection.id, models: wanted.map(line), events, artefact: null }
    const whole = await app.control.models.get(connection.id, one(wanted, input.id))
    return {
      connection: connection.id,
      models: [{ ...line(whole!), bytes: JSON.stringify(whole!.model).length }],
      events: events.filter((event) => event.model === whole!.id),
      artefact: whole!.model,
    }
  },
})

/** The id that begins like this. Throws (`config`) where there is none, or more than one. */
function one(all: readonly Pick<Model, 'id'>[], start: string): string {
  const found = all.filter(({ id }) => id.startsWith(start))
  if (found.length === 1) return found[0]!.id
  throw new AssayError('config', found.length === 0 ? `There is no model "${start}".` : `${found.length} models begin with "${start}".`, {
    hint: 'See them: assay models',
  })
}

/** Back to the model that was live before, or to a given one; the next `assay mine` scores with it. Nothing is deleted. */
export const rollback = operation({
  name: 'rollback',
  input: z.object({ connection: z.string().optional(), miner: z.string(), to: z.string().optional(), by: z.string().default('admin') }),
  async run(app, input) {
    const connection = await app.connection(input.connection)
    requireMiner(input.miner)
    const all = (await app.control.models.list(connection.id)).filter((model) => model.miner === input.miner)
    const id = input.to === undefined ? null : one(all, input.to)
    const miner = MINERS.find((entry) => entry.miner.id === input.miner)!.miner
    const target = all.find((model) => model.id === id)
    if (target && target.minerVersion !== miner.version) {
      throw new AssayError(
        'config',
        `The model ${target.id} was made by version ${target.minerVersion} of ${input.miner}; this Assay has version ${miner.version} and could not score with it.`,
        { hint: 'Choose a newer one, or run the Assay that made it.' },
      )
    }
    const { from, to } = await app.control.models.restore(connection.id, input.miner, id, input.by)
    await app.control.audit.add(input.by, 'model rolled back', { connection: connection.id, miner: input.miner, from, to: to.id })
    return { connection: connection.id, miner: input.miner, from, to: line(to), event: to.definition.event }
  },
})
