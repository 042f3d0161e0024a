import { Worker } from 'node:worker_threads'
import { AssayError, type EventDefinition, type Frame, type Report, type Training } from '@assay/shared'
import type { Request, Response, ScoredChunk, WorkshopCall } from './workshop-worker.ts'

/** Where models are made: a thread of its own, so that the service answers while it learns. */
export interface Workshop {
  fit(miner: string, training: Training, params: unknown, seed: string): Promise<unknown>
  judge(
    miner: string,
    trials: readonly { model: unknown; frame: Frame }[],
    definition: EventDefinition,
    params: unknown,
    seed: string,
  ): Promise<Report>
  score(miner: string, model: unknown, frame: Frame, params: unknown): Promise<ScoredChunk>
  close(): Promise<void>
}

/** Starts the thread. An AssayError thrown there arrives here as one; anything else is a bug and says so. */
export function openWorkshop(): Workshop {
  const worker = new Worker(new URL('./workshop-worker.ts', import.meta.url))
  const waiting = new Map<number, { resolve(value: unknown): void; reject(reason: unknown): void }>()
  let next = 0
  let broken: Error | null = null
  const failAll = (error: Error): void => {
    broken = error
    for (const call of waiting.values()) call.reject(error)
    waiting.clear()
  }
  worker.on('message', (response: Response) => {
    const call = waiting.get(response.id)
    waiting.delete(response.id)
    if (call === undefined) return
    if (response.ok) call.resolve(response.value)
    else
      call.reject(
        response.kind === null ? new Error(response.message) : new AssayError(response.kind, response.message, { hint: response.hint }),
      )
  })
  worker.on('error', (error) => failAll(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', (code) => failAll(new Error(`the mining thread ended (${code})`)))
  const ask = <T>(call: WorkshopCall): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (broken) {
        reject(broken)
        return
      }
      const id = next++
      waiting.set(id, { resolve: (value) => resolve(value as T), reject })
      worker.postMessage({ id, call } satisfies Request)
    })
  return {
    fit: (miner, training, params, seed) => ask({ method: 'fit', miner, training, params, seed }),
    judge: (miner, trials, definition, params, seed) => ask({ method: 'judge', miner, trials, definition, params, seed }),
    score: (miner, model, frame, params) => ask({ method: 'score', miner, model, frame, params }),
    async close() {
      worker.removeAllListeners('exit')
      await worker.terminate()
    },
  }
}
