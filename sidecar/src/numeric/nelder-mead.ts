export interface Minimum {
  readonly at: Float64Array
  readonly value: number
  readonly evaluations: number
}

/**
 * Minimises a function of a few numbers without derivatives (Nelder & Mead 1965; constants 1, 2, .5, .5 as in Lagarias
 * et al. 1998). Values that are not finite count as worst. Ends when the simplex is flat within `tolerance`.
 */
export function nelderMead(
  f: (x: Float64Array) => number,
  start: ArrayLike<number>,
  options: { readonly step?: number; readonly tolerance?: number; readonly maxEvaluations?: number } = {},
): Minimum {
  const { step = 0.5, tolerance = 1e-9, maxEvaluations = 2000 } = options
  const d = start.length
  const counter = { evaluations: 0 }
  const evaluate = (x: Float64Array): { x: Float64Array; value: number } => {
    counter.evaluations++
    const value = f(x)
    return { x, value: Number.isFinite(value) ? value : Number.POSITIVE_INFINITY }
  }
  const simplex = [evaluate(Float64Array.from(start))]
  for (let j = 0; j < d; j++) {
    const x = Float64Array.from(start)
    x[j]! += step
    simplex.push(evaluate(x))
  }
  while (counter.evaluations < maxEvaluations) {
    simplex.sort((p, q) => p.value - q.value)
    const best = simplex[0]!
    const worst = simplex[d]!
    let width = 0
    for (const point of simplex) for (let j = 0; j < d; j++) width = Math.max(width, Math.abs(point.x[j]! - best.x[j]!))
    if (worst.value - best.value <= tolerance * (1 + Math.abs(best.value)) && width < Math.sqrt(tolerance)) break
    const centre = new Float64Array(d)
    for (let k = 0; k < d; k++) for (let j = 0; j < d; j++) centre[j]! += simplex[k]!.x[j]! / d
    const along = (t: number): Float64Array => centre.map((c, j) => c + t * (worst.x[j]! - c))
    const reflected = evaluate(along(-1))
    if (reflected.value < best.value) {
      const expanded = evaluate(along(-2))
      simplex[d] = expanded.value < reflected.value ? expanded : reflected
    } else if (reflected.value < simplex[d - 1]!.value) {
      simplex[d] = reflected
    } else {
      const contracted = evaluate(along(reflected.value < worst.value ? -0.5 : 0.5))
      if (contracted.value < Math.min(reflected.value, worst.value)) simplex[d] = contracted
      else for (let k = 1; k <= d; k++) simplex[k] = evaluate(simplex[k]!.x.map((v, j) => best.x[j]! + 0.5 * (v - best.x[j]!)))
    }
  }
  simplex.sort((p, q) => p.value - q.value)
  return { at: simplex[0]!.x, value: simplex[0]!.value, evaluations: counter.evaluations }
}
