import type { Column } from '@assay/shared'
import { auc } from '../../numeric/auc.ts'
import { aucInterval } from '../../numeric/auc-interval.ts'
import { learnSlots } from './encoding.ts'
import { fitLinear, matrix, rawScores } from './linear.ts'
import type { Leak } from './model.ts'
import { drawFolds } from './splits.ts'
import { type Table, take, without } from './table.ts'

/** One column alone that ranks this well has seen the outcome. */
const TOO_GOOD = 0.9
/** That it is filled in at all tells this much. */
const TELLING_GAPS = 0.75
/** Everything else together is this much worse without it. */
const TOO_MUCH_GAIN = 0.1
/** … and with it they rank at least this well: below that one honest column may be all that a narrow table has to say. */
const REACHED = 0.8
/** Only columns at least this strong alone are tried for their gain. */
const STRONG = 0.7
const LEAST_OF_A_CLASS = 50
const MOST_ROWS = 5000

/** Only today's value of an attribute is known, so it may have been filled in after the outcome. */
const isAttribute = (column: Column): boolean => column.info.sourceFields.some((field) => field.startsWith('attribute.'))

/** Columns of the training rows that know more than they could have known, with the evidence. */
export function findLeaks(table: Table, stable: readonly string[]): Leak[] {
  const suspects = table.columns.filter((column) => isAttribute(column) && !stable.includes(column.info.name))
  const leaks: Leak[] = []
  const strong: { column: Column; alone: number }[] = []
  for (const column of suspects) {
    const { name, label } = column.info
    const gaps = Math.abs(auc(absences(column, table.size), table.outcome) - 0.5) + 0.5
    const alone = aloneInterval(column, table)
    if (gaps > TELLING_GAPS) leaks.push({ column: name, label, why: 'whether it is filled in gives the outcome away', auc: gaps })
    else if (alone.value > TOO_GOOD)
      leaks.push({ column: name, label, why: 'alone it ranks better than anything known before the outcome could', auc: alone.value })
    else if (alone.low > STRONG) strong.push({ column, alone: alone.value })
  }
  return [...leaks, ...findGains(without(table, new Set(leaks.map((leak) => leak.column))), strong)]
}

/** Strong columns without which all the others fall back by more than one column should be worth. */
function findGains(table: Table, strong: readonly { column: Column; alone: number }[]): Leak[] {
  const positives = table.outcome.reduce((sum, y) => sum + y, 0)
  if (strong.length === 0 || table.columns.length < 3 || Math.min(positives, table.size - positives) < LEAST_OF_A_CLASS) return []
  let current = sampled(table)
  const leaks: Leak[] = []
  for (const { column, alone } of [...strong].sort((a, b) => b.alone - a.alone)) {
    const less = without(current, new Set([column.info.name]))
    const reached = together(current)
    const gain = reached - together(less)
    if (!(gain > TOO_MUCH_GAIN && reached >= REACHED)) continue
    leaks.push({
      column: column.info.name,
      label: column.info.label,
      why: `all other columns together rank ${gain.toFixed(2)} worse without it`,
      auc: alone,
    })
    current = less
  }
  return leaks
}

/** Evenly spaced rows, of the scarcer outcome as many as there may be: an AUC is only as sure as they are many. */
function sampled(table: Table): Table {
  const [others, events] = [0, 1].map((side) =>
    Array.from({ length: table.size }, (_, row) => row).filter((row) => table.outcome[row] === side),
  )
  const [few, many] = events!.length < others!.length ? [events!, others!] : [others!, events!]
  const kept = evenly(few, MOST_ROWS / 2)
  return take(table, Uint32Array.from([...kept, ...evenly(many, MOST_ROWS - kept.length)].sort((a, b) => a - b)))
}

function evenly(rows: readonly number[], most: number): number[] {
  const step = Math.max(1, Math.ceil(rows.length / most))
  return rows.filter((_, i) => i % step === 0)
}

/** How well all columns rank the half of the customers that the line did not learn from: with few events it ranks its own rows well whatever they say. */
function together(table: Table): number {
  const halves = drawFolds(table, 2, 'leaks').map(({ train, validate }) => {
    const [taught, asked] = [take(table, train), take(table, validate)]
    const slots = learnSlots(taught)
    const line = fitLinear(slots, matrix(slots, taught), taught.outcome, 10)
    return auc(rawScores(line, matrix(slots, asked), asked.size), asked.outcome)
  })
  return halves.reduce((sum, ranked) => sum + ranked, 0) / halves.length
}

function absences(column: Column, size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, row) => (isMissing(column, row) ? 1 : 0))
}

const isMissing = (column: Column, row: number): boolean =>
  column.type === 'number' ? Number.isNaN(column.values[row]!) : column.codes[row]! < 0

/** AUC of one column among the rows that have it, whichever way round; words by their rate. */
function aloneInterval(column: Column, table: Table): { value: number; low: number } {
  const rows = Array.from({ length: table.size }, (_, row) => row).filter((row) => !isMissing(column, row))
  const outcome = rows.map((row) => table.outcome[row]!)
  const scores =
    column.type === 'number'
      ? rows.map((row) => column.values[row]!)
      : rates(
          rows.map((row) => column.codes[row]!),
          outcome,
        )
  const happened = outcome.filter((y) => y === 1).length
  if (Math.min(happened, rows.length - happened) < 5) return { value: 0.5, low: 0.5 }
  const { value, low, high } = aucInterval(scores, outcome)
  return value >= 0.5 ? { value, low } : { value: 1 - value, low: 1 - high }
}

/** The rate of each word among the other half of the rows, 20 average rows beside it: a name for every row proves nothing. */
function rates(codes: readonly number[], outcome: readonly number[]): number[] {
  const mean = outcome.reduce((sum, y) => sum + y, 0) / outcome.length
  const halves = [new Map<number, { n: number; sum: number }>(), new Map<number, { n: number; sum: number }>()]
  codes.forEach((code, i) => {
    const half = halves[i % 2]!
    const known = half.get(code) ?? { n: 0, sum: 0 }
    half.set(code, { n: known.n + 1, sum: known.sum + outcome[i]! })
  })
  return codes.map((code, i) => {
    const other = halves[(i + 1) % 2]!.get(code) ?? { n: 0, sum: 0 }
    return (other.sum + 20 * mean) / (other.n + 20)
  })
}
