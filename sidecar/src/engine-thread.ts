import { Worker } from 'node:worker_threads'

/** What an engine in a thread answers to the request of that id. */
export type Answer<Value, Failure> = { readonly id: number; readonly value: Value } | { readonly id: number; readonly failure: Failure }

/** An engine that is one synchronous call a request, in a thread of its own. */
export interface EngineThread<Call, Value> {
  ask(call: Call): Promise<Value>
  /** The id that the next request will have: a stream is called by the id of the request that opened it. */
  nextId(): number
  /** Requests without an answer yet. */
  waiting(): number
  /** Asks for `close`, and waits until the thread is gone. */
  close(): Promise<void>
}

/**
 * Starts a thread that answers each request `{ ...call, id }` with one `Answer`. It keeps the process alive only while
 * somebody waits for it; when it ends, who still waits is told so.
 *
 * @param words.closed what is said to those who ask a thread that has ended
 * @param words.errorOf makes an error of what the thread sent as `failure`
 */
export function openEngineThread<Call extends { readonly call: string }, Value>(
  program: URL,
  workerData: object,
  words: { readonly closed: string; errorOf(failure: unknown): Error },
): EngineThread<Call | { readonly call: 'close' }, Value> {
  const worker = new Worker(program, { workerData })
  const waiting = new Map<number, { resolve(value: Value): void; reject(error: unknown): void }>()
  let last = 0
  let ended: Error | null = null
  worker.unref()
  const settle = (id: number): { resolve(value: Value): void; reject(error: unknown): void } | undefined => {
    const asked = waiting.get(id)
    waiting.delete(id)
    if (waiting.size === 0) worker.unref()
    return asked
  }
  worker.on('message', (answer: Answer<Value, unknown>) => {
    const asked = settle(answer.id)
    if ('failure' in answer) asked?.reject(words.errorOf(answer.failure))
    else asked?.resolve(answer.value)
  })
  const end = (error: Error): void => {
    ended ??= error
    for (const id of waiting.keys()) settle(id)?.reject(ended)
  }
  worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', () => end(new Error(words.closed)))
  const ask = (call: Call | { readonly call: 'close' }): Promise<Value> =>
    new Promise((resolve, reject) => {
      if (ended !== null) {
        reject(ended)
        return
      }
      const id = ++last
      waiting.set(id, { resolve, reject })
      worker.ref()
      worker.postMessage({ ...call, id })
    })
  return {
    ask,
    nextId: () => last + 1,
    waiting: () => waiting.size,
    async close() {
      if (ended !== null) return
      const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
      await ask({ call: 'close' })
      worker.ref()
      await gone
    },
  }
}
