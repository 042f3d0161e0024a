import type { Parallel, Rng } from '@assay/shared'
import { auc } from '../../numeric/auc.ts'
import { logLoss, rowLoss } from '../../numeric/log-loss.ts'
import { sigmoid } from '../../numeric/sigmoid.ts'
import { asSaid, calibrate } from './calibrate.ts'
import { fitLinearHead, fitTreeHead } from './heads.ts'
import { endingPeriods, type Periods, periodsOf } from './intervals.ts'
import type { Calibration, Candidate, Head } from './model.ts'
import { calibratedOdds, rawOdds } from './predict.ts'
import { rowsWhere, type Stage } from './splits.ts'
import { columnOf, type Table, take, wordAt } from './table.ts'

export const BASE_RATE = 'base rate'
export const STAGE_RATE = 'stage win rate'
export const AGE_ONLY = 'age only'
const LINEAR = 'competing risks by logistic regression'
const TREES = 'competing risks by boosting'
/** Penalties that are tried. */
const STRENGTHS = [3, 30, 300] as const
/** Average deals that stand beside those of a stage. */
const PRIOR = 20
/** With fewer endings of the scarcer kind than this trees are noise. */
const ENDINGS_FOR_TREES = 200
const FEWEST_TREES = 10

/** What a fit needs to know beside rows. */
export interface Setting {
  readonly edges: readonly number[]
  readonly rng: Rng
  readonly parallel: Parallel
}

/** One way to predict, before anything is fitted. */
export interface Contender {
  readonly name: string
  readonly baseline: boolean
  readonly kind: 'rates' | 'linear' | 'trees'
  readonly view: (table: Table) => Table
  readonly strengths: readonly number[]
}

/** Who competes, simplest first, and who cannot, with the reason. */
export function contenders(table: Table): { entered: Contender[]; leftOut: string[] } {
  const ended = (kind: number): number => table.how.reduce((n, how) => n + (how === kind ? 1 : 0), 0)
  const nothing = (one: Table): Table => ({ ...one, columns: [] })
  const entered: Contender[] = [{ name: BASE_RATE, baseline: true, kind: 'rates', view: nothing, strengths: [0] }]
  const leftOut: string[] = []
  if (columnOf(table, 'stage')) entered.push({ name: STAGE_RATE, baseline: true, kind: 'rates', view: only('stage'), strengths: [0] })
  else leftOut.push(`${STAGE_RATE}: no history says which stage a deal was in`)
  const scarcer = Math.min(ended(1), ended(2))
  const many = scarcer >= ENDINGS_FOR_TREES
  // Deals of some ages are about to end, which is no merit of a model: the baseline bends as freely as the candidates do.
  if (columnOf(table, 'age_days'))
    entered.push({ name: AGE_ONLY, baseline: true, kind: many ? 'trees' : 'linear', view: only('age_days'), strengths: [many ? 0 : 1] })
  else leftOut.push(`${AGE_ONLY}: nobody knows since when deals have been open`)
  entered.push({ name: LINEAR, baseline: false, kind: 'linear', view: (one) => one, strengths: STRENGTHS })
  if (many) entered.push({ name: TREES, baseline: false, kind: 'trees', view: (one) => one, strengths: [0] })
  else leftOut.push(`${TREES}: ${scarcer} deals won or lost are fewer than ${ENDINGS_FOR_TREES}`)
  return { entered, leftOut }
}

const only =
  (name: string) =>
  (table: Table): Table => ({ ...table, columns: table.columns.filter((column) => column.info.name === name) })

type Fitted = Pick<Candidate, 'ends' | 'wins' | 'rates'>

const targets = (table: Table, edges: readonly number[]): { all: Periods; endings: Periods } => {
  const all = periodsOf(table, edges)
  return { all, endings: endingPeriods(all) }
}

function fitWith(
  contender: Contender,
  table: Table,
  strength: number,
  trees: readonly [number, number] | null,
  { edges, rng, parallel }: Setting,
): Fitted {
  const view = contender.view(table)
  if (contender.kind === 'rates') return { ends: null, wins: null, rates: stageRates(view) }
  const { all, endings } = targets(table, edges)
  if (contender.kind === 'linear') {
    return {
      ends: fitLinearHead(view, all, all.ended, edges, strength),
      wins: fitLinearHead(view, endings, endings.won, edges, strength),
      rates: null,
    }
  }
  if (trees !== null) {
    return {
      ends: fitTreeHead(view, all, all.ended, edges, rng.fork('ends'), { rounds: trees[0] }, parallel),
      wins: fitTreeHead(view, endings, endings.won, edges, rng.fork('wins'), { rounds: trees[1] }, parallel),
      rates: null,
    }
  }
  const { earlier, later } = lastDays(view)
  const [mine, theirs] = [targets(earlier, edges), targets(later, edges)]
  const end = (periods: Periods, target: Float64Array): { later: { table: Table; periods: Periods; target: Float64Array } } => ({
    later: { table: later, periods, target },
  })
  return {
    ends: fitTreeHead(earlier, mine.all, mine.all.ended, edges, rng.fork('ends'), end(theirs.all, theirs.all.ended), parallel),
    wins: fitTreeHead(earlier, mine.endings, mine.endings.won, edges, rng.fork('wins'), end(theirs.endings, theirs.endings.won), parallel),
    rates: null,
  }
}

