import type { EventDefinition, Frame, Rng } from '@assay/shared'
import { selectRows } from '../../features/frames.ts'
import { firstOfCopies } from '../../numeric/copies.ts'
import type { Lesson } from './frames.ts'

const FOLDS = 5
/** The first part only teaches; the rest is judged in equal, successive periods. */
const TAUGHT_SHARE = 0.7
const PERIODS = 3
/** So many copies among the rows (share) are worth a word. */
const MANY_COPIES = 0.01

/** What is known of the time of the rows. */
export interface RowTimes {
  /** Where the judged rows begin: periods of a table that stands in time order, as row numbers. */
  readonly cuts?: readonly number[]
  /** By row, epoch ms: when its outcome was known. A period is taught only by rows whose outcome was known when it began. */
  readonly knownAt?: Float64Array
  /** By row, epoch ms. */
  readonly createdAt?: Float64Array
  /** What is not as it was asked for, in words. */
  readonly note?: string | null
}

/**
 * A flat table with one outcome. In time order, later rows judge what earlier rows taught; without one, five folds,
 * balanced by outcome and drawn by id, each judged by a model that did not see it, nor a copy of it.
 */
export function flatLesson(
  frame: Frame,
  definition: EventDefinition,
  order: 'file' | 'time' | 'none',
  rng: Rng,
  times: RowTimes = {},
): Lesson {
  const known = rowsWhere(frame, (row) => !Number.isNaN(frame.outcome![row]!))
  const first = firstOfCopies(frame.columns, frame.ids.length)
  const parts = order === 'none' ? folds(frame, known, first, rng) : periods(known, times)
  const teach = (rows: Int32Array): { definition: EventDefinition; frames: readonly Frame[]; order: 'file' | 'none' } => ({
    definition,
    frames: [selectRows(frame, rows)],
    order: order === 'none' ? 'none' : 'file',
  })
  const trials = parts.map(({ taught, judged }) => ({ training: teach(taught), frame: selectRows(frame, judged) }))
  const positives = known.reduce((total, row) => total + frame.outcome![row]!, 0)
  const judgedRows = trials.reduce((total, trial) => total + trial.frame.ids.length, 0)
  const judgedPositives = trials.reduce((total, trial) => total + trial.frame.outcome!.reduce((a, b) => a + b, 0), 0)
  return {
    definition,
    facts: {
      customers: frame.ids.length,
      orders: 0,
      repeaters: 0,
      firstEventAt: null,
      lastEventAt: null,
      rows: known.length,
      positives,
      periods: order === 'none' ? 1 : trials.length,
      judgedRows,
      judgedPositives,
      products: 0,
      lineItems: 0,
    },
    trials,
    final: teach(known),
    now: frame,
    outside: frame.ids.map(() => null),
    note: [times.note, copiesNote(first, order)].filter(Boolean).join('; ') || null,
  }
}

function periods(known: Int32Array, { cuts, knownAt, createdAt }: RowTimes): { taught: Int32Array; judged: Int32Array }[] {
  const starts =
    cuts?.map((row) => known.filter((one) => one < row).length) ??
    Array.from({ length: PERIODS }, (_, i) => Math.round(known.length * (TAUGHT_SHARE + ((1 - TAUGHT_SHARE) * i) / PERIODS)))
  return starts
    .map((start, i) => {
      const judged = known.slice(start, starts[i + 1] ?? known.length)
      const begins = createdAt?.[judged[0] ?? -1]
      const taught = known.slice(0, start)
      return { taught: knownAt && begins !== undefined ? taught.filter((row) => knownAt[row]! <= begins) : taught, judged }
    })
    .filter((part) => part.taught.length > 0 && part.judged.length > 0)
}

/** How many rows are there more than once, where they are many. */
function copiesNote(first: Int32Array, order: 'file' | 'time' | 'none'): string | null {
  const copies = first.reduce((n, head, row) => n + (head === row ? 0 : 1), 0)
  if (copies < MANY_COPIES * first.length || copies === 0) return null
  const counted = `${copies} of ${first.length} rows say in every column what an earlier row says, as if they had been exported twice`
  return order === 'none'
    ? `${counted}: they are judged together with it, never by a model that learned from it`
    : `${counted}: a verdict on rows that were learned from is too good, so export each once`
}

function folds(frame: Frame, known: Int32Array, first: Int32Array, rng: Rng): { taught: Int32Array; judged: Int32Array }[] {
  const foldOf = new Int32Array(frame.ids.length).fill(-1)
  // The first of its copies speaks for all of them, if what became of it is known.
  const headOf = new Map<number, number>()
  for (const row of known) if (!headOf.has(first[row]!)) headOf.set(first[row]!, row)
  const heads = known.filter((row) => headOf.get(first[row]!) === row)
  for (const side of [0, 1]) {
    const rows = Int32Array.from(heads.filter((row) => frame.outcome![row] === side))
    const draw = rng.fork(`fold ${side}`)
    for (let i = rows.length - 1; i > 0; i--) {
      const j = draw.below(i + 1)
      ;[rows[i], rows[j]] = [rows[j]!, rows[i]!]
    }
    rows.forEach((row, i) => (foldOf[row] = i % FOLDS))
  }
  for (const row of known) foldOf[row] = foldOf[headOf.get(first[row]!)!]!
  return Array.from({ length: FOLDS }, (_, fold) => ({
    taught: Int32Array.from(known.filter((row) => foldOf[row] !== fold)),
    judged: Int32Array.from(known.filter((row) => foldOf[row] === fold)),
  })).filter((part) => part.judged.length > 0)
}

const rowsWhere = (frame: Frame, keep: (row: number) => boolean): Int32Array =>
  Int32Array.from(frame.ids.flatMap((_, row) => (keep(row) ? [row] : [])))
