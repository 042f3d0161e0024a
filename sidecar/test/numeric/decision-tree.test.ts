import { describe, expect, it } from 'vitest'
import type { InputColumn } from '../../src/numeric/boosting/inputs.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { fitTree, predictTree } from '../../src/numeric/tree/decision-tree.ts'
import { type Condition, type Rule, rulesOf, ruleText } from '../../src/numeric/tree/rules.ts'
import { numbers, steppedWorld, words } from './trees-data.ts'

/** Does a row meet a condition, read from the raw values as a person would? */
function meets(condition: Condition, columns: readonly InputColumn[], row: number): boolean {
  const column = columns.find(({ info }) => info.name === condition.name)!
  if (column.type === 'number' && condition.type === 'number') {
    const value = column.values[row]!
    if (Number.isNaN(value)) return condition.orMissing
    return !condition.onlyMissing && value > (condition.above ?? -Infinity) && value <= (condition.upTo ?? Infinity)
  }
  if (column.type === 'category' && condition.type === 'category') {
    const code = column.codes[row]!
    return code < 0 ? condition.orMissing : condition.levels.includes(column.levels[code]!)
  }
  return false
}

describe('decision tree', () => {
  it('gives rules that part the rows, each with the rate and the number that counting gives', () => {
    const { columns, outcome } = steppedWorld(3000, 'rules')
    const model = fitTree(columns, outcome, { leaves: 10, depth: 5 })
    const rules = rulesOf(model)
    const rates = predictTree(model, columns, 3000)
    expect(rules.length).toBe(10)
    const covered = new Int32Array(3000)
    rules.forEach((rule: Rule) => {
      const rows = [...covered.keys()].filter((row) => rule.conditions.every((condition) => meets(condition, columns, row)))
      expect(rows.length).toBe(rule.n)
      expect(rule.n).toBeGreaterThanOrEqual(20)
      expect(rule.rate).toBeCloseTo(rows.reduce((sum, row) => sum + outcome[row]!, 0) / rows.length, 12)
      for (const row of rows) {
        covered[row]!++
        expect(rates[row]).toBeCloseTo(rule.rate, 12)
      }
    })
    expect(covered.every((times) => times === 1)).toBe(true)
    expect(rules.map(({ rate }) => rate)).toEqual(rules.map(({ rate }) => rate).sort((a, b) => b - a))
  })

  it('asks first what parts the classes best of all possible questions (Gini, every edge tried)', () => {
    for (const seed of ['x', 'y', 'z']) {
      const rng = seededRng(seed)
      const columns = ['a', 'b', 'c'].map((name) =>
        numbers(
          name,
          Float64Array.from({ length: 300 }, () => rng.below(40)),
        ),
      )
      const outcome = Float64Array.from({ length: 300 }, (_, row) =>
        rng.next() < (columns[1]!.type === 'number' && columns[1]!.values[row]! > 22 ? 0.6 : 0.3) ? 1 : 0,
      )
      const impurity = (rows: number[]): number => {
        const p = rows.reduce((sum, row) => sum + outcome[row]!, 0) / rows.length
        return rows.length * 2 * p * (1 - p)
      }
      const all = [...outcome.keys()]
      const gini = (keep: (row: number) => boolean): number => {
        const [left, right] = [all.filter(keep), all.filter((row) => !keep(row))]
        return Math.min(left.length, right.length) < 10 ? Infinity : impurity(left) + impurity(right)
      }
      const least = Math.min(
        ...columns.flatMap((column) =>
          Array.from({ length: 40 }, (_, edge) => gini((row) => column.type === 'number' && column.values[row]! <= edge)),
        ),
      )
      const model = fitTree(columns, outcome, { leaves: 2, minRows: 10, minChiSquare: 0 })
      const rates = predictTree(model, columns, 300)
      expect(gini((row) => rates[row] === rates[0])).toBeCloseTo(least, 10)
    }
  })

  it('reads like a sentence', () => {
    const rows = Array.from({ length: 400 }, (_, row) => row)
    const columns = [
      numbers(
        'age',
        rows.map((row) => (row % 10 === 9 ? Number.NaN : row % 7)),
      ),
      words(
        'plan',
        rows.map((row) => ['gold', 'free', 'plus'][row % 3]!),
      ),
    ]
    const outcome = rows.map((row) => (row % 3 === 1 && row % 7 > 3 ? 1 : 0))
    const best = rulesOf(fitTree(columns, outcome, { minRows: 5 }))[0]!
    expect(best.rate).toBe(1)
    expect(ruleText(best)).toMatch(/plan is free; age > 3.5|age > 3.5; plan is free/)
    expect(ruleText(rulesOf(fitTree([], outcome))[0]!)).toBe('everybody')
  })

  it('asks nothing of noise, of one class, of three rows, of none', () => {
    const rng = seededRng('noise')
    const noise = numbers(
      'n',
      Float64Array.from({ length: 500 }, () => rng.next()),
    )
    const leaves = (columns: InputColumn[], outcome: ArrayLike<number>): number => rulesOf(fitTree(columns, outcome)).length
    expect(
      leaves(
        [noise],
        Float64Array.from({ length: 500 }, () => rng.below(2)),
      ),
    ).toBe(1)
    expect(leaves([noise], new Float64Array(500).fill(1))).toBe(1)
    expect(leaves([numbers('n', [1, 2, 3])], [0, 1, 0])).toBe(1)
    expect(rulesOf(fitTree([], []))).toEqual([{ conditions: [], n: 0, rate: 0 }])
  })
})