/** The newest fifth of the rows says when trees have learned enough. */
function lastDays(table: Table): { earlier: Table; later: Table } {
  const at = Math.floor(table.size * 0.8)
  const rows = Array.from({ length: table.size }, (_, row) => row)
  return { earlier: take(table, rows.slice(0, at)), later: take(table, rows.slice(at)) }
}

/** Share won within the horizon by stage, drawn to the average of all. */
function stageRates(table: Table): NonNullable<Candidate['rates']> {
  const known = rowsWhere(table, (row) => !Number.isNaN(table.outcome[row]!))
  const won = known.outcome.reduce((sum, y) => sum + y, 0)
  const average = (won + 1) / (known.size + 2)
  const column = columnOf(known, 'stage')
  const groups = Map.groupBy(
    Array.from({ length: known.size }, (_, row) => row),
    (row) => wordAt(column, row),
  )
  const stages = [...groups].flatMap(([stage, rows]) => {
    if (stage === null) return []
    const sum = rows.reduce((n, row) => n + known.outcome[row]!, 0)
    return [{ stage, rate: (sum + PRIOR * average) / (rows.length + PRIOR), n: rows.length }]
  })
  return { average, stages: stages.sort((a, b) => (a.stage < b.stage ? -1 : 1)) }
}

/** What a contender said about rows that its fit had not seen. */
export interface Tried {
  readonly contender: Contender
  readonly strength: number
  /** Trees of either head that were enough; null for the others. */
  readonly trees: readonly [number, number] | null
  readonly odds: Float64Array
  readonly calibration: Calibration
  readonly probability: Float64Array
  readonly outcome: Float64Array
  readonly ids: readonly string[]
}

/** Fits a contender on every split with every penalty and keeps the penalty that predicted best. */
export function tryOut(contender: Contender, stages: readonly Stage[], validate: Table, setting: Setting): Tried {
  const options = contender.strengths.map((strength) => {
    const fits = stages.map(({ train }) => fitWith(contender, train, strength, null, setting))
    const odds = Float64Array.from(stages.flatMap((stage, k) => [...rawOdds(fits[k]!, stage.validate, setting.edges)]))
    return { strength, fits, odds, loss: odds.length === 0 ? 0 : logLoss(odds.map(sigmoid), validate.outcome) }
  })
  const best = options.reduce((a, b) => (b.loss < a.loss - 1e-9 ? b : a))
  // Rates are what they are: a baseline that is repaired is another one.
  const calibration = contender.kind === 'rates' ? asSaid : calibrate(best.odds, validate.outcome, validate)
  const candidate = { ...best.fits[0], calibration } as Candidate
  return {
    contender,
    strength: best.strength,
    trees: contender.kind === 'trees' ? [treesOf(best.fits.map((fit) => fit.ends)), treesOf(best.fits.map((fit) => fit.wins))] : null,
    odds: best.odds,
    calibration,
    probability: calibratedOdds(candidate, validate, best.odds).map(sigmoid),
    outcome: validate.outcome,
    ids: validate.ids,
  }
}

function treesOf(heads: readonly (Head | null)[]): number {
  const counts = heads.flatMap((head) => (head?.kind === 'trees' ? [head.boosting.trees.length] : []))
  return Math.max(FEWEST_TREES, Math.round(counts.reduce((sum, n) => sum + n, 0) / Math.max(1, counts.length)))
}

/** The contender fitted on everything, with the calibration that its tries gave. */
export function finish(tried: Tried, table: Table, setting: Setting): Candidate {
  const { contender, strength, outcome, probability } = tried
  const known = probability.length > 0
  return {
    name: contender.name,
    baseline: contender.baseline,
    ...fitWith(contender, table, strength, tried.trees ?? [FEWEST_TREES, FEWEST_TREES], setting),
    calibration: tried.calibration,
    strength,
    validation: known ? { auc: auc(probability, outcome), logLoss: logLoss(probability, outcome) } : null,
  }
}

/** The simplest whose log-loss is within one standard error (of the paired difference, by deal) of the best. */
export function choose(all: readonly Tried[]): Tried {
  const runners = all.filter(({ contender }) => !contender.baseline)
  const losses = runners.map(({ probability, outcome }) => probability.map((p, row) => rowLoss(p, outcome[row]!)))
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
  const best = losses.reduce((a, b) => (mean(b) < mean(a) ? b : a))
  const winner = losses.findIndex((loss) => {
    const gap = loss.map((value, row) => value - best[row]!)
    return mean(gap) <= clusteredError(gap, mean(gap), runners[0]!.ids)
  })
  return runners[Math.max(0, winner)]!
}

/** Standard error of a mean whose rows come in clusters. */
function clusteredError(values: Float64Array, mean: number, clusters: readonly string[]): number {
  const sums = new Map<string, number>()
  values.forEach((value, row) => sums.set(clusters[row]!, (sums.get(clusters[row]!) ?? 0) + value - mean))
  let squares = 0
  for (const sum of sums.values()) squares += sum * sum
  return Math.sqrt(squares) / Math.max(1, values.length)
}
