/**
 * Lower factor L of a symmetric positive definite matrix, A = L L' (Cholesky-Banachiewicz). Row-major, n x n.
 * Only the lower triangle of `a` is read; `a` stays as it is. Null when A is not positive definite.
 */
export function cholesky(a: Float64Array, n: number): Float64Array | null {
  const lower = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!
      if (i === j) {
        if (!(sum > 0)) return null
        lower[i * n + i] = Math.sqrt(sum)
      } else {
        lower[i * n + j] = sum / lower[j * n + j]!
      }
    }
  }
  return lower
}

/** Solves L L' x = b for the factor that `cholesky` gives. */
export function choleskySolve(lower: Float64Array, b: ArrayLike<number>): Float64Array {
  const n = b.length
  const x = Float64Array.from(b)
  for (let i = 0; i < n; i++) {
    let sum = x[i]!
    for (let k = 0; k < i; k++) sum -= lower[i * n + k]! * x[k]!
    x[i] = sum / lower[i * n + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i]!
    for (let k = i + 1; k < n; k++) sum -= lower[k * n + i]! * x[k]!
    x[i] = sum / lower[i * n + i]!
  }
  return x
}
