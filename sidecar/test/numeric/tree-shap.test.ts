import { describe, expect, it } from 'vitest'
import { fitBoosting } from '../../src/numeric/boosting/fit.ts'
import { binAll, type InputColumn } from '../../src/numeric/boosting/inputs.ts'
import { type Boosting, goesLeft } from '../../src/numeric/boosting/model.ts'
import { predictBoosting } from '../../src/numeric/boosting/predict.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { cellsOf } from '../../src/numeric/shap/cells.ts'
import { explainBoosting } from '../../src/numeric/shap/explain.ts'
import { gaussLegendre } from '../../src/numeric/shap/gauss-legendre.ts'
import { newQuadratures } from '../../src/numeric/shap/leaf-share.ts'
import { pathsOf } from '../../src/numeric/shap/paths.ts'
import { rowsOf, steppedWorld } from './trees-data.ts'

/** What the model says when only the inputs of `known` are known: down both sides by cover where one is not. */
function worth(model: Boosting, bins: Uint8Array, rows: number, row: number, known: number): number {
  return model.trees.reduce((sum, tree) => {
    const down = (node: number): number => {
      const input = tree.input[node]!
      if (input < 0) return tree.value[node]!
      const [left, right] = [tree.left[node]!, tree.right[node]!]
      if ((known >> input) & 1) return down(goesLeft(tree, node, model.inputs[input]!)[bins[input * rows + row]!] === 1 ? left : right)
      return (tree.cover[left]! * down(left) + tree.cover[right]! * down(right)) / tree.cover[node]!
    }
    return sum + down(0)
  }, model.intercept)
}

/** Shapley 1953: the weighted mean over all sets of the others. */
function bruteForce(model: Boosting, columns: readonly InputColumn[], rows: number, row: number): number[] {
  const bins = binAll(model.inputs, columns, rows)
  const m = model.inputs.length
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1))
  return model.inputs.map((_, i) => {
    let sum = 0
    for (let set = 0; set < 1 << m; set++) {
      if ((set >> i) & 1) continue
      const size = model.inputs.filter((__, k) => (set >> k) & 1).length
      const weight = (factorial(size) * factorial(m - size - 1)) / factorial(m)
      sum += weight * (worth(model, bins, rows, row, set | (1 << i)) - worth(model, bins, rows, row, set))
    }
    return sum
  })
}

describe('quadrature', () => {
  it('has the points of Abramowitz & Stegun 25.4.30 and is exact for polynomials', () => {
    expect([...gaussLegendre(2).points]).toEqual([
      expect.closeTo(0.5 - 0.5 / Math.sqrt(3), 14),
      expect.closeTo(0.5 + 0.5 / Math.sqrt(3), 14),
    ])
    for (let n = 1; n <= 12; n++) {
      const { points, weights } = gaussLegendre(n)
      for (let degree = 0; degree < 2 * n; degree++) {
        expect(points.reduce((sum, t, k) => sum + weights[k]! * t ** degree, 0)).toBeCloseTo(1 / (degree + 1), 13)
      }
    }
  })
})

describe('tree shap', () => {
  const world = steppedWorld(3000, 'shap')
  const { model } = fitBoosting(world.columns, world.outcome, { rounds: 15, leaves: 12, rowShare: 0.7 }, seededRng('shap'))

  it('equals the sum over all subsets, and adds up to the log-odds', () => {
    const rows = 25
    const columns = rowsOf(world.columns, 0, rows)
    const { average, contributions } = explainBoosting(model, columns, rows)
    const scores = predictBoosting(model, columns, rows)
    const bins = binAll(model.inputs, columns, rows)
    expect(average).toBeCloseTo(worth(model, bins, rows, 0, 0), 10)
    for (let row = 0; row < rows; row++) {
      const exact = bruteForce(model, columns, rows, row)
      exact.forEach((value, i) => expect(contributions[i]![row]).toBeCloseTo(value, 10))
      expect(average + contributions.reduce((sum, column) => sum + column[row]!, 0)).toBeCloseTo(scores[row]!, 10)
    }
  })

  it('gives the same whether leaves are worked out in groups, one by one, or row by row', () => {
    const many = steppedWorld(2500, 'ways')
    const grouped = explainBoosting(model, many.columns, 2500)
    // Few rows ask for small groups, a single row for hardly any.
    for (const rows of [1, 17, 300]) {
      const few = explainBoosting(model, rowsOf(many.columns, 0, rows), rows)
      few.contributions.forEach((column, i) =>
        column.forEach((value, row) => expect(value).toBeCloseTo(grouped.contributions[i]![row]!, 12)),
      )
    }
  })

  it('keeps to the limit of kinds of row, and gives no leaf away', () => {
    for (const [most, alone] of [
      [1, 1],
      [8, 16],
      [1024, 8192],
    ] as const) {
      for (const tree of model.trees) {
        const branch = pathsOf(tree, model.inputs)
        const parts = cellsOf(branch, most, alone, newQuadratures())
        for (const { tables } of parts.cells) expect(tables[0]!.length).toBeLessThanOrEqual(Math.max(most, alone))
        if (most === 1) expect(parts.alone.length).toBe(branch.paths.length)
      }
    }
  })

  it('explains a model without trees by its intercept alone', () => {
    const { model: flat } = fitBoosting(world.columns, new Float64Array(3000), {}, seededRng('flat'))
    const { average, contributions } = explainBoosting(flat, world.columns, 3000)
    expect(average).toBe(flat.intercept)
    expect(contributions.every((column) => column.every((value) => value === 0))).toBe(true)
  })
})
