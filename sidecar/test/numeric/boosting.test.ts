import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { auc } from '../../src/numeric/auc.ts'
import { fitBoosting } from '../../src/numeric/boosting/fit.ts'
import { fillGroup, GROUP_BINS, packBins } from '../../src/numeric/boosting/histogram.ts'
import { binAll, BINS, binsOf, type InputColumn, learnInputs, MISSING } from '../../src/numeric/boosting/inputs.ts'
import type { Boosting, Tree } from '../../src/numeric/boosting/model.ts'
import { predictBoosting } from '../../src/numeric/boosting/predict.ts'
import { findSplit, PACK } from '../../src/numeric/boosting/split.ts'
import { logLoss } from '../../src/numeric/log-loss.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { sigmoid } from '../../src/numeric/sigmoid.ts'
import { dataFile } from './data.ts'
import { numbers, rowsOf, steppedWorld, words } from './trees-data.ts'

const everything = { rowShare: 1, columnShare: 1 } as const
const limits = { bins: 255, levels: 64, rare: 1 }

describe('bins', () => {
  it('gives each of a few values a bin, and puts an unseen value with its nearest', () => {
    const [input] = learnInputs([numbers('x', [3, 1, 1, Number.NaN, 2, 3])], 6, limits).inputs
    expect(input).toEqual({ type: 'number', name: 'x', edges: [1.5, 2.5] })
    expect([...binsOf(input!, numbers('x', [1, 2, 3, Number.NaN, 1.4, 99, -Infinity, Infinity]), 8)]).toEqual([
      0,
      1,
      2,
      MISSING,
      0,
      2,
      0,
      2,
    ])
  })

  it('cuts many values into bins of about equal size, a heap of equal ones in one of them', () => {
    const rng = seededRng('bins')
    const values = Float64Array.from({ length: 20_000 }, () => (rng.next() < 0.5 ? 0 : rng.next()))
    const [input] = learnInputs([numbers('x', values)], values.length, limits).inputs
    const counts = new Int32Array(BINS)
    for (const bin of binsOf(input!, numbers('x', values), values.length)) counts[bin]!++
    const used = [...counts].filter((n) => n > 0)
    expect(used.length).toBeGreaterThan(240)
    expect(Math.max(...used.filter((n) => n < 5000))).toBeLessThan(3 * (10_000 / 254))
  })

  it('pools rare and new words, and leaves out what never changes', () => {
    const column = words('w', ['b', 'b', 'a', 'a', 'a', 'c', null])
    const { inputs } = learnInputs([column, numbers('same', [1, 1, 1, 1, 1, 1, 1]), numbers('none', Array(7).fill(Number.NaN))], 7, {
      ...limits,
      rare: 2,
    })
    expect(inputs).toEqual([{ type: 'category', name: 'w', levels: ['a', 'b'] }])
    expect([...binsOf(inputs[0]!, words('w', ['a', 'b', 'c', 'new', null]), 5)]).toEqual([0, 1, 2, 2, MISSING])
    expect([...binsOf(inputs[0]!, undefined, 2)]).toEqual([MISSING, MISSING])
  })
})

