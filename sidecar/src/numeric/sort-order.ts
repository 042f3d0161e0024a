/** Indices that put `values` in ascending order; equal values keep their order (stable). NaN goes last. */
export function sortOrder(values: ArrayLike<number>): Uint32Array {
  const order = new Uint32Array(values.length)
  for (let i = 0; i < order.length; i++) order[i] = i
  return order.sort((i, j) => {
    const a = values[i]!
    const b = values[j]!
    if (a < b) return -1
    if (a > b) return 1
    if (a === b) return i - j
    return (Number.isNaN(a) ? 1 : 0) - (Number.isNaN(b) ? 1 : 0) || i - j
  })
}
