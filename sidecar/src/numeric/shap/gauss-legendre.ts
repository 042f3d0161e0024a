export interface Quadrature {
  readonly points: Float64Array
  readonly weights: Float64Array
}

/**
 * Points and weights with which sum w f(t) is the integral of f over [0, 1], exact for polynomials up to degree 2 n - 1
 * (Abramowitz & Stegun 25.4.30), by Newton's method on the Legendre polynomials. O(n^2).
 */
export function gaussLegendre(n: number): Quadrature {
  const points = new Float64Array(n)
  const weights = new Float64Array(n)
  for (let k = 0; k < n; k++) {
    let x = Math.cos((Math.PI * (k + 0.75)) / (n + 0.5))
    let slope = 1
    for (let step = 0; step < 100; step++) {
      let before = 1
      let value = x
      for (let degree = 2; degree <= n; degree++) {
        const next = ((2 * degree - 1) * x * value - (degree - 1) * before) / degree
        before = value
        value = next
      }
      slope = (n * (x * value - before)) / (x * x - 1)
      const move = value / slope
      x -= move
      if (Math.abs(move) < 1e-15) break
    }
    points[n - 1 - k] = (1 + x) / 2
    weights[n - 1 - k] = 1 / ((1 - x * x) * slope * slope)
  }
  return { points, weights }
}