describe('histograms and splits', () => {
  /** Small whole gradients and curvatures: sums are exact, so the best split is beyond doubt. */
  function node(seed: string) {
    const rng = seededRng(seed)
    const rows = 400
    const columns: InputColumn[] = [
      numbers(
        'x',
        Float64Array.from({ length: rows }, () => (rng.next() < 0.15 ? Number.NaN : rng.below(30))),
      ),
      numbers(
        'y',
        Float64Array.from({ length: rows }, () => rng.below(12)),
      ),
      words(
        'w',
        Array.from({ length: rows }, () => (rng.next() < 0.1 ? null : `w${rng.below(5)}`)),
      ),
    ]
    const { inputs, bins } = learnInputs(columns, rows, limits)
    expect([...bins]).toEqual([...binAll(inputs, columns, rows)])
    const g = Int32Array.from({ length: rows }, (_, row) => rng.below(201) - 100 + (bins[row]! > 12 ? 15 : 0))
    const h = Int32Array.from({ length: rows }, () => 1 + rng.below(50))
    return { rows, inputs, bins, g, h }
  }

  it('adds up by bin what a plain loop adds up', () => {
    const { rows, inputs, bins, g, h } = node('histogram')
    const order = Int32Array.from({ length: rows }, (_, k) => k).filter((row) => row % 3 !== 0)
    const weights = Float64Array.from(order, (row) => g[row]! * PACK + h[row]!)
    const histogram = new Float64Array(GROUP_BINS)
    fillGroup(histogram, packBins(bins, inputs.length, rows).groups[0]!, order, 0, order.length, weights)
    const plain = new Float64Array(GROUP_BINS)
    inputs.forEach((_, k) => order.forEach((row) => (plain[k * BINS + bins[k * rows + row]!]! += g[row]! * PACK + h[row]!)))
    // The five places that are left over in the group of eight collect all rows in bin 0.
    expect([...histogram.subarray(0, inputs.length * BINS)]).toEqual([...plain.subarray(0, inputs.length * BINS)])
  })

  it('finds the best of all splits: every edge, missing on either side, every way to part the words', () => {
    for (const seed of ['one', 'two', 'three', 'four', 'five', 'six']) {
      const { rows, inputs, bins, g, h } = node(seed)
      const rules = { lambda: 20, minWeight: 300, smoothing: 0 }
      const histogram = new Float64Array(GROUP_BINS)
      let total = 0
      for (let row = 0; row < rows; row++) {
        total += g[row]! * PACK + h[row]!
        inputs.forEach((_, k) => (histogram[k * BINS + bins[k * rows + row]!]! += g[row]! * PACK + h[row]!))
      }
      const sum = (values: Int32Array, keep: (row: number) => boolean): number => values.reduce((s, v, row) => s + (keep(row) ? v : 0), 0)
      const part = (keep: (row: number) => boolean): number => {
        const weight = sum(h, keep)
        return weight < rules.minWeight ? -Infinity : sum(g, keep) ** 2 / (weight + rules.lambda)
      }
      const all = part(() => true)
      const gain = (left: (row: number) => boolean): number => part(left) + part((row) => !left(row)) - all
      const best = [0, 1, 2].map((k) => {
        const bin = (row: number): number => bins[k * rows + row]!
        const gains: number[] = []
        if (inputs[k]!.type === 'number')
          for (let edge = 0; edge < 30; edge++)
            gains.push(
              gain((row) => bin(row) <= edge),
              gain((row) => bin(row) <= edge || bin(row) === MISSING),
            )
        else for (let set = 1; set < 63; set++) gains.push(gain((row) => ((set >> (bin(row) === MISSING ? 5 : bin(row))) & 1) === 1))
        const found = findSplit(histogram, [k], [30, 12, 6], [false, false, true], total, rules)
        const most = Math.max(0, ...gains)
        expect(found?.gain ?? 0).toBeCloseTo(most, 6)
        return most
      })
      const found = findSplit(histogram, [0, 1, 2], [30, 12, 6], [false, false, true], total, rules)
      expect(found?.gain ?? 0).toBeCloseTo(Math.max(...best), 6)
    }
  })
})

/** Walks every row down by the raw rules of the model, the slow and plain way. */
function walk(model: Boosting, columns: readonly InputColumn[], row: number): number {
  const leafOf = (tree: Tree): number => {
    let node = 0
    while (tree.input[node]! >= 0) {
      const input = model.inputs[tree.input[node]!]!
      const bin = binsOf(
        input,
        columns.find((column) => column.info.name === input.name),
        row + 1,
      )[row]!
      const left =
        bin === MISSING
          ? tree.missingLeft[node] === 1
          : input.type === 'number'
            ? bin <= tree.bin[node]!
            : tree.leftBins[node]!.includes(bin)
      node = left ? tree.left[node]! : tree.right[node]!
    }
    return tree.value[node]!
  }
  return model.trees.reduce((sum, tree) => sum + leafOf(tree), model.intercept)
}

