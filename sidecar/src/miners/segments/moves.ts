import { type Frame, type FeatureInfo, type Moves, sayFeature, sayValue } from '@assay/shared'
import { isoDay } from '../../numeric/iso-day.ts'
import { logged, valuesOf } from './measures.ts'
import { MEASURES, type Measure, type SegmentsModel } from './model.ts'
import { assignSegments } from './score.ts'

/** Customers who are named among those who moved. */
const NAMED = 20
/** A part of the way that is worth a word, in standard deviations. */
const WORTH_SAYING = 0.1
const MOST_REASONS = 2

const UNKNOWN = -1

/** The segment of each row; -1 where none can be told. */
function segmentOf(model: SegmentsModel, frame: Frame): Int32Array {
  const { rows, labels } = assignSegments(model, frame)
  const of = new Int32Array(frame.ids.length).fill(UNKNOWN)
  rows.forEach((row, i) => (of[row] = labels[i]!))
  return of
}

/** Where each measure stood on one day, by row; in the model's scale and as it is. */
const measuresOf = (frame: Frame) => new Map(MEASURES.map((measure) => [measure, valuesOf(frame, measure)]))

/** Who stands in another segment than on the earlier day, and what moved them: the model is the same, so the customer changed. */
export function moves(model: SegmentsModel, then: Frame, now: Frame): Moves {
  const groups = model.segments.map((each) => each.name)
  const [before, after] = [segmentOf(model, then), segmentOf(model, now)]
  const rowThen = new Map(then.ids.map((id, row) => [id, row]))
  const [valuesThen, valuesNow] = [measuresOf(then), measuresOf(now)]
  const infos = new Map(now.columns.map((each) => [each.info.name, each.info]))
  const matrix = groups.map(() => groups.map(() => 0))
  const arrived = groups.map(() => 0)
  const movers: { id: string; from: number; to: number; far: number; why: string }[] = []
  let stayed = 0
  now.ids.forEach((id, row) => {
    const to = after[row]!
    if (to === UNKNOWN) return
    const earlier = rowThen.get(id)
    const from = earlier === undefined ? UNKNOWN : before[earlier]!
    if (from === UNKNOWN) {
      arrived[to]!++
      return
    }
    matrix[from]![to]!++
    if (from === to) {
      stayed++
      return
    }
    const ways = model.scale.map(({ measure, deviation }) => {
      const [was, is] = [valuesThen.get(measure)![earlier!]!, valuesNow.get(measure)![row]!]
      return { measure, was, is, way: (logged(is) - logged(was)) / deviation }
    })
    movers.push({ id, from, to, far: Math.hypot(...ways.map((each) => each.way)), why: reasons(ways, infos) })
  })
  movers.sort((a, b) => b.far - a.far || (a.id < b.id ? -1 : 1))
  return {
    since: then.asOf === null ? null : isoDay(then.asOf),
    groups,
    matrix,
    arrived,
    stayed,
    moved: movers.length,
    who: movers.slice(0, NAMED).map(({ id, from, to, why }) => ({ id, from: groups[from]!, to: groups[to]!, why })),
  }
}

interface Way {
  readonly measure: Measure
  readonly was: number
  readonly is: number
  readonly way: number
}

/** "94 days since the last order, was 12 days": what moved the customer most. */
function reasons(ways: readonly Way[], infos: ReadonlyMap<string, FeatureInfo>): string {
  const sorted = ways.toSorted((a, b) => Math.abs(b.way) - Math.abs(a.way))
  return sorted
    .filter((each, i) => i === 0 || Math.abs(each.way) >= WORTH_SAYING)
    .slice(0, MOST_REASONS)
    .map(({ measure, was, is }) => {
      const info = infos.get(measure)
      return info === undefined ? measure : `${sayFeature(info, is)}, was ${sayValue(info.unit, was)}`
    })
    .join('; ')
}
