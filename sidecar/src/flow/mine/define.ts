import type { EventDefinition, Frame } from '@assay/shared'
import { buildFrame, filterFrame } from '../../features/frames.ts'
import { customerNames, type CustomerUnit, orderHistory, proposeUnit } from '../../features/history.ts'
import { endingFrame, silenceOutcome } from '../../features/outcomes.ts'
import { type DealDays, withDealDays } from '../../store/deal-days.ts'
import type { Store } from '../../store/store.ts'
import { DAY } from './days.ts'
import { recent } from './frames.ts'
import { choices, ending, horizonFor, isContractual, silence } from './horizon.ts'

/** One definition and what it would mean, on the newest day whose horizon is over. */
export interface Choice {
  readonly definition: EventDefinition
  readonly proposed: boolean
  /** Its horizon is the one that goes with this kind of event here. */
  readonly fits: boolean
  /** The day it was tried on, ISO date. */
  readonly triedOn: string
  readonly eligible: number
  /** How many of them it would call lost, and ten of them by name. */
  readonly lost: number
  readonly examples: readonly string[]
}

export interface Proposal {
  readonly unit: CustomerUnit
  /** Days between two orders of one customer: half of the gaps, and nine in ten, are shorter. */
  readonly medianGap: number | null
  readonly unusualGap: number | null
  readonly choices: readonly Choice[]
}

const EXAMPLES = 10

/** Tries each definition on the past and says whom it would have called lost. Decides nothing. */
export async function proposeDefinitions(store: Store, connection: string, today: number): Promise<Proposal> {
  return withDealDays(store.driver, (days) => propose(store, days, connection, today))
}

async function propose(store: Store, days: DealDays, connection: string, today: number): Promise<Proposal> {
  const { driver } = days
  const unit = await proposeUnit(days, connection, today)
  const history = await orderHistory(days, connection, unit, today)
  const kinds = new Set((await store.counts(connection)).filter((c) => c.records > 0).map((c) => c.kind))
  const fits = { silence: horizonFor(history, 'silence', today), end: horizonFor(history, 'end', today) }
  const definitions = [...choices(fits.silence).map(silence), ...(kinds.has('subscription') ? [ending(fits.end)] : [])]
  const tried: Choice[] = []
  for (const definition of definitions) {
    const asOf = today - definition.horizonDays! * DAY
    const families = definition.from === 'end' ? (['subscriptions'] as const) : (['orders'] as const)
    const request = { connection, unit, asOf, permille: 1000, kinds, families }
    const frame = await buildFrame(days, request)
    const labelled =
      definition.from === 'end'
        ? await endingFrame(driver, frame, request, definition.horizonDays!, today)
        : await silent(days, frame, request, definition.horizonDays!, today)
    const lost = labelled.ids.filter((_, row) => labelled.outcome![row] === 1)
    const examples = lost.slice(0, EXAMPLES)
    const names = await customerNames(driver, connection, unit, today, examples)
    tried.push({
      definition,
      proposed: false,
      fits: definition.horizonDays === fits[definition.from === 'end' ? 'end' : 'silence'],
      triedOn: new Date(asOf).toISOString().slice(0, 10),
      eligible: labelled.ids.length,
      lost: lost.length,
      examples: examples.map((id) => names.get(id) ?? id),
    })
  }
  const eligible = (from: keyof typeof fits): number => tried.find((one) => one.fits && one.definition.from === from)?.eligible ?? 0
  const from = isContractual(eligible('end'), eligible('silence')) ? 'end' : 'silence'
  const marked = tried.map((one) => ({ ...one, proposed: one.fits && one.definition.from === from }))
  return { unit, medianGap: history.medianGap, unusualGap: history.unusualGap, choices: marked }
}

async function silent(
  days: DealDays,
  frame: Frame,
  request: Parameters<typeof silenceOutcome>[2],
  horizonDays: number,
  today: number,
): Promise<Frame> {
  const eligible = filterFrame(frame, recent(frame, horizonDays))
  return { ...eligible, outcome: await silenceOutcome(days, eligible, request, horizonDays, today) }
}
