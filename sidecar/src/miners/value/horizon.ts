import { sortedQuantile } from '../../numeric/quantile.ts'
import { hashUnit } from '../../numeric/rng.ts'
import { sortOrder } from '../../numeric/sort-order.ts'
import { levelOf, scatterOf } from './level.ts'
import { levelledDeviance, topDecileShare } from './measures.ts'
import type { Horizon, Regression } from './model.ts'
import { fitRegression, type Lesson, predictRegression, STRENGTHS, takeLesson } from './regression.ts'

export const BUYING = 'buy till you die × amount'
export const REGRESSION = 'regression on features'
const DAY = 86_400_000
const FOLDS = 5
/** Fewer customers than this, or fewer who bought, teach a regression nothing. */
const LEAST_ROWS = 200
const LEAST_BUYERS = 50
/** Eight in ten lie within the interval of a customer. */
const INSIDE = [0.1, 0.9] as const
const BANDS = 8
const LEAST_IN_BAND = 30

/** Predictions for rows that the fit had not seen. */
interface Tried {
  readonly lesson: Lesson
  readonly said: Float64Array
}

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0)
const buyers = (lessons: readonly Lesson[]): number =>
  lessons.reduce((n, { money }) => n + money.reduce((k, value) => k + (value > 0 ? 1 : 0), 0), 0)

/** The latest past days that earlier windows were over for, each predicted from those; else customers left out, one fifth at a time. */
function stagesOf(lessons: readonly Lesson[], days: number): { train: Lesson[]; validate: Lesson }[] {
  const at = (lesson: Lesson): number => lesson.customers.asOf ?? 0
  const later = lessons.flatMap((validate) => {
    const train = lessons.filter((one) => at(one) + days * DAY <= at(validate))
    return train.length > 0 && buyers(train) >= LEAST_BUYERS ? [{ train, validate }] : []
  })
  return later.slice(-2)
}

function foldsOf(lessons: readonly Lesson[]): { train: Lesson[]; validate: Lesson }[] {
  const fold = (id: string): number => Math.floor(hashUnit(`value/${id}`) * FOLDS)
  return Array.from({ length: FOLDS }, (_, k) => k).flatMap((k) => {
    const train = lessons.map((lesson) => takeLesson(lesson, (i) => fold(lesson.customers.ids[i]!) !== k))
    return lessons.map((lesson) => ({ train, validate: takeLesson(lesson, (i) => fold(lesson.customers.ids[i]!) === k) }))
  })
}

function tryRegression(stages: readonly { train: Lesson[]; validate: Lesson }[]): { lambda: number; tried: Tried[] } | null {
  let best: { lambda: number; tried: Tried[]; loss: number } | null = null
  for (const lambda of STRENGTHS) {
    const fits = new Map<Lesson[], Regression | null>()
    const tried: Tried[] = []
    for (const { train, validate } of stages) {
      if (!fits.has(train)) fits.set(train, fitRegression(train, lambda))
      const fit = fits.get(train)!
      if (fit === null) return null
      tried.push({ lesson: validate, said: predictRegression(fit, validate) })
    }
    const loss = tried.reduce((total, one) => total + sum(levelledDeviance(one.said, one.lesson.money)), 0)
    if (best === null || loss < best.loss) best = { lambda, tried, loss }
  }
  return best
}

/** All predictions of one past day together, whichever fold they are from. */
const byDay = (tried: readonly Tried[]): Map<number, Tried[]> => Map.groupBy(tried, (one) => one.lesson.customers.asOf ?? 0)

function joined(tried: readonly Tried[]): { said: Float64Array; money: Float64Array; ids: string[]; deviance: Float64Array } {
  const parts = [...byDay(tried).values()].map((all) => {
    const said = Float64Array.from(all.flatMap((one) => [...one.said]))
    const money = Float64Array.from(all.flatMap((one) => [...one.lesson.money]))
    return { said, money, ids: all.flatMap((one) => [...one.lesson.customers.ids]), deviance: levelledDeviance(said, money) }
  })
  const flat = (of: (part: (typeof parts)[number]) => Float64Array): Float64Array =>
    Float64Array.from(parts.flatMap((part) => [...of(part)]))
  return {
    said: flat((part) => levelled(part.said, part.money)),
    money: flat((part) => part.money),
    ids: parts.flatMap((part) => part.ids),
    deviance: flat((part) => part.deviance),
  }
}

/** Brought to the total that came. */
function levelled(said: Float64Array, money: Float64Array): Float64Array {
  const factor = sum(money) / sum(said)
  return Number.isFinite(factor) && factor > 0 ? said.map((value) => value * factor) : said
}

