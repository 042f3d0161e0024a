import { Worker } from 'node:worker_threads'
import type { Parallel } from '@assay/shared'
import { JOBS } from '../../numeric/jobs.ts'

/** Places in the numbers by which the threads agree. */
export const PLACE = { generation: 0, job: 1, work: 2, parts: 3, next: 4, inside: 5, failed: 6 } as const
/** `next` where there is nothing to take. */
export const CLOSED = 2 ** 30

export type Message = { readonly work: number; readonly memory: object } | { readonly ended: number }

/** Takes parts one by one until none is left. `parts` is right for whoever has taken one: the caller waits for them. */
export function takeParts(signal: Int32Array, part: (part: number) => void): void {
  for (;;) {
    const own = Atomics.add(signal, PLACE.next, 1)
    if (own >= Atomics.load(signal, PLACE.parts)) return
    part(own)
  }
}

/**
 * Threads of numeric's jobs, beside the one that calls: `run` holds it until all parts are done, taking parts itself. A thread that is not
 * awake yet is not waited for. They end with `close`, and with the thread that made them.
 *
 * @param threads the caller's among them; 1 starts none
 */
export function openParallel(threads: number): Parallel & { close(): Promise<void> } {
  const signal = new Int32Array(new SharedArrayBuffer(Object.keys(PLACE).length * 4))
  signal[PLACE.next] = CLOSED
  const names = [...JOBS.keys()]
  const workers = Array.from({ length: Math.max(0, threads - 1) }, () => {
    const worker = new Worker(new URL('./parallel-thread.ts', import.meta.url), { workerData: signal })
    worker.unref()
    return worker
  })
  const tell = (message: Message): void => {
    for (const worker of workers) worker.postMessage(message)
  }
  let begun = 0
  return {
    threads: workers.length + 1,
    begin(memory) {
      const work = ++begun
      tell({ work, memory })
      return {
        run(job, parts) {
          signal[PLACE.job] = names.indexOf(job.name)
          signal[PLACE.work] = work
          Atomics.store(signal, PLACE.parts, parts)
          // Opened last: who takes a part finds everything else in place.
          Atomics.store(signal, PLACE.next, 0)
          if (parts > 1) {
            Atomics.add(signal, PLACE.generation, 1)
            Atomics.notify(signal, PLACE.generation)
          }
          takeParts(signal, (part) => job.part(memory, part))
          Atomics.store(signal, PLACE.next, CLOSED)
          for (let inside = Atomics.load(signal, PLACE.inside); inside > 0; inside = Atomics.load(signal, PLACE.inside))
            Atomics.wait(signal, PLACE.inside, inside)
          if (Atomics.exchange(signal, PLACE.failed, 0) > 0) throw new Error(`a thread could not do its part of "${job.name}"`)
        },
        end: () => tell({ ended: work }),
      }
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
