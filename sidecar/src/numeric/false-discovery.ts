/**
 * Which p-values stand when at most the share `rate` of the accepted ones may be false (Benjamini & Hochberg 1995).
 */
export function acceptedByFalseDiscovery(p: Float64Array, rate: number): boolean[] {
  const sorted = p.slice().sort()
  let limit = -1
  sorted.forEach((value, i) => {
    if (value <= (rate * (i + 1)) / sorted.length) limit = value
  })
  return Array.from(p, (value) => value <= limit)
}
