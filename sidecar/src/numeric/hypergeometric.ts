/** ln k! for k = 0 .. n, by plain summing: exact to about 1e-12 for n up to a few million. */
export function logFactorials(n: number): Float64Array {
  const table = new Float64Array(n + 1)
  for (let k = 2; k <= n; k++) table[k] = table[k - 1]! + Math.log(k)
  return table
}

/**
 * One-sided Fisher exact test: the chance that at least `both` of `marked` marked ones are among `drawn` drawn from
 * `total` without replacement. `table` is `logFactorials` of at least `total`.
 */
export function fisherTail(both: number, drawn: number, marked: number, total: number, table: Float64Array): number {
  const choose = (n: number, k: number) => table[n]! - table[k]! - table[n - k]!
  const most = Math.min(drawn, marked)
  const all = choose(total, drawn)
  let sum = 0
  for (let k = Math.max(both, drawn + marked - total, 0); k <= most; k++) {
    const term = Math.exp(choose(marked, k) + choose(total - marked, drawn - k) - all)
    sum += term
    if (term < sum * 1e-15 && k > (drawn * marked) / total) break
  }
  return Math.min(1, sum)
}
