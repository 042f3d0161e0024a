import type { Column, FieldProblem, Frame } from '@assay/shared'
import { hashUnit } from '../../numeric/rng.ts'

/** Missing more often than this, a column is worth a word before anything is trained. */
const OFTEN_MISSING = 0.5

/** Columns that can teach little or nothing, each with the reason and a number: missing, the same everywhere, or there twice. */
export function fieldProblems(frame: Frame): FieldProblem[] {
  const rows = frame.ids.length
  if (rows === 0) return []
  const problems: FieldProblem[] = []
  const known: { column: Column; sum: number }[] = []
  for (const column of [...frame.columns].sort((a, b) => (a.info.name < b.info.name ? -1 : 1))) {
    const field = column.info.name
    const missing = countMissing(column)
    if (missing === rows) problems.push({ field, problem: 'missing', why: 'missing in every row' })
    else if (isConstant(column)) problems.push({ field, problem: 'constant', why: 'the same wherever it is known' })
    else {
      const twin = known.find((other) => other.sum === checksum(column) && isSame(other.column, column))
      if (twin) problems.push({ field, problem: 'duplicated', why: `says in every row what ${twin.column.info.name} says` })
      else {
        known.push({ column, sum: checksum(column) })
        if (missing > OFTEN_MISSING * rows)
          problems.push({ field, problem: 'missing', why: `missing in ${Math.round((100 * missing) / rows)} % of ${rows} rows` })
      }
    }
  }
  return problems
}

const countMissing = (column: Column): number =>
  column.type === 'number'
    ? column.values.reduce((n, value) => n + (Number.isNaN(value) ? 1 : 0), 0)
    : column.codes.reduce((n, code) => n + (code < 0 ? 1 : 0), 0)

function isConstant(column: Column): boolean {
  const known = column.type === 'number' ? column.values.filter((value) => !Number.isNaN(value)) : column.codes.filter((code) => code >= 0)
  return known.every((value: number) => value === known[0])
}

/** Equal for equal columns; unequal for nearly all others. */
function checksum(column: Column): number {
  let sum = 0
  if (column.type === 'number') column.values.forEach((value, row) => (sum += Number.isNaN(value) ? row : (row + 1) * value))
  else {
    const marks = column.levels.map((level) => hashUnit(level))
    column.codes.forEach((code, row) => (sum += code < 0 ? row : (row + 1) * marks[code]!))
  }
  return sum
}

function isSame(a: Column, b: Column): boolean {
  if (a.type === 'number') return b.type === 'number' && a.values.every((value, row) => Object.is(value, b.values[row]))
  if (b.type !== 'category' || a.levels.length !== b.levels.length) return false
  const place = new Map(a.levels.map((level, code) => [level, code]))
  return a.codes.every((code, row) => code === (b.codes[row]! < 0 ? -1 : place.get(b.levels[b.codes[row]!]!)))
}
