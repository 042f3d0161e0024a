import { hashUnit } from '../../numeric/rng.ts'
import { censored, type Table, take } from './table.ts'

const DAY = 86_400_000
/** Only the latest days are tried: what happened long ago says least about now. */
const MOST_DAYS = 3
/** Enough to compare candidates and penalties; the final fit takes all rows. */
const COMPARED_ROWS = 10_000
/** A side with fewer deals of a kind teaches and proves nothing. */
const LEAST_OF_A_KIND = 10

/** Rows to learn from, as they were known then, and rows to try it on. */
export interface Stage {
  readonly train: Table
  readonly validate: Table
}

/**
 * How candidates are compared without touching what the verdict looks at: late days whose horizon is over are predicted from what was
 * known on that day of the days before. Where there are none, folds: all days of a deal in one.
 */
export function stagesOf(
  table: Table,
  horizonDays: number,
  folds: number,
  seed: string,
): { kind: 'later days' | 'folds' | 'none'; stages: Stage[] } {
  const days = [...new Set(table.asOf)].filter((day) => !Number.isNaN(day)).sort((a, b) => a - b)
  const later = days
    .slice(2)
    .map((day) => ({
      train: thinned(
        censored(
          rowsWhere(table, (row) => table.asOf[row]! < day),
          day,
        ),
      ),
      validate: thinned(rowsWhere(table, (row) => table.asOf[row] === day && !Number.isNaN(table.outcome[row]!))),
    }))
    .filter(isUsable)
  const latest = later.slice(-MOST_DAYS)
  if (latest.length > 0 && horizonDays * DAY > 0) return { kind: 'later days', stages: latest }
  const stages = Array.from({ length: folds }, (_, fold) => {
    const inFold = (row: number): boolean => Math.floor(hashUnit(`${seed}/${table.ids[row]!}`) * folds) === fold
    return {
      train: thinned(rowsWhere(table, (row) => !inFold(row))),
      validate: thinned(rowsWhere(table, (row) => inFold(row) && !Number.isNaN(table.outcome[row]!))),
    }
  }).filter(isUsable)
  return { kind: stages.length > 0 ? 'folds' : 'none', stages }
}

export function rowsWhere(table: Table, keep: (row: number) => boolean): Table {
  return take(
    table,
    Array.from({ length: table.size }, (_, row) => row).filter((row) => keep(row)),
  )
}

function thinned(table: Table): Table {
  const step = Math.ceil(table.size / COMPARED_ROWS)
  return step <= 1 ? table : rowsWhere(table, (row) => row % step === 0)
}

function isUsable({ train, validate }: Stage): boolean {
  const won = train.how.reduce((n, how) => n + (how === 1 ? 1 : 0), 0)
  const lost = train.how.reduce((n, how) => n + (how === 2 ? 1 : 0), 0)
  const happened = validate.outcome.reduce((n, y) => n + y, 0)
  return Math.min(won, lost) >= LEAST_OF_A_KIND && happened >= 1 && happened < validate.size
}
