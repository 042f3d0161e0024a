import type { CategoryColumn, Frame } from '@assay/shared'
import { acceptedByFalseDiscovery } from '../../numeric/false-discovery.ts'
import { fisherTail, logFactorials } from '../../numeric/hypergeometric.ts'
import type { Segment } from './model.ts'

const TOP = 5
const FALSE_WORDS = 0.05
/** Words of one column that are looked at, the most frequent. */
const MOST_WORDS = 50
/** A difference that people would call one. */
const LEAST_DIFFERENCE = 0.05

interface Count {
  readonly column: CategoryColumn
  readonly word: string
  readonly here: number
  readonly members: number
  readonly everywhere: number
  readonly all: number
}

/** Words of attributes that a group has more or less often than everybody, beyond chance. `all` and `members` are row numbers. */
export function tellingWords(frame: Frame, all: Int32Array, members: Int32Array): Segment['words'] {
  const counts = frame.columns
    .filter((each) => each.type === 'category')
    .toSorted((a, b) => (a.info.name < b.info.name ? -1 : 1))
    .flatMap((column) => countsOf(column, all, members))
  const table = logFactorials(all.length)
  const p = Float64Array.from(counts, (each) => chance(each, table))
  const accepted = acceptedByFalseDiscovery(p, FALSE_WORDS)
  return (
    counts
      .map((each) => ({ each, here: each.here / each.members, everywhere: each.everywhere / each.all }))
      .filter(({ here, everywhere }, i) => accepted[i] && Math.abs(here - everywhere) >= LEAST_DIFFERENCE)
      // What they are says more than what they are not.
      .sort((a, b) => Math.abs(b.here - b.everywhere) - Math.abs(a.here - a.everywhere) || b.here - a.here)
      .slice(0, TOP)
      .map(({ each, here, everywhere }) => ({
        feature: each.column.info.name,
        label: each.column.info.label,
        word: each.word,
        here,
        everywhere,
      }))
  )
}

function countsOf(column: CategoryColumn, all: Int32Array, members: Int32Array): Count[] {
  const tally = (rows: Int32Array) => {
    const of = new Int32Array(column.levels.length)
    let known = 0
    for (const row of rows) {
      const code = column.codes[row]!
      if (code < 0) continue
      of[code]!++
      known++
    }
    return { of, known }
  }
  const [everywhere, here] = [tally(all), tally(members)]
  if (here.known === 0) return []
  return Array.from(column.levels, (word, code) => ({
    column,
    word,
    here: here.of[code]!,
    members: here.known,
    everywhere: everywhere.of[code]!,
    all: everywhere.known,
  }))
    .filter((each) => each.everywhere > 0)
    .sort((a, b) => b.everywhere - a.everywhere || (a.word < b.word ? -1 : 1))
    .slice(0, MOST_WORDS)
}

/** Two-sided: twice the smaller tail of Fisher's exact test. */
function chance({ here, members, everywhere, all }: Count, table: Float64Array): number {
  const more = fisherTail(here, members, everywhere, all, table)
  const fewer = fisherTail(members - here, members, all - everywhere, all, table)
  return Math.min(1, 2 * Math.min(more, fewer))
}
