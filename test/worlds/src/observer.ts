import { WEEK } from './calendar.ts'
import { comingOrders } from './coming-orders.ts'
import { contract, order, pass, type Stretch, type Talk } from './evidence.ts'
import { silenceAhead } from './futures.ts'
import { bundleOf } from './ids.ts'
import { ageing, born, type Particle, renewed, scale } from './particles.ts'
import { CONCERN, stream } from './random.ts'
import { SEGMENTS } from './segments.ts'
import { seasonOf, type Settings } from './settings.ts'
import { acquaintance, type Sighting, sightingsOf } from './sightings.ts'
import { subscribingShare, withoutContract } from './subscriptions.ts'
import type { Bundle, Question } from './world.ts'

const PARTICLES = 400
/** Nobody listens before the first order. */
const TALK: ReadonlySet<Sighting['saw']> = new Set(['activity', 'case'])

/**
 * Bayes' best guess that no order is won in (day, day + horizon], for each of those days, by somebody who knows every law of the
 * world but of the customer only what its records told by that day; NaN on days before the first order. A particle filter: natures
 * drawn as the world draws them, health by its weekly law, each weighed by the instants of orders, by activities (how many, from whom;
 * late ones when they are written down, nothing from the dead month), by cases and their priority, by contracts begun, renewed and
 * ended, by the number of employees and the products bought; whether it has silently left is added up, not drawn. Then the
 * mean over one future of each particle, in which deals open on that day stand for orders to come.
 * Left out: amounts and lines of an order, what is older than the introduction of the CRM (but orders), shifts into office hours, how
 * long cases take, lost deals, stages and pushed close dates, types of activities, revenue; and the reason typed in after a customer
 * had left, because nothing tells when that was.
 * The random numbers depend on the seed and the customer alone. Throws RangeError when what the records say is impossible here.
 */
export function observe(settings: Settings, bundle: Bundle, question: Question): number[] {
  const { horizonDays, unseen = new Set() } = question
  const index = bundleOf('account', bundle.account.id, settings.size) ?? 0
  const random = stream(settings.seed, index, CONCERN.observer)
  const days = [...new Set(question.days)].sort((a, b) => a - b)
  const seen = sightingsOf(settings, bundle)
  const first = seen.find(({ saw }) => saw === 'order')?.at ?? Number.POSITIVE_INFINITY
  const answers = new Map<number, number>()
  const last = days.at(-1) ?? first
  const weekOf = (instant: number): number => Math.floor((instant - settings.startsAt) / WEEK)
  const { opened, size } = acquaintance(bundle)
  const heard = (from: number, to: number): number => outside(from, to, settings.dead) * outside(from, to, { from: 0, until: opened })
  const served = (from: number, to: number): number => outside(from, to, { from: 0, until: opened })
  const firstWeek = weekOf(first)
  const kinds = SEGMENTS.map(({ share }, segment) => share * (unseen.has('kind of customer') ? 1 : size[segment]!))
  let cloud: readonly Particle[] =
    first > last ? [] : Array.from({ length: PARTICLES }, () => born(settings, random.weighted(kinds), firstWeek, random))
  const subscribing = SEGMENTS.map((segment) => subscribingShare(settings, { segment }))

  let now = first
  let contracted = false
  let notes = blank()
  /** Up to that instant, with everything noted since the last one. */
  const until = (at: number): void => {
    if (at <= now) return
    const week = weekOf(now)
    const stretch: Stretch = {
      part: (at - now) / WEEK,
      season: seasonOf(settings, week),
      heard: heard(now, at),
      served: served(now, at),
      ...notes,
    }
    for (const one of cloud) pass(settings, one, stretch, unseen)
    if (!contracted && !unseen.has('contracts')) {
      const missing = subscribing.map((share) => withoutContract(share, at - first) / withoutContract(share, now - first))
      for (const one of cloud) one.stays *= missing[one.segment]!
    }
    now = at
    notes = blank()
    cloud = renewed(settings, cloud, firstWeek, week, random)
  }
  const see = (sighting: Sighting): void => {
    if (sighting.saw === 'activity') note(sighting.late ? notes.late : notes.prompt, sighting.direction)
    else if (sighting.saw === 'case') notes.cases.push(sighting.priority)
    else if (sighting.saw === 'order') {
      until(sighting.at)
      if (sighting.at > first) for (const one of cloud) order(one, seasonOf(settings, weekOf(now)))
    } else if (sighting.saw === 'product') {
      if (!unseen.has('kind of customer')) for (const one of cloud) scale(one, sighting.liking[one.segment]!)
    } else if (!unseen.has('contracts')) {
      until(sighting.at)
      for (const one of cloud) contract(one, sighting, subscribing)
      contracted ||= sighting.saw === 'contract'
    }
  }

  const moments = seen.filter(({ at }) => at <= last)
  let next = 0
  const seeUntil = (at: number): void => {
    for (; next < moments.length && moments[next]!.at <= at; next++)
      if (moments[next]!.at >= first || !TALK.has(moments[next]!.saw)) see(moments[next]!)
    until(at)
  }
  for (const day of days) {
    if (day < first) continue
    for (let week = weekOf(now) + 1; week <= weekOf(day); week++) {
      seeUntil(settings.startsAt + week * WEEK - 1)
      now = settings.startsAt + week * WEEK
      ageing(cloud, week, random)
    }
    seeUntil(day)
    const hint = unseen.has('open deals') ? () => 1 : comingOrders(bundle, day)
    answers.set(day, silenceAhead(settings, cloud, firstWeek, day, horizonDays, hint, random))
  }
  return question.days.map((day) => answers.get(day) ?? Number.NaN)
}

type Notes = Pick<Stretch, 'prompt' | 'late'> & { readonly cases: (string | null)[] }
const blank = (): Notes => ({ prompt: { all: 0, inbound: 0, outbound: 0 }, late: { all: 0, inbound: 0, outbound: 0 }, cases: [] })

function note(talk: Talk, direction: string | null): void {
  talk.all++
  if (direction === 'inbound') talk.inbound++
  if (direction === 'outbound') talk.outbound++
}

/** Share of a stretch that lies outside of another. */
const outside = (from: number, to: number, other: { readonly from: number; readonly until: number }): number =>
  1 - Math.max(0, Math.min(to, other.until) - Math.max(from, other.from)) / (to - from)
