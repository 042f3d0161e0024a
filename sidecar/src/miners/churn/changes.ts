import type { Change } from '@assay/shared'
import { normalTail } from '../../numeric/normal-tail.ts'
import type { Evidence, PropensityModel } from './model.ts'

/** Below this chance a driver is one at all. */
const CHANCE = 0.05

/** How well one column alone ranks the event: .5 is not at all; above, more of it goes with the event. */
interface Strength {
  readonly auc: number
  readonly error: number
}

/**
 * AUC of a column from counts in its bins (ties within a bin count half), with the standard error of Hanley & McNeil 1982,
 * equation 2. A customer of several training days counts once, so the error is too large rather than too small. Null where
 * the event, or its absence, is not among the rows.
 */
export function strengthOf(evidence: Evidence, days: number): Strength | null {
  const bins = evidence.bins.map(({ n, rate }) => ({ with: (n * rate) / days, without: (n * (1 - rate)) / days }))
  const positives = bins.reduce((sum, bin) => sum + bin.with, 0)
  const negatives = bins.reduce((sum, bin) => sum + bin.without, 0)
  if (positives < 2 || negatives < 2) return null
  let below = 0
  let pairs = 0
  for (const bin of bins) {
    pairs += bin.with * (below + bin.without / 2)
    below += bin.without
  }
  const auc = pairs / (positives * negatives)
  const q1 = auc / (2 - auc)
  const q2 = (2 * auc * auc) / (1 + auc)
  const variance = (auc * (1 - auc) + (positives - 1) * (q1 - auc * auc) + (negatives - 1) * (q2 - auc * auc)) / (positives * negatives)
  return { auc, error: Math.sqrt(Math.max(variance, 1e-12)) }
}

const isDriver = (strength: Strength | null): boolean => strength !== null && normalTail((strength.auc - 0.5) / strength.error) < CHANCE
const short = (x: number): string => x.toFixed(3).replace(/^0\./, '.')

/** Columns of numbers that tell more or less about the event than they did to the earlier model; words are not compared. */
export function changes(before: PropensityModel, after: PropensityModel): Change[] {
  if (before.event !== after.event) return []
  const labels = new Map([...before.features, ...after.features].map((info) => [info.name, info.label]))
  const strengths = (model: PropensityModel): Map<string, Strength | null> =>
    new Map(
      model.evidence
        .filter((each) => each.levels.length === 0)
        .map((each) => [each.column, strengthOf(each, Math.max(1, model.trained.periods))]),
    )
  const [earlier, later] = [strengths(before), strengths(after)]
  return [...new Set([...earlier.keys(), ...later.keys()])].sort().flatMap((column): Change[] => {
    const [was, is] = [earlier.get(column) ?? null, later.get(column) ?? null]
    if (was === null && is === null) return []
    const none: Strength = { auc: 0.5, error: 0 }
    const [a, b] = [was ?? none, is ?? none]
    const how =
      isDriver(is) && !isDriver(was)
        ? 'appeared'
        : isDriver(was) && !isDriver(is)
          ? 'vanished'
          : Math.abs(b.auc - 0.5) >= Math.abs(a.auc - 0.5)
            ? 'strengthened'
            : 'weakened'
    const name = labels.get(column) ?? column
    return [
      {
        what: 'driver',
        name,
        how,
        before: was?.auc ?? null,
        now: is?.auc ?? null,
        p: normalTail((b.auc - a.auc) / Math.hypot(a.error, b.error)),
        text: `${name}: alone it ranks with an AUC of ${is === null ? 'nothing' : short(is.auc)}, ${was === null ? 'not known' : short(was.auc)} before`,
      },
    ]
  })
}
