import type { Parallel, Rng } from '@assay/shared'
import { fitBoosting } from '../../numeric/boosting/fit.ts'
import type { Boosting } from '../../numeric/boosting/model.ts'
import { predictBoosting } from '../../numeric/boosting/predict.ts'
import { logLoss } from '../../numeric/log-loss.ts'
import { fitNaiveBayes, naiveBayesParts, predictNaiveBayes } from '../../numeric/naive-bayes.ts'
import { sigmoid } from '../../numeric/sigmoid.ts'
import { fitTree } from '../../numeric/tree/decision-tree.ts'
import { ruleText, rulesOf } from '../../numeric/tree/rules.ts'
import { levelled } from './calibration.ts'
import { learnSlots } from './encoding.ts'
import { fitLinear, matrix, rawScores } from './linear.ts'
import type { Learned } from './model.ts'
import type { Table } from './table.ts'

/** A way to learn, with the settings that are tried, simplest first. */
export interface Learner {
  /** In words, for the report. */
  readonly settings: readonly string[]
  /** For each setting: learned on some rows, its log-odds of others. */
  attempt(train: Table, validate: Table, rng: Rng): Float64Array[]
  learn(table: Table, setting: number, rng: Rng): Learned
}

/** Logistic regression with an L2 penalty. */
export function linearLearner(strengths: readonly number[]): Learner {
  return {
    settings: strengths.map((lambda) => `penalty ${lambda}`),
    attempt(train, validate) {
      const slots = learnSlots(train)
      const columns = matrix(slots, train)
      const later = matrix(slots, validate)
      return strengths.map((lambda) => rawScores(fitLinear(slots, columns, train.outcome, lambda), later, validate.size))
    },
    learn(table, setting) {
      const slots = learnSlots(table)
      const lambda = strengths[setting]!
      const { weights, intercept } = fitLinear(slots, matrix(slots, table), table.outcome, lambda)
      return { kind: 'linear', slots: [...slots], weights: [...weights], intercept, lambda }
    },
  }
}

/** Leaves at most, with as many questions on the way to one: trees of few inputs at a time, and the usual ones. */
const SIZES = [
  { leaves: 6, depth: 3 },
  { leaves: 15, depth: 8 },
] as const
const MOST_ROUNDS = 400
const EVERY = 20
const PATIENCE = 60
const RATE = 0.05
const STOPS = Array.from({ length: MOST_ROUNDS / EVERY }, (_, k) => (k + 1) * EVERY)

/**
 * Boosted trees. How many rounds is asked of the rows that were left out, at their own level, like every other setting: one
 * number for all splits. A split that has long been past its best counts with where it stopped.
 */
export const boostedLearner = (parallel: Parallel): Learner => ({
  settings: SIZES.flatMap(({ leaves }) => STOPS.map((rounds) => `${rounds} rounds of at most ${leaves} leaves`)),
  attempt(train, validate, rng) {
    return SIZES.flatMap((size) => {
      const at: Float64Array[] = []
      fitBoosting(
        train.columns,
        train.outcome,
        { ...size, rounds: MOST_ROUNDS, learningRate: RATE, patience: PATIENCE },
        rng,
        {
          columns: validate.columns,
          outcome: validate.outcome,
          every: EVERY,
          loss: (scores) => {
            at.push(scores.slice())
            return logLoss(levelled(scores, validate.outcome).map(sigmoid), validate.outcome)
          },
        },
        parallel,
      )
      // The first look is before the first round.
      return STOPS.map((_, k) => at[k + 1] ?? at.at(-1)!)
    })
  },
  learn(table, setting, rng) {
    const size = SIZES[Math.floor(setting / STOPS.length)]!
    const rounds = STOPS[setting % STOPS.length]!
    const { model } = fitBoosting(table.columns, table.outcome, { ...size, rounds, learningRate: RATE }, rng, null, parallel)
    return { kind: 'trees', trees: plain(model), rules: [] }
  },
})

type LearnedTrees = Extract<Learned, { kind: 'trees' }>

const LEAVES = [4, 8, 16] as const

/** One tree, small enough to read. */
export const treeLearner: Learner = {
  settings: LEAVES.map((leaves) => `at most ${leaves} leaves`),
  attempt: (train, validate) => LEAVES.map((leaves) => predictBoosting(oddsTree(train, leaves).trees, validate.columns, validate.size)),
  learn: (table, setting) => ({ kind: 'trees', ...oddsTree(table, LEAVES[setting]!) }),
}

/** The rates of its leaves as log-odds, each with one average row beside its own: no leaf is certain. */
function oddsTree(table: Table, leaves: number): Omit<LearnedTrees, 'kind'> {
  const fitted = fitTree(table.columns, table.outcome, { leaves })
  const { inputs, tree } = fitted
  const mean = table.outcome.reduce((sum, y) => sum + y, 0) / table.size
  const value = tree.value.map((rate, node) => {
    if (tree.input[node]! >= 0) return 0
    const p = (rate * tree.cover[node]! + mean) / (tree.cover[node]! + 1)
    return Math.log(p / (1 - p))
  })
  const asked = new Set(tree.input)
  return {
    trees: plain({ inputs, intercept: 0, trees: [{ ...tree, value }], gains: inputs.map((_, k) => (asked.has(k) ? 1 : 0)) }),
    rules: rulesOf(fitted).map((rule) => ({ text: ruleText(rule), n: rule.n, rate: rule.rate })),
  }
}

/** Plain arrays, that can be kept as JSON. */
const plain = (model: Boosting): LearnedTrees['trees'] => ({
  inputs: model.inputs.map((input) =>
    input.type === 'number' ? { ...input, edges: [...input.edges] } : { ...input, levels: [...input.levels] },
  ),
  intercept: model.intercept,
  trees: model.trees.map((tree) => ({
    input: [...tree.input],
    bin: [...tree.bin],
    leftBins: tree.leftBins.map((bins) => [...bins]),
    missingLeft: [...tree.missingLeft],
    left: [...tree.left],
    right: [...tree.right],
    value: [...tree.value],
    cover: [...tree.cover],
  })),
  gains: [...model.gains],
})

/** Naive Bayes, with nothing to set. */
export const bayesLearner: Learner = {
  settings: ['nothing to set'],
  attempt: (train, validate) => [predictNaiveBayes(fitNaiveBayes(train.columns, train.outcome), validate.columns, validate.size)],
  learn(table) {
    const { intercept, looks } = fitNaiveBayes(table.columns, table.outcome)
    const bayes = {
      intercept,
      looks: looks.map((look) =>
        look.type === 'number'
          ? { ...look, mean: [...look.mean], variance: [...look.variance] }
          : { ...look, levels: [...look.levels], logShare: look.logShare.map((shares) => [...shares]) },
      ),
    }
    const centres = naiveBayesParts(bayes, table.columns, table.size).map(
      (part) => part.reduce((sum, v) => sum + v, 0) / Math.max(1, table.size),
    )
    return { kind: 'bayes', bayes, centres }
  },
}
