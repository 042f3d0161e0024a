import type { Frame, ScoreObject } from '@assay/shared'
import { selectRows } from '../../features/frames.ts'
import type { ScoreEntry, Store } from '../../store/store.ts'
import { minerOf } from '../../registry.ts'
import type { Examined } from './examine.ts'
import { facts } from './facts.ts'
import { chunksOf } from './probabilities.ts'
import type { Workshop } from './workshop.ts'
import type { ScoredChunk } from './workshop-worker.ts'

export interface ScoreInput {
  readonly examined: Examined
  /** The model's id in the registry; entries are logged under it. */
  readonly model: string
  readonly run: string
  readonly object: ScoreObject
  readonly scoredAt: number
  readonly workshop: Workshop
}

/** Scores everybody, chunk by chunk; below the gate, or outside the definition, facts instead of a number, and only what follows a stated rule. */
export async function* score(input: ScoreInput): AsyncIterable<readonly ScoreEntry[]> {
  const { examined, workshop } = input
  const { now, outside } = examined.subjects
  const say = facts(now)
  const published = examined.report?.verdict === 'publish'
  const stated = new Set(minerOf(examined.miner).miner.writes.flatMap((field) => (field.stated ? [field.name] : [])))
  const speaks = published || (stated.size > 0 && examined.model !== null)
  const refusal = published ? null : (examined.report?.why ?? examined.readiness.note)
  for (const rows of chunksOf(now.ids.length)) {
    const chunk = speaks ? await workshop.score(examined.miner, examined.model, selectRows(now, rows), examined.params) : null
    yield Array.from(rows, (row, i) => entry(input, now, row, i, chunk, refusal ?? outside[row] ?? chunk?.unscored[i] ?? null, stated, say))
  }
}

function entry(
  input: ScoreInput,
  now: Frame,
  row: number,
  i: number,
  chunk: ScoredChunk | null,
  unscored: string | null,
  stated: ReadonlySet<string>,
  say: (row: number) => readonly string[],
): ScoreEntry {
  const fields: Record<string, string> = {}
  if (chunk !== null) {
    for (const [name, values] of Object.entries(chunk.fields)) {
      if (unscored !== null && !stated.has(name)) continue
      const value = values[i]
      if (value !== null && value !== undefined && !Number.isNaN(value)) fields[name] = String(value)
    }
  }
  return {
    object: input.object,
    id: now.ids[row]!,
    miner: input.examined.miner,
    model: input.model,
    run: input.run,
    asOf: now.asOf!,
    scoredAt: input.scoredAt,
    fields,
    probability: unscored === null ? (chunk?.probability?.[i] ?? null) : null,
    signs: unscored === null ? (chunk?.signs?.[i] ?? '[]') : JSON.stringify({ facts: say(row) }),
    unscored,
  }
}

/** Scores and keeps; returns how many rows have a score and how many have facts only. */
export async function scoreAndKeep(store: Store, connection: string, input: ScoreInput): Promise<{ scored: number; unscored: number }> {
  let scored = 0
  let unscored = 0
  for await (const entries of score(input)) {
    await store.logScores(connection, entries)
    for (const one of entries) {
      if (one.unscored === null) scored++
      else unscored++
    }
  }
  return { scored, unscored }
}