/** Mean and standard error of a difference whose rows come customer by customer. */
function meanAndError(gap: Float64Array, ids: readonly string[]): { mean: number; error: number } {
  const mean = sum(gap) / Math.max(1, gap.length)
  const sums = new Map<string, number>()
  gap.forEach((value, i) => sums.set(ids[i]!, (sums.get(ids[i]!) ?? 0) + value - mean))
  let squares = 0
  for (const value of sums.values()) squares += value * value
  return { mean, error: Math.sqrt(squares) / Math.max(1, gap.length) }
}

/** Ratios of what came to what was said, by how much was said: the interval of one customer. */
function bandsOf({ said, money }: { said: Float64Array; money: Float64Array }): Horizon['bands'] {
  const order = sortOrder(said)
  const count = Math.max(1, Math.min(BANDS, Math.floor(said.length / LEAST_IN_BAND)))
  const bands: Horizon['bands'] = []
  for (let k = 0; k < count; k++) {
    const rows = order.slice(Math.floor((k * order.length) / count), Math.floor(((k + 1) * order.length) / count))
    const ratios = Float64Array.from(rows, (row) => (said[row]! > 0 ? money[row]! / said[row]! : money[row]! > 0 ? 1 : 0)).sort()
    if (ratios.length === 0) continue
    bands.push({
      upTo: k === count - 1 ? Number.MAX_VALUE : said[rows.at(-1)!]!,
      low: Math.min(1, sortedQuantile(ratios, INSIDE[0])),
      high: Math.max(1, sortedQuantile(ratios, INSIDE[1])),
      rows: ratios.length,
    })
  }
  return bands
}

/**
 * Both ways to say what comes in the next `days`, compared on past windows that neither had seen; the simpler one unless the
 * regression is better by more than one standard error. Without a past window there is no figure at all.
 */
export function fitHorizon(days: number, lessons: readonly Lesson[], today: number | null, beyond: string | null): Horizon {
  const nothing: Horizon = {
    days,
    beyond,
    chosen: BUYING,
    regression: null,
    tried: [],
    compared: 'nowhere',
    past: [],
    level: { factor: 1, on: null, sameSeason: false, used: false },
    scatter: scatterOf([], days, today),
    bands: [],
  }
  if (lessons.length === 0 || buyers(lessons) === 0)
    return { ...nothing, beyond: beyond ?? 'nobody bought anything in a past window of that length' }
  const plain = lessons.map((lesson): Tried => ({ lesson, said: lesson.expected }))
  const rows = lessons.reduce((n, { money }) => n + money.length, 0)
  const enough = rows >= LEAST_ROWS && buyers(lessons) >= LEAST_BUYERS
  const later = enough ? stagesOf(lessons, days) : []
  const stages = later.length > 0 ? later : enough ? foldsOf(lessons) : []
  const regression = stages.length > 0 ? tryRegression(stages) : null
  const rival = regression ? joined(regression.tried) : null
  const same = regression ? joined(regression.tried.map(({ lesson }) => ({ lesson, said: lesson.expected }))) : joined(plain)
  const gap = rival
    ? meanAndError(
        Float64Array.from(same.deviance, (value, i) => value - rival.deviance[i]!),
        same.ids,
      )
    : null
  const better = gap !== null && gap.mean > gap.error
  const chosen = better ? REGRESSION : BUYING
  const own = better ? rival! : joined(plain)
  // What the regression says of days that it learned from is no forecast: only later days tell how its totals do.
  const forecast = better ? (later.length > 0 ? regression!.tried : []) : plain
  const past = Array.from(byDay(forecast), ([on, all]) => ({
    on,
    said: all.reduce((n, one) => n + sum(one.said), 0),
    happened: all.reduce((n, one) => n + sum(one.lesson.money), 0),
  })).filter((one) => one.said > 0 && one.happened > 0)
  const mean = (values: Float64Array): number => sum(values) / Math.max(1, values.length)
  return {
    days,
    beyond,
    chosen,
    regression: better ? fitRegression(lessons, regression!.lambda) : null,
    tried: [
      { name: BUYING, deviance: mean(same.deviance), topDecileShare: topDecileShare(same.said, same.money), chosen: !better },
      ...(rival
        ? [{ name: REGRESSION, deviance: mean(rival.deviance), topDecileShare: topDecileShare(rival.said, rival.money), chosen: better }]
        : []),
    ],
    compared: regression === null ? 'later days' : later.length > 0 ? 'later days' : 'customers left out',
    past,
    level: levelOf(past, days, today),
    scatter: scatterOf(past, days, today),
    bands: bandsOf(own),
  }
}
