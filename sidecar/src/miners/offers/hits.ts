/** How well one ranked list foretold one order. */
export interface Hits {
  /** Share of the order that is in the list. */
  readonly recall: number
  /** Discounted gain against the best possible list (Järvelin & Kekäläinen 2002, gains of 0 and 1). */
  readonly ndcg: number
  /** 1 where anything of the order is in the list. */
  readonly hit: number
}

/** The first `count` of a ranked list against what was bought. */
export function hitsAt(ranked: readonly number[], bought: ReadonlySet<number>, count: number): Hits {
  let found = 0
  let gain = 0
  ranked.slice(0, count).forEach((item, at) => {
    if (!bought.has(item)) return
    found++
    gain += 1 / Math.log2(at + 2)
  })
  let ideal = 0
  for (let at = 0; at < Math.min(count, bought.size); at++) ideal += 1 / Math.log2(at + 2)
  return { recall: bought.size === 0 ? 0 : found / bought.size, ndcg: ideal === 0 ? 0 : gain / ideal, hit: found > 0 ? 1 : 0 }
}
