import type { Frame } from '@assay/shared'
import { selectRows } from '../../features/frames.ts'
import type { Workshop } from './workshop.ts'

/** Rows that cross to the mining thread at once: it explains each of them, which takes a hundred times the room of its columns. */
const CHUNK = 5_000

/** The rows of a frame, as many at a time as cross at once. */
export const chunksOf = (rows: number): Int32Array[] =>
  Array.from({ length: Math.ceil(rows / CHUNK) }, (_, k) =>
    Int32Array.from({ length: Math.min(CHUNK, rows - k * CHUNK) }, (__, i) => k * CHUNK + i),
  )

/** The chance that a model gives every row, NaN where it gives none; null where it does not speak in chances. */
export async function probabilities(
  workshop: Workshop,
  miner: string,
  model: unknown,
  frame: Frame,
  params: unknown,
): Promise<Float64Array | null> {
  const all = new Float64Array(frame.ids.length)
  for (const rows of chunksOf(frame.ids.length)) {
    const { probability } = await workshop.score(miner, model, selectRows(frame, rows), params)
    if (probability === null) return null
    all.set(probability, rows[0])
  }
  return all
}