describe('boosting', () => {
  const world = steppedWorld(6000, 'boosting')
  const train = rowsOf(world.columns, 0, 4000)
  const later = rowsOf(world.columns, 4000, 6000)
  const outcome = world.outcome.slice(0, 4000)
  const laterOutcome = world.outcome.slice(4000)

  it('takes the Newton step of each leaf: the first tree is -G / (H + lambda) of the rows in it', () => {
    const { model } = fitBoosting(train, outcome, { ...everything, rounds: 1, learningRate: 0.3, leaves: 6, lambda: 2 }, seededRng(1))
    const rate = outcome.reduce((s, y) => s + y, 0) / outcome.length
    expect(model.intercept).toBeCloseTo(Math.log(rate / (1 - rate)), 12)
    const scores = predictBoosting(model, train, 4000)
    const tree = model.trees[0]!
    tree.input.forEach((input, node) => {
      if (input >= 0) {
        expect(tree.cover[node]).toBe(tree.cover[tree.left[node]!]! + tree.cover[tree.right[node]!]!)
        return
      }
      const rows = [...scores.keys()].filter((row) => Math.abs(scores[row]! - model.intercept - tree.value[node]!) < 1e-12)
      expect(rows.length).toBe(tree.cover[node])
      const g = rows.reduce((s, row) => s + rate - outcome[row]!, 0)
      expect(tree.value[node]).toBeCloseTo((-0.3 * g) / (rows.length * rate * (1 - rate) + 2), 9)
      expect(rows.length * rate * (1 - rate)).toBeGreaterThan(4.9)
    })
  })

  it('learns what no line can: near the truth on later rows, ends early, and says the loss of each round', () => {
    const { model, laterLoss } = fitBoosting(train, outcome, { rounds: 400, leaves: 8 }, seededRng('fit'), {
      columns: later,
      outcome: laterOutcome,
    })
    const scores = predictBoosting(model, later, 2000)
    expect(auc(world.truth.slice(4000), laterOutcome) - auc(scores, laterOutcome)).toBeLessThan(0.02)
    expect(laterLoss.length - 1).toBeLessThan(400)
    expect(model.trees.length).toBe(laterLoss.indexOf(Math.min(...laterLoss)))
    expect(logLoss(scores.map(sigmoid), laterOutcome)).toBeCloseTo(Math.min(...laterLoss), 12)
    expect(model.gains[model.inputs.findIndex(({ name }) => name === 'noise')]).toBe(Math.min(...model.gains))
  })

  it('predicts what a walk down its own rules gives, words that are new and columns that are gone too', () => {
    const { model } = fitBoosting(train, outcome, { rounds: 12, leaves: 10 }, seededRng('walk'))
    const odd = [
      ...rowsOf(later, 0, 40).filter(({ info }) => info.name !== 'gap' && info.name !== 'town'),
      words(
        'town',
        Array.from({ length: 40 }, (_, k) => (k % 3 ? `town ${k % 11}` : null)),
      ),
    ]
    for (const columns of [rowsOf(later, 0, 40), odd]) {
      const scores = predictBoosting(model, columns, 40)
      scores.forEach((score, row) => expect(score).toBeCloseTo(walk(model, columns, row), 12))
    }
  })

  it('is the same for the same seed, survives JSON, and leaves its columns alone', () => {
    const before = JSON.stringify(train.map((column) => [...(column.type === 'number' ? column.values : column.codes)]))
    const first = fitBoosting(train, outcome, { rounds: 10 }, seededRng('same')).model
    const second = fitBoosting(train, outcome, { rounds: 10 }, seededRng('same')).model
    expect(second).toEqual(first)
    expect(fitBoosting(train, outcome, { rounds: 10 }, seededRng('other')).model).not.toEqual(first)
    expect(JSON.stringify(train.map((column) => [...(column.type === 'number' ? column.values : column.codes)]))).toBe(before)
    const read = JSON.parse(JSON.stringify(first)) as Boosting
    expect(predictBoosting(read, later, 2000)).toEqual(predictBoosting(first, later, 2000))
  })

  it('does not mind bad input: one class, three rows, no columns, constants, infinities, 10,000 words', () => {
    const rng = seededRng('bad')
    const many = words(
      'many',
      Array.from({ length: 12_000 }, (_, k) => `w${k % 10_000}`),
    )
    const y = Float64Array.from({ length: 12_000 }, () => rng.below(2))
    const cases: [InputColumn[], Float64Array][] = [
      [train, new Float64Array(4000)],
      [train, new Float64Array(4000).fill(1)],
      [rowsOf(train, 0, 3), Float64Array.from([1, 0, 1])],
      [[], Float64Array.from([1, 0, 1])],
      [[], new Float64Array(0)],
      [[numbers('c', Array(50).fill(4)), numbers('n', Array(50).fill(Number.NaN))], y.slice(0, 50)],
      [
        [
          numbers(
            'i',
            Array.from({ length: 200 }, (_, k) => (k % 3 === 0 ? Infinity : k % 3 === 1 ? -Infinity : k)),
          ),
        ],
        y.slice(0, 200),
      ],
      [[many], y],
    ]
    for (const [columns, labels] of cases) {
      const { model } = fitBoosting(columns, labels, { rounds: 5 }, seededRng('bad'))
      const scores = predictBoosting(model, columns, labels.length)
      expect(scores.length).toBe(labels.length)
      expect(scores.every(Number.isFinite)).toBe(true)
      expect(Number.isFinite(model.intercept)).toBe(true)
    }
  })

  const file = dataFile('telco-churn/WA_Fn-UseC_-Telco-Customer-Churn.csv')
  it.runIf(file !== null)('telco: about the .843 that scikit-learn reaches with the same settings (5 folds, mean of fold AUCs)', () => {
    const { columns, outcome: y } = readTelco(readFileSync(file!, 'utf8'))
    const fold = Int32Array.from({ length: y.length }, (_, row) => row % 5)
    const aucs = [0, 1, 2, 3, 4].map((k) => {
      const pick = (inside: boolean): { columns: InputColumn[]; outcome: Float64Array } => {
        const keep = [...fold.keys()].filter((row) => (fold[row] === k) === inside)
        return {
          columns: columns.map((c) =>
            c.type === 'number'
              ? { ...c, values: Float64Array.from(keep, (row) => c.values[row]!) }
              : { ...c, codes: Int32Array.from(keep, (row) => c.codes[row]!) },
          ),
          outcome: Float64Array.from(keep, (row) => y[row]!),
        }
      }
      const train5 = pick(false)
      const test5 = pick(true)
      const settings = { ...everything, rounds: 200, learningRate: 0.05, leaves: 15, minChildWeight: 3 }
      const { model } = fitBoosting(train5.columns, train5.outcome, settings, seededRng(k))
      return auc(predictBoosting(model, test5.columns, test5.outcome.length), test5.outcome)
    })
    const mean = aucs.reduce((s, v) => s + v, 0) / 5
    console.log(`telco, mean AUC over five folds: ${mean.toFixed(4)}`)
    expect(mean).toBeGreaterThan(0.835)
    expect(mean).toBeLessThan(0.86)
  })
})

function readTelco(text: string): { columns: InputColumn[]; outcome: Float64Array } {
  const [head, ...lines] = text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','))
  const outcome = Float64Array.from(lines, (line) => (line[head!.indexOf('Churn')] === 'Yes' ? 1 : 0))
  const columns = head!.flatMap((name, k) => {
    if (name === 'customerID' || name === 'Churn') return []
    const cells = lines.map((line) => line[k]!.trim())
    const isNumber = ['tenure', 'MonthlyCharges', 'TotalCharges'].includes(name)
    return [
      isNumber
        ? numbers(
            name,
            cells.map((cell) => (cell === '' ? Number.NaN : Number(cell))),
          )
        : words(name, cells),
    ]
  })
  return { columns, outcome }
}
