import { parentPort, workerData } from 'node:worker_threads'
import { AssayError, type ErrorKind, type EventDefinition, type Frame, type Miner, type Training } from '@assay/shared'
import { seededRng } from '../../numeric/rng.ts'
import { minerOf } from '../../registry.ts'
import { openParallel } from './parallel.ts'

/** How many threads do parts of one fit, this one among them. */
export interface WorkshopData {
  readonly parallel: number
}

export type WorkshopCall =
  | { method: 'fit'; miner: string; training: Training; params: unknown; seed: string }
  | {
      method: 'judge'
      miner: string
      trials: readonly { model: unknown; frame: Frame }[]
      definition: EventDefinition
      params: unknown
      seed: string
    }
  | { method: 'score'; miner: string; model: unknown; frame: Frame; params: unknown }
  | { method: 'moves'; miner: string; model: unknown; past: Frame; frame: Frame; params: unknown }
  | { method: 'changes'; miner: string; before: unknown; after: unknown; frame: Frame; params: unknown }
export interface Request {
  readonly id: number
  readonly call: WorkshopCall
}
export type Response =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | {
      readonly id: number
      readonly ok: false
      readonly kind: ErrorKind | null
      readonly message: string
      readonly hint: string | undefined
    }

/** Scores of some rows, ready to be kept: signs as JSON text, one a row. */
export interface ScoredChunk {
  readonly ids: readonly string[]
  readonly fields: Readonly<Record<string, Float64Array | readonly (string | null)[]>>
  readonly probability: Float64Array | null
  readonly signs: readonly string[] | null
  readonly unscored: readonly (string | null)[]
}

/** A model, and how many seconds of processor each candidate took. */
export interface Fitted {
  readonly model: unknown
  readonly costs: Readonly<Record<string, number>>
}

/** Processors that the threads of the workshop leave over. */
const parallel = openParallel((workerData as WorkshopData).parallel)

async function fit(call: WorkshopCall & { method: 'fit' }, miner: Miner, params: unknown): Promise<Fitted> {
  const costs: Record<string, number> = {}
  const measure = <T>(what: string, work: () => T): T => {
    const before = process.threadCpuUsage()
    const result = work()
    const spent = process.threadCpuUsage(before)
    costs[what] = (costs[what] ?? 0) + (spent.user + spent.system) / 1e6
    return result
  }
  return { model: await miner.fit(call.training, params, seededRng(call.seed), { measure }, parallel), costs }
}

async function answer(call: WorkshopCall): Promise<unknown> {
  const { miner } = minerOf(call.miner)
  const params = miner.params.parse(call.params)
  if (call.method === 'fit') return fit(call, miner, params)
  if (call.method === 'judge') return miner.judge(call.trials, call.definition, params, seededRng(call.seed))
  if (call.method === 'moves') return miner.moves?.(call.model, call.past, call.frame, params) ?? null
  if (call.method === 'changes')
    return miner.changes?.(call.before, call.after, call.frame, params, seededRng(`${call.miner} changes`)) ?? null
  const scores = miner.score(call.model, call.frame, params)
  return {
    ids: scores.ids,
    fields: scores.fields,
    probability: scores.probability ?? null,
    signs: scores.signs?.map((signs) => JSON.stringify(signs)) ?? null,
    unscored: scores.unscored,
  } satisfies ScoredChunk
}

parentPort?.on('message', (request: Request) => {
  answer(request.call).then(
    (value) => parentPort?.postMessage({ id: request.id, ok: true, value } satisfies Response),
    (error: unknown) => {
      const known = error instanceof AssayError
      const message = error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error)
      parentPort?.postMessage({
        id: request.id,
        ok: false,
        kind: known ? error.kind : null,
        message,
        hint: known ? error.hint : undefined,
      } satisfies Response)
    },
  )
})
