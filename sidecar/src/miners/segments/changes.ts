import type { Change, Frame, Rng } from '@assay/shared'
import { clusterJaccards } from '../../numeric/cluster-agreement.ts'
import { normalTail, sameShare } from '../../numeric/normal-tail.ts'
import { sampleRows } from '../../numeric/stable-sample.ts'
import { comparable, descent, labelsBy, SAME } from './lineage.ts'
import { knownRows } from './measures.ts'
import type { SegmentsModel } from './model.ts'

const DRAWS = 200
const DRAWN_ROWS = 5_000

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** Segments that are new, gone, larger or smaller than in the earlier model, each with the chance that nothing changed. */
export function changes(before: SegmentsModel, after: SegmentsModel, now: Frame, rng: Rng): Change[] {
  if (after.centres === null || before.centres === null) return structureChanges(before, after)
  if (comparable(before, after.scale) === null) return []
  const known = knownRows(now, ['days_since_last_order', 'orders', ...after.scale.map((each) => each.measure)])
  const rows = sampleRows(
    Array.from(known, (row) => now.ids[row]!),
    Int32Array.from(known, (_, i) => i),
    DRAWN_ROWS,
  ).map((i) => known[i]!)
  const [then, today] = [labelsBy(before, now, rows), labelsBy(after, now, rows)]
  const found = descent(then, today, before.segments.length, after.segments.length)
  const share = (of: SegmentsModel, c: number) => ({ hits: of.segments[c]!.size, n: of.rows })
  const changed = after.segments.map((segment, a): Change => {
    const b = found.earlier[a]!
    if (b < 0) {
      const p = chanceOfSame(today, then, a, after.segments.length, rng.fork(`new ${a}`))
      return said(segment.name, 'appeared', null, segment.share, p, `no earlier segment shares half of its customers`)
    }
    const p = sameShare(share(before, b), share(after, a))
    const how = segment.share >= before.segments[b]!.share ? 'strengthened' : 'weakened'
    return said(segment.name, how, before.segments[b]!.share, segment.share, p, 'of all customers with an order')
  })
  const gone = before.segments.flatMap((segment, b): Change[] => {
    if (found.earlier.includes(b)) return []
    const p = chanceOfSame(then, today, b, before.segments.length, rng.fork(`gone ${b}`))
    return [said(segment.name, 'vanished', segment.share, null, p, `no segment of today shares half of its customers`)]
  })
  return [...changed, ...gone]
}

const said = (name: string, how: Change['how'], before: number | null, now: number | null, p: number, more: string): Change => ({
  what: 'segment',
  name,
  how,
  before,
  now,
  p,
  text:
    before !== null && now !== null
      ? `Segment "${name}": ${percent(now)} ${more}, ${percent(before)} before`
      : `Segment "${name}" ${how} (${percent(now ?? before ?? 0)} of all customers with an order): ${more}`,
})

/** How often customers that are drawn anew would show the segment on the other side after all. */
function chanceOfSame(own: Int32Array, others: Int32Array, segment: number, k: number, rng: Rng): number {
  let same = 0
  for (let draw = 0; draw < DRAWS; draw++) {
    const drawn = own.map(() => rng.below(own.length))
    const [best] = clusterJaccards(
      drawn.map((i) => own[i]!),
      drawn.map((i) => others[i]!),
      k,
    ).slice(segment)
    if (best !== undefined && best >= SAME) same++
  }
  return (same + 1) / (DRAWS + 1)
}

/** From no structure to some, or back: by how far the gap statistic is from that of one segment. */
function structureChanges(before: SegmentsModel, after: SegmentsModel): Change[] {
  if (after.centres === null && before.centres === null) return []
  const model = after.centres === null ? before : after
  const chosen = model.tried.find((each) => each.chosen)
  const p = chosen === undefined ? 1 : normalTail((chosen.gap - model.oneGap) / chosen.gapError)
  const how = after.centres === null ? 'vanished' : 'appeared'
  return model.segments.map(({ name, share }) =>
    said(
      name,
      how,
      how === 'vanished' ? share : null,
      how === 'appeared' ? share : null,
      p,
      `customers ${how === 'appeared' ? 'fall into groups now, and did not' : 'no longer fall into groups'}`,
    ),
  )
}
