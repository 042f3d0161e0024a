import { activityRate, GONE_ACTIVITIES, GONE_INBOUND, inboundShare, LATE, PROMPT } from './activities.ts'
import { WEEK } from './calendar.ts'
import { caseRate, LAST_CASES_WEEKS, PRIORITIES, urgency } from './cases.ts'
import { complaintFactor, engagementFactor, leavingRate, orderRate } from './health.ts'
import { longer } from './life.ts'
import type { Particle } from './particles.ts'
import { SEGMENTS } from './segments.ts'
import type { Settings } from './settings.ts'
import type { Sighting } from './sightings.ts'
import { dropping } from './subscriptions.ts'
import type { Sense } from './world.ts'

/** A stretch within one week, and what was seen in it. */
export interface Stretch {
  /** Weeks. */
  readonly part: number
  readonly season: number
  /** Share of it in which activities were written down, and cases. */
  readonly heard: number
  readonly served: number
  readonly prompt: Talk
  readonly late: Talk
  readonly cases: readonly (string | null)[]
}

/** Activities: all of them, and e-mails and calls by direction. */
export interface Talk {
  all: number
  inbound: number
  outbound: number
}

const DELAY_WEEKS = LATE / WEEK

/** A stretch further on without an order; everything else that was seen in it counts. Who leaves during it leaves, on average, in its middle. */
export function pass(settings: Settings, one: Particle, stretch: Stretch, unseen: ReadonlySet<Sense>): void {
  const { part } = stretch
  const stale = Math.exp(-part / (LAST_CASES_WEEKS + 0.5))
  one.gone += one.left * (1 - stale)
  one.left *= stale
  const leaves = 1 - Math.exp(-leavingRate(one, one.health) * part)
  const more = orderRate(one, one.health, stretch.season) * part
  const before = longer(one.expected)
  const fresh = one.stays * leaves * (longer(one.expected + more / 2) / before)
  const off = one.left + one.gone
  if (fresh > 0) one.pendingGone = (one.pendingGone * off + one.pending * fresh) / (off + fresh)
  one.left += fresh
  one.expected += more
  one.stays *= (1 - leaves) * (longer(one.expected) / before)
  if (!unseen.has('activities')) hear(settings, one, stretch)
  if (!unseen.has('cases')) serve(settings, one, stretch)
}

function hear(settings: Settings, one: Particle, stretch: Stretch): void {
  const engagement = engagementFactor(one.health)
  const waiting = stillUnwritten(one.pending, engagement, stretch)
  one.stays *= heard(settings, one, stretch, engagement, inboundShare(engagement), one.pending, waiting)
  one.pending = waiting
  if (one.left + one.gone === 0) return
  const waitingGone = stillUnwritten(one.pendingGone, GONE_ACTIVITIES, stretch)
  const told = heard(settings, one, stretch, GONE_ACTIVITIES, GONE_INBOUND, one.pendingGone, waitingGone)
  one.left *= told
  one.gone *= told
  one.pendingGone = waitingGone
}

/** What waits to be written down at the end of a stretch. Dead weeks swallow what happens in them. */
function stillUnwritten(pending: number, engagement: number, { part, heard: share }: Stretch): number {
  const kept = Math.exp(-part / DELAY_WEEKS)
  return pending * kept + engagement * share * DELAY_WEEKS * (1 - kept)
}

/** The likelihood of the activities that were written down in a stretch, at that engagement: Poisson, by direction. */
function heard(
  settings: Settings,
  one: Particle,
  { part, heard: share, prompt, late }: Stretch,
  engagement: number,
  inbound: number,
  pending: number,
  waiting: number,
): number {
  const rate = activityRate(settings, one)
  const released = Math.max(1e-9, (pending + engagement * share * part - waiting) * share)
  let told = -rate * (PROMPT * engagement * part * share + (1 - PROMPT) * released)
  if (prompt.all > 0) told += prompt.all * Math.log(rate * engagement) + spoken(prompt, inbound)
  // Written down late: of a time when the customer may still have been there.
  if (late.all > 0) told += late.all * Math.log(rate * released) + spoken(late, Math.max(GONE_INBOUND, inboundShare(pending / DELAY_WEEKS)))
  return Math.exp(told)
}

const spoken = (talk: Talk, inbound: number): number =>
  (talk.inbound > 0 ? talk.inbound * Math.log(inbound) : 0) + (talk.outbound > 0 ? talk.outbound * Math.log(1 - inbound) : 0)

function serve(settings: Settings, one: Particle, stretch: Stretch): void {
  const rate = caseRate(settings, SEGMENTS[one.segment]!.ordersAYear) * complaintFactor(one.health)
  let told = Math.exp(-rate * stretch.part * stretch.served)
  for (const priority of stretch.cases) {
    const position = PRIORITIES.findIndex((each) => each === priority)
    told *= rate * (position < 0 ? 1 : urgency(one.health)[position]! / 10)
    one.gone = 0
  }
  one.stays *= told
  one.left *= told
}

/** It ordered: it is a customer still, and at that rate of orders. */
export function order(one: Particle, season: number): void {
  const rate = orderRate(one, one.health, season)
  // Office hours blur instants: two orders of one day are half a day apart.
  const expected = Math.max(one.expected, rate / 14)
  one.stays *= (rate * 4 * expected) / (1 + 2 * expected)
  one.left = one.gone = one.expected = 0
}

/** A contract that begins, or goes on, is nobody's who left; one that ends is of who left in that term, or gave it up and stayed. */
export function contract(one: Particle, sighting: Sighting & { readonly saw: 'contract' | 'term' }, subscribing: readonly number[]): void {
  if (sighting.saw === 'term' && !sighting.renewed) {
    one.stays *= dropping(sighting.term)
    return
  }
  one.left = one.gone = 0
  if (sighting.saw === 'term') one.stays *= 1 - dropping(sighting.term)
  else if (sighting.first) one.stays *= subscribing[one.segment]!
}
