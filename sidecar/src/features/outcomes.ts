import type { Frame } from '@assay/shared'
import { instant } from '../store/instant.ts'
import type { DealDays } from '../store/deal-days.ts'
import type { Driver } from '../store/store.ts'
import { type FrameRequest, filterFrame, parameters } from './frames.ts'
import { sharedNumbers } from './shared-numbers.ts'
import { queryText } from './query.ts'

const DAY = 86_400_000

/** What is not over yet has no outcome: read as one, the future would be silence, and every contract kept. */
function refuseYoung(asOf: number, horizonDays: number, knownAt: number): void {
  if (asOf + horizonDays * DAY <= knownAt) return
  throw new RangeError(
    `an outcome of ${horizonDays} days from ${instant(asOf)} on was asked for on ${instant(knownAt)}, before it was over`,
  )
}

/**
 * 1 where a customer of the frame placed no order in (asOf, asOf + horizon], 0 where it did. `knownAt` is today: the
 * outcome may use everything known by now, the features may not.
 */
export async function silenceOutcome(
  days: DealDays,
  frame: Frame,
  request: FrameRequest,
  horizonDays: number,
  knownAt: number,
): Promise<Float64Array> {
  refuseYoung(request.asOf, horizonDays, knownAt)
  const outcome = sharedNumbers(frame.ids.length).fill(1)
  const rowOf = new Map(frame.ids.map((id, row) => [id, row]))
  const known_day = await days.on(request.connection, knownAt)
  const window = { ...parameters(request), until: instant(request.asOf + horizonDays * DAY), known_day }
  for await (const block of days.driver.blocks(queryText('silence'), window)) {
    for (const id of block.columns['customer_id'] as readonly string[]) {
      const row = rowOf.get(id)
      if (row !== undefined) outcome[row] = 0
    }
  }
  return outcome
}

/** Customers with an active subscription on that day; outcome 1 where none is left at the end of the horizon. */
export async function endingFrame(
  driver: Driver,
  frame: Frame,
  request: FrameRequest,
  horizonDays: number,
  knownAt: number,
): Promise<Frame> {
  refuseYoung(request.asOf, horizonDays, knownAt)
  const outcome = sharedNumbers(frame.ids.length).fill(Number.NaN)
  const eventAfter = sharedNumbers(frame.ids.length).fill(Number.NaN)
  const rowOf = new Map(frame.ids.map((id, row) => [id, row]))
  const window = { ...parameters(request), until: instant(request.asOf + horizonDays * DAY), known_at: instant(knownAt) }
  for await (const block of driver.blocks(queryText('endings'), window)) {
    const later = block.columns['active_later'] as Float64Array
    const after = block.columns['ended_after'] as Float64Array
    const ids = block.columns['customer_id'] as readonly string[]
    for (let i = 0; i < ids.length; i++) {
      const row = rowOf.get(ids[i]!)
      if (row === undefined) continue
      outcome[row] = later[i] === 1 ? 0 : 1
      eventAfter[row] = later[i] === 1 ? Number.NaN : after[i]!
    }
  }
  const labelled = { ...frame, outcome, eventAfter }
  return filterFrame(
    labelled,
    outcome.map((value) => (Number.isNaN(value) ? 0 : 1)),
  )
}
