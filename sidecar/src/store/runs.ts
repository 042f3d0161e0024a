import type { Store } from './store.ts'

/** What one run of scoring left in the log. */
export interface ScoredRun {
  /** When its scores were made, epoch ms; null where the run scored nothing. */
  readonly scoredAt: number | null
  /** Ids of the miners that said something in it. */
  readonly miners: ReadonlySet<string>
}

export async function scoredRun(store: Pick<Store, 'driver'>, connection: string, run: string): Promise<ScoredRun> {
  const miners = new Set<string>()
  let scoredAt: number | null = null
  const text = `SELECT miner, toFloat64(toUnixTimestamp64Milli(max(scored_at))) AS at FROM score_log
    WHERE connection = {connection:String} AND run = {run:String} GROUP BY miner ORDER BY miner`
  for await (const block of store.driver.blocks(text, { connection, run })) {
    for (let i = 0; i < block.size; i++) {
      miners.add((block.columns['miner'] as readonly string[])[i]!)
      scoredAt = Math.max(scoredAt ?? 0, (block.columns['at'] as Float64Array)[i]!)
    }
  }
  return { scoredAt, miners }
}
