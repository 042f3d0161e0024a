import type { Store } from './store.ts'

/** What one miner said in one run, counted. */
export interface MinerRun {
  readonly miner: string
  /** The model that spoke for most records; '' where none did. */
  readonly model: string
  readonly rows: number
  readonly unscored: number
  /** Mean probability, where that miner gives one; NaN elsewhere. */
  readonly mean: number
  /** Records by probability: 0 to .05, .05 to .1, … as counts. */
  readonly spread: readonly number[]
}

export const SPREAD_BINS = 20

/** Every miner of a run, by id. */
export async function runSummary(store: Pick<Store, 'driver'>, connection: string, run: string): Promise<readonly MinerRun[]> {
  const newest = `SELECT miner, model, probability, unscored FROM score_log
    WHERE connection = {connection:String} AND run = {run:String}
    ORDER BY object, id, miner, scored_at DESC, received_at DESC LIMIT 1 BY object, id, miner`
  const bins = Array.from({ length: SPREAD_BINS }, (_, bin) => {
    const inside = `probability >= ${bin / SPREAD_BINS}${bin + 1 < SPREAD_BINS ? ` AND probability < ${(bin + 1) / SPREAD_BINS}` : ''}`
    return `toFloat64(countIf(unscored IS NULL AND ${inside})) AS bin_${bin}`
  })
  const text = `SELECT miner, anyHeavy(model) AS model, toFloat64(count()) AS rows, toFloat64(countIf(unscored IS NOT NULL)) AS without,
      avgIf(probability, unscored IS NULL AND probability IS NOT NULL) AS mean, ${bins.join(', ')}
    FROM (${newest}) GROUP BY miner ORDER BY miner`
  const found: MinerRun[] = []
  for await (const block of store.driver.blocks(text, { connection, run })) {
    const numbers = (name: string): Float64Array => block.columns[name] as Float64Array
    for (let i = 0; i < block.size; i++) {
      found.push({
        miner: (block.columns['miner'] as readonly string[])[i]!,
        model: (block.columns['model'] as readonly string[])[i]!,
        rows: numbers('rows')[i]!,
        unscored: numbers('without')[i]!,
        mean: numbers('mean')[i]!,
        spread: Array.from({ length: SPREAD_BINS }, (_, bin) => numbers(`bin_${bin}`)[i]!),
      })
    }
  }
  return found
}
