import { parentPort } from 'node:worker_threads'
import { AssayError, type ErrorKind, type EventDefinition, type Frame, type Training } from '@assay/shared'
import { seededRng } from '../../numeric/rng.ts'
import { minerOf } from '../../registry.ts'

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

async function answer(call: WorkshopCall): Promise<unknown> {
  const { miner } = minerOf(call.miner)
  const params = miner.params.parse(call.params)
  if (call.method === 'fit') return miner.fit(call.training, params, seededRng(call.seed))
  if (call.method === 'judge') return miner.judge(call.trials, call.definition, params, seededRng(call.seed))
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
