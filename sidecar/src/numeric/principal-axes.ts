import type { Points } from './k-means.ts'

/** Rotations of all pairs before giving up: symmetric matrices of this size settle in fewer than ten. */
const SWEEPS = 60

/**
 * Principal axes of points about their mean: unit vectors, the direction of the largest variance first. `axes[a * width + j]`.
 * Eigenvectors of the covariance matrix by cyclic Jacobi rotations (Golub & Van Loan 2013, algorithm 8.5.3). O(n d² + d³).
 */
export function principalAxes({ values, width }: Points): { mean: Float64Array; axes: Float64Array; variances: Float64Array } {
  const n = values.length / width
  const mean = new Float64Array(width)
  for (let i = 0; i < values.length; i++) mean[i % width]! += values[i]! / n
  const matrix = covariance(values, width, mean)
  const vectors = Float64Array.from({ length: width * width }, (_, i) => (i % (width + 1) === 0 ? 1 : 0))
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let off = 0
    for (let p = 0; p < width; p++) for (let q = p + 1; q < width; q++) off += matrix[p * width + q]! ** 2
    if (off < 1e-24) break
    for (let p = 0; p < width; p++) for (let q = p + 1; q < width; q++) rotate(matrix, vectors, width, p, q)
  }
  const order = Array.from({ length: width }, (_, j) => j).sort((a, b) => matrix[b * (width + 1)]! - matrix[a * (width + 1)]! || a - b)
  const axes = new Float64Array(width * width)
  order.forEach((from, a) => {
    for (let j = 0; j < width; j++) axes[a * width + j] = vectors[j * width + from]!
  })
  return { mean, axes, variances: Float64Array.from(order, (from) => matrix[from * (width + 1)]!) }
}

function covariance(values: Float64Array, width: number, mean: Float64Array): Float64Array {
  const matrix = new Float64Array(width * width)
  const n = values.length / width
  for (let i = 0; i < n; i++) {
    for (let p = 0; p < width; p++) {
      const a = values[i * width + p]! - mean[p]!
      for (let q = p; q < width; q++) matrix[p * width + q]! += (a * (values[i * width + q]! - mean[q]!)) / n
    }
  }
  for (let p = 0; p < width; p++) for (let q = 0; q < p; q++) matrix[p * width + q] = matrix[q * width + p]!
  return matrix
}

/** Makes the entry (p, q) zero. */
function rotate(matrix: Float64Array, vectors: Float64Array, width: number, p: number, q: number): void {
  const apq = matrix[p * width + q]!
  if (apq === 0) return
  const tau = (matrix[q * (width + 1)]! - matrix[p * (width + 1)]!) / (2 * apq)
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau))
  const c = 1 / Math.sqrt(1 + t * t)
  const s = t * c
  for (let k = 0; k < width; k++) {
    const kp = matrix[k * width + p]!
    const kq = matrix[k * width + q]!
    matrix[k * width + p] = c * kp - s * kq
    matrix[k * width + q] = s * kp + c * kq
  }
  for (let k = 0; k < width; k++) {
    const pk = matrix[p * width + k]!
    const qk = matrix[q * width + k]!
    matrix[p * width + k] = c * pk - s * qk
    matrix[q * width + k] = s * pk + c * qk
    const vp = vectors[k * width + p]!
    const vq = vectors[k * width + q]!
    vectors[k * width + p] = c * vp - s * vq
    vectors[k * width + q] = s * vp + c * vq
  }
}
