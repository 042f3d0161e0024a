import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { AssayError, type Change, type EventDefinition, type Frame, type Moves, type Report, type Training } from '@assay/shared'
import { collectGarbage } from './collect-garbage.ts'
import type { Fitted, Request, Response, ScoredChunk, WorkshopCall, WorkshopData } from './workshop-worker.ts'

/** Where models are made: threads of their own, so that the service answers while it learns. */
export interface Workshop {
  fit(miner: string, training: Training, params: unknown, seed: string): Promise<Fitted>
  judge(
    miner: string,
    trials: readonly { model: unknown; frame: Frame }[],
    definition: EventDefinition,
    params: unknown,
    seed: string,
  ): Promise<Report>
  score(miner: string, model: unknown, frame: Frame, params: unknown): Promise<ScoredChunk>
  /** Null where that miner has no groups to move between. */
  moves(miner: string, model: unknown, then: Frame, now: Frame, params: unknown): Promise<Moves | null>
  /** Null where that miner cannot hold one model against another. */
  changes(miner: string, before: unknown, after: unknown, now: Frame, params: unknown): Promise<readonly Change[] | null>
  /** Gives memory back: ends the threads that have nothing to do, with what their work left, and collects garbage here. The next work starts new ones. */
  rest(): Promise<void>
  close(): Promise<void>
}

interface Bench {
  readonly worker: Worker
  /** What waits for this thread is told that it will not come. */
  fail(error: Error): void
  readonly waiting: Map<number, { resolve(value: unknown): void; reject(reason: unknown): void }>
  broken: Error | null
}

/** A thread more than this would hold another copy of a model and find no processor to run on. */
const MOST_THREADS = 4

/**
 * Threads that are started when there is work for them, one for each processor at most: fits do not know of each other,
 * and each draws from its own seed, so who does which leaves no trace. An AssayError thrown there arrives here as one;
 * anything else is a bug and says so. A fit cannot be called back: at `signal` the threads end, and who waits gets its reason.
 */
export function openWorkshop(signal?: AbortSignal, threads: number = Math.min(MOST_THREADS, availableParallelism())): Workshop {
  const benches: Bench[] = []
  let next = 0
  const ask = <T>(call: WorkshopCall): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      signal?.throwIfAborted()
      const bench = freest(benches, threads)
      if (bench.broken) {
        reject(bench.broken)
        return
      }
      const id = next++
      bench.waiting.set(id, { resolve: (value) => resolve(value as T), reject })
      bench.worker.postMessage({ id, call } satisfies Request)
    })
  signal?.addEventListener(
    'abort',
    () => {
      for (const bench of benches) {
        bench.fail(signal.reason as Error)
        void bench.worker.terminate()
      }
    },
    { once: true },
  )
  return {
    fit: (miner, training, params, seed) => ask({ method: 'fit', miner, training, params, seed }),
    judge: (miner, trials, definition, params, seed) => ask({ method: 'judge', miner, trials, definition, params, seed }),
    score: (miner, model, frame, params) => ask({ method: 'score', miner, model, frame, params }),
    moves: (miner, model, past, frame, params) => ask({ method: 'moves', miner, model, past, frame, params }),
    changes: (miner, before, after, frame, params) => ask({ method: 'changes', miner, before, after, frame, params }),
    async rest() {
      const idle = benches.filter((bench) => bench.waiting.size === 0)
      for (const bench of idle) benches.splice(benches.indexOf(bench), 1)
      await end(idle)
      collectGarbage()
    },
    close: () => end(benches),
  }
}

async function end(benches: readonly Bench[]): Promise<void> {
  for (const { worker } of benches) worker.removeAllListeners('exit')
  await Promise.all(benches.map(({ worker }) => worker.terminate()))
}

/** An idle thread, or a new one while there may be more, or the one with the least to do. */
function freest(benches: Bench[], threads: number): Bench {
  const idle = benches.find((bench) => bench.waiting.size === 0)
  if (idle) return idle
  if (benches.length < threads) {
    const bench = newBench(threads)
    benches.push(bench)
    return bench
  }
  return benches.reduce((a, b) => (b.waiting.size < a.waiting.size ? b : a))
}

function newBench(threads: number): Bench {
  const workerData: WorkshopData = { parallel: Math.max(1, Math.floor(availableParallelism() / threads)) }
  const worker = new Worker(new URL('./workshop-worker.ts', import.meta.url), { workerData })
  const bench: Bench = {
    worker,
    waiting: new Map(),
    broken: null,
    fail(error) {
      bench.broken ??= error
      for (const call of bench.waiting.values()) call.reject(error)
      bench.waiting.clear()
    },
  }
  worker.on('message', (response: Response) => {
    const call = bench.waiting.get(response.id)
    bench.waiting.delete(response.id)
    if (call === undefined) return
    if (response.ok) call.resolve(response.value)
    else
      call.reject(
        response.kind === null ? new Error(response.message) : new AssayError(response.kind, response.message, { hint: response.hint }),
      )
  })
  worker.on('error', (error) => bench.fail(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', (code) => bench.fail(new Error(`the mining thread ended (${code})`)))
  return bench
}
