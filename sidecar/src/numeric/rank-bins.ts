/**
 * Edges that cut values into `bins` groups of about equal size with equal values kept together: a value belongs to
 * bin 1 + the number of edges that are not above it. The middle rank of a run of equal values decides for all of them, so
 * a large run may leave a bin empty (two edges are then equal). NaN is left out; without values there are no edges.
 */
export function rankEdges(values: Float64Array, bins: number): number[] {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort()
  const edges: number[] = []
  for (let start = 0; start < sorted.length;) {
    let end = start + 1
    while (end < sorted.length && sorted[end] === sorted[start]) end++
    const bin = 1 + Math.floor((bins * ((start + end) / 2)) / sorted.length)
    while (edges.length < bin - 1) edges.push(sorted[start]!)
    start = end
  }
  // Values that never reach the top bins leave these edges out of reach.
  while (sorted.length > 0 && edges.length < bins - 1) edges.push(Number.MAX_VALUE)
  return edges
}

/** The bin, from 1; NaN for a missing value. */
export function binOf(value: number, edges: readonly number[]): number {
  if (Number.isNaN(value)) return Number.NaN
  let bin = 1
  for (const edge of edges) if (value >= edge) bin++
  return bin
}
