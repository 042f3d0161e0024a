import { REST_SIGN, type Sign } from '@assay/shared'
import type { DatedScore } from '../../store/churn-scores.ts'

/** What one sign stood for then and now, in percentage points from the average; null where it was not said. */
interface SignChange {
  readonly feature: string
  readonly text: string
  readonly before: number | null
  readonly now: number | null
}

/** Why a customer's score is not what it was. */
export interface RecordChanges {
  readonly id: string
  /** Days that are compared, ISO dates. */
  readonly since: string
  readonly until: string
  readonly risk: { readonly before: number; readonly now: number }
  /** Another model said the one than the other: what moved may be the model and not the customer. */
  readonly otherModel: boolean
  /** Largest difference first; what is not said one by one is `everything_else`. The differences add up to that of the scores before rounding. */
  readonly signs: readonly SignChange[]
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
const moved = ({ before, now }: SignChange): number => Math.abs((now ?? 0) - (before ?? 0))

/** Compares the two newest scores of a record; null where there are not two. */
export function recordChanges(scores: readonly DatedScore[]): RecordChanges | null {
  const [now, before] = scores
  if (now === undefined || before === undefined) return null
  const of = (signs: readonly Sign[], feature: string): Sign | undefined => signs.find((sign) => sign.feature === feature)
  const features = [...new Set([...now.signs, ...before.signs].map((sign) => sign.feature))]
  const signs = features.map((feature): SignChange => {
    const [then, today] = [of(before.signs, feature), of(now.signs, feature)]
    return { feature, text: (today ?? then)!.text, before: then?.points ?? null, now: today?.points ?? null }
  })
  const last = (one: SignChange): number => (one.feature === REST_SIGN ? 1 : 0)
  return {
    id: now.id,
    since: dayOf(before.asOf),
    until: dayOf(now.asOf),
    risk: { before: before.risk, now: now.risk },
    otherModel: now.model !== before.model,
    signs: signs.sort((a, b) => last(a) - last(b) || moved(b) - moved(a) || (a.feature < b.feature ? -1 : 1)),
  }
}
