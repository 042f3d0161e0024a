import { RecordBatchReader } from 'apache-arrow'
import { blockOf } from './arrow.ts'
import type { Block } from './store.ts'

/** Where a server says in the middle of an answer that it failed. */
const EXCEPTION = /__exception__[\s\S]*?(Code: \d+[\s\S]*?)(?:\r?\n\d+ \w+\r?\n__exception__|$)/
const TAIL = 16_384

/**
 * The Arrow stream in the body of an HTTP answer as blocks. Reads the body to its very end, so that the connection can be used
 * again. Throws what the server says when it fails half-way, and `cut off` when the body ends before the Arrow stream does.
 */
export async function* blocksOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Block> {
  const bytes = body[Symbol.asyncIterator]()
  let tail = Buffer.alloc(0)
  let ended = false
  async function next(): Promise<IteratorResult<Uint8Array>> {
    try {
      const step = await bytes.next()
      if (step.done === true) ended = true
      else tail = Buffer.concat([tail, step.value.subarray(-TAIL)]).subarray(-TAIL)
      return step
    } catch (cause) {
      ended = true
      throw cause
    }
  }
  try {
    // The iterator has no `return`: the reader must not close the connection when it has read enough.
    const reader = await RecordBatchReader.from({ [Symbol.asyncIterator]: () => ({ next }) })
    for await (const batch of reader) if (batch.numRows > 0) yield blockOf(batch)
  } catch (cause) {
    // Where the Arrow stream breaks off, the server says why behind it.
    while (!ended) await next().catch(() => null)
    throw said(tail) ?? cause
  }
  while (!ended) await next()
  const failure = said(tail)
  if (failure !== null) throw failure
  if (tail.length > 0 && !tail.subarray(-8).equals(END_OF_STREAM)) throw new Error('the answer was cut off')
}

/** Arrow ends a stream with an empty message; without it rows are missing. */
const END_OF_STREAM = Buffer.from([255, 255, 255, 255, 0, 0, 0, 0])

function said(tail: Buffer): Error | null {
  const message = EXCEPTION.exec(tail.toString())?.[1]
  return message === undefined ? null : new Error(message.trim())
}
