import { tweedieRegression } from '../../numeric/tweedie.ts'
import type { Customers } from './customers.ts'
import type { Regression, Slot } from './model.ts'

/** The column in which the first candidate's answer is one input among others. */
const EXPECTED = 'buying_times_amount'
/** Penalties for a hundred customers' worth of evidence: strong ones for small companies. */
export const STRENGTHS = [3, 30, 300] as const
/** More rows do not move so few weights. */
const MOST_ROWS = 20_000
/** Helpers of the buying model: it has made of them what there is to be made. */
const NOT_ASKED = new Set(['ln_gaps', 'gap_share'])
const signedLog = (x: number): number => Math.sign(x) * Math.log1p(Math.abs(x))

/** Customers of one past day with what the first candidate says and what came. */
export interface Lesson {
  readonly customers: Customers
  readonly expected: Float64Array
  readonly money: Float64Array
}

const columnOf = (lesson: Pick<Lesson, 'customers' | 'expected'>, name: string): Float64Array | undefined =>
  name === EXPECTED ? lesson.expected : lesson.customers.columns.get(name)

function learnSlots(lessons: readonly Lesson[]): Slot[] {
  const names = [EXPECTED, ...new Set(lessons.flatMap(({ customers }) => [...customers.columns.keys()]))].filter(
    (name) => !NOT_ASKED.has(name),
  )
  const slots: Slot[] = []
  for (const name of names.sort()) {
    let [n, missing, sum, squares] = [0, 0, 0, 0]
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const lesson of lessons) {
      const values = columnOf(lesson, name)
      for (let i = 0; i < lesson.customers.ids.length; i++) {
        const value = values ? signedLog(values[i]!) : Number.NaN
        if (!Number.isFinite(value)) missing++
        else {
          n++
          sum += value
          squares += value * value
          low = Math.min(low, value)
          high = Math.max(high, value)
        }
      }
    }
    if (n === 0) continue
    const centre = sum / n
    const scale = Math.sqrt(Math.max(0, squares / n - centre * centre))
    if (scale > 1e-6) slots.push({ column: name, part: 'value', low, high, centre, scale })
    const share = missing / (n + missing)
    if (share > 0.01 && share < 0.99)
      slots.push({ column: name, part: 'missing', low: 0, high: 1, centre: share, scale: Math.sqrt(share * (1 - share)) })
  }
  return slots
}

function inputs(slot: Slot, lesson: Pick<Lesson, 'customers' | 'expected'>): Float64Array {
  const values = columnOf(lesson, slot.column)
  return Float64Array.from(lesson.customers.ids, (_, i) => {
    const value = values ? signedLog(values[i]!) : Number.NaN
    const gone = !Number.isFinite(value)
    if (slot.part === 'missing') return ((gone ? 1 : 0) - slot.centre) / slot.scale
    return gone ? 0 : (Math.max(slot.low, Math.min(slot.high, value)) - slot.centre) / slot.scale
  })
}

/** Null where nothing was spent in any of those windows. */
export function fitRegression(all: readonly Lesson[], lambda: number): Regression | null {
  const rows = all.reduce((sum, lesson) => sum + lesson.money.length, 0)
  const step = Math.max(1, Math.ceil(rows / MOST_ROWS))
  const slots = learnSlots(all)
  const keep = (values: Float64Array): Float64Array => (step === 1 ? values : values.filter((_, i) => i % step === 0))
  const outcome = Float64Array.from(all.flatMap((lesson) => [...keep(lesson.money)]))
  const mean = outcome.reduce((sum, value) => sum + value, 0) / Math.max(1, outcome.length)
  if (!(mean > 0)) return null
  const columns = slots.map((slot) => Float64Array.from(all.flatMap((lesson) => [...keep(inputs(slot, lesson))])))
  const { intercept, weights } = tweedieRegression(
    columns,
    outcome.map((value) => value / mean),
    lambda,
  )
  const most = outcome.reduce((a, b) => Math.max(a, b), 0) / mean
  return { slots, intercept, weights: [...weights], lambda, unit: mean, most }
}

/** Money expected of every customer. */
export function predictRegression(model: Regression, lesson: Pick<Lesson, 'customers' | 'expected'>): Float64Array {
  const eta = new Float64Array(lesson.customers.ids.length).fill(model.intercept)
  model.slots.forEach((slot, j) => {
    const weight = model.weights[j]!
    inputs(slot, lesson).forEach((value, i) => {
      eta[i]! += weight * value
    })
  })
  const top = Math.log(model.most)
  return eta.map((value) => model.unit * Math.exp(Math.max(-30, Math.min(top, value))))
}

/** Those rows of a lesson. */
export function takeLesson({ customers, expected, money }: Lesson, keep: (i: number) => boolean): Lesson {
  const rows = customers.ids.flatMap((_, i) => (keep(i) ? [i] : []))
  const pick = (values: Float64Array): Float64Array => Float64Array.from(rows, (i) => values[i]!)
  return {
    customers: {
      ...customers,
      rows: Int32Array.from(rows, (i) => customers.rows[i]!),
      ids: rows.map((i) => customers.ids[i]!),
      histories: rows.map((i) => customers.histories[i]!),
      columns: new Map(Array.from(customers.columns, ([name, values]) => [name, pick(values)])),
    },
    expected: pick(expected),
    money: pick(money),
  }
}
