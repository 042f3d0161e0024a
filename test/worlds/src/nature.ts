import { DAY, WEEK } from './calendar.ts'
import { CONCERN, stream } from './random.ts'
import { type Segment, SEGMENTS } from './segments.ts'
import type { Settings } from './settings.ts'

/** What an account is from birth: decided once, seen by nobody. */
export interface Nature {
  readonly segment: Segment
  /** Never buys. */
  readonly prospect: boolean
  /** The first instant at which it may order. */
  readonly startsAt: number
  /** Orders a week at neutral health and season. */
  readonly orderRate: number
  /** Leaving a week at neutral health. */
  readonly hazard: number
  /** Where health returns to. */
  readonly level: number
  /** From this week on the level sinks; Infinity for most. */
  readonly sinksFrom: number
  /** Own scale of order size. */
  readonly size: number
  /** How much of what happens gets written down by this account's people. */
  readonly diligence: number
  /** Positions of liked products, strongest first. */
  readonly likes: readonly number[]
  readonly foreign: boolean
}

/** How natures are spread: normal on the scale of logarithms, levels as they are. */
export const SPREAD = { orderRate: 0.35, level: 0.3, diligence: 0.4 } as const
/** Share of the accounts whose level sinks, and after how many weeks at the earliest. */
export const SINKING = { share: 0.22, afterWeeks: 8 } as const

/** Orders and leavings a week at neutral health, of the mean customer of a segment. */
export const weekly = (aYear: number): number => (aYear * WEEK) / (365.25 * DAY)

export function natureOf(settings: Settings, index: number): Nature {
  const random = stream(settings.seed, index, CONCERN.nature)
  const segment = SEGMENTS[random.weighted(SEGMENTS.map((one) => one.share))]!
  const prospect = random.chance(0.12)
  const old = random.chance(0.55)
  const span = settings.today - settings.startsAt
  const startsAt = Math.floor(settings.startsAt + (old ? random.next() * Math.min(120 * DAY, span / 6) : random.between(0.05, 0.96) * span))
  const orderRate = weekly(segment.ordersAYear) * Math.exp(SPREAD.orderRate * random.normal())
  const hazard = weekly(segment.leavingAYear)
  const level = SPREAD.level * random.normal()
  const sinks = random.chance(SINKING.share)
  const firstWeek = (startsAt - settings.startsAt) / WEEK
  const sinksFrom = sinks ? Math.floor(random.between(firstWeek + SINKING.afterWeeks, settings.weeks)) : Number.POSITIVE_INFINITY
  return {
    segment,
    prospect,
    startsAt,
    orderRate,
    hazard,
    level,
    sinksFrom,
    size: segment.size * Math.exp(0.45 * random.normal()),
    diligence: Math.exp(SPREAD.diligence * random.normal()),
    likes: likesOf(settings, segment, random),
    foreign: random.chance(0.2),
  }
}

function likesOf(settings: Settings, segment: Segment, random: ReturnType<typeof stream>): number[] {
  const { products, usual } = settings.catalogue
  const weights = usual.map((position) => {
    const product = products[position]!
    return product.isActive ? (segment.families[product.family] ?? 0) * product.weight : 0
  })
  const likes: number[] = []
  const wanted = Math.max(2, segment.likes + random.below(3) - 1)
  while (likes.length < wanted) {
    const chosen = random.weighted(weights)
    likes.push(usual[chosen]!)
    weights[chosen] = 0
  }
  return likes
}
