import type { Rng } from '@assay/shared'
import { sortedQuantile } from './quantile.ts'

/**
 * 95 % percentile interval of any figure, by drawing whole clusters with replacement (Davison & Hinkley 1997, 3.8):
 * rows of one customer stay together. Draws for which the figure is NaN (one class only) are left out.
 *
 * @param statistic gets the drawn row indices, repeats included
 */
export function clusterBootstrap(
  clusters: readonly string[],
  statistic: (rows: Uint32Array) => number,
  rng: Rng,
  draws = 500,
): { value: number; low: number; high: number } {
  const byCluster = new Map<string, number[]>()
  clusters.forEach((name, row) => {
    const rows = byCluster.get(name)
    if (rows) rows.push(row)
    else byCluster.set(name, [row])
  })
  const groups = [...byCluster.values()]
  const figures: number[] = []
  for (let draw = 0; draw < draws; draw++) {
    const rows: number[] = []
    for (let k = 0; k < groups.length; k++) for (const row of groups[rng.below(groups.length)]!) rows.push(row)
    const figure = statistic(Uint32Array.from(rows))
    if (!Number.isNaN(figure)) figures.push(figure)
  }
  const sorted = Float64Array.from(figures).sort()
  return {
    value: statistic(Uint32Array.from(clusters, (_, row) => row)),
    low: sortedQuantile(sorted, 0.025),
    high: sortedQuantile(sorted, 0.975),
  }
}
