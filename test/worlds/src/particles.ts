import { firstHealth, nextHealth } from './health.ts'
import { SINKING, SPREAD, weekly } from './nature.ts'
import type { Random } from './random.ts'
import { SEGMENTS } from './segments.ts'
import type { Settings } from './settings.ts'

/**
 * One customer as it may be: a nature, a health, and what follows from them for everything that was seen. Probabilities (`stays`,
 * `left`, `gone`) are in proportion, over all particles of a customer together.
 */
export interface Particle {
  /** Position in SEGMENTS. */
  readonly segment: number
  orderRate: number
  readonly hazard: number
  level: number
  sinksFrom: number
  diligence: number
  readonly prospect: false
  health: number
  /** Expected orders since the last one, had it stayed. */
  expected: number
  /** Still a customer. */
  stays: number
  /** Left lately: cases still come. */
  left: number
  /** Gone without a word. */
  gone: number
  /** Activities (in weeks at neutral engagement) not yet written down: who stays, and who does not. */
  pending: number
  pendingGone: number
}

/** How far a resampled particle moves from its twin towards, and around, the mean of all (Liu & West 2001: mean and variance stay). */
const STIR = 0.15
const SHRINK = Math.sqrt(1 - STIR * STIR)

/** A customer of that segment as it may have been born in that week. */
export function born(settings: Settings, segment: number, week: number, random: Random): Particle {
  const { ordersAYear, leavingAYear } = SEGMENTS[segment]!
  const level = SPREAD.level * random.normal()
  return {
    segment,
    orderRate: weekly(ordersAYear) * Math.exp(SPREAD.orderRate * random.normal()),
    hazard: weekly(leavingAYear),
    level,
    sinksFrom: sinkingAfter(settings, week, week, random),
    diligence: Math.exp(SPREAD.diligence * random.normal()),
    prospect: false,
    health: firstHealth({ level }, random),
    expected: 0,
    stays: 1,
    left: 0,
    gone: 0,
    pending: 0,
    pendingGone: 0,
  }
}

/** From when on the level of a customer sinks that had not begun to by that week; Infinity for most. */
export function sinkingAfter(settings: Settings, firstWeek: number, week: number, random: Random): number {
  const from = firstWeek + SINKING.afterWeeks
  const passed = Math.min(1, Math.max(0, (week - from) / (settings.weeks - from)))
  if (!random.chance((SINKING.share * (1 - passed)) / (1 - SINKING.share * passed))) return Number.POSITIVE_INFINITY
  return Math.floor(random.between(Math.max(from, week), settings.weeks))
}

const weightOf = (one: Particle): number => one.stays + one.left + one.gone

/**
 * Particles in proportion to their weight where few of them carry all of it (systematic resampling), each stirred a little, and
 * scaled so that all weights add up to 1. Throws RangeError when nothing seen is possible.
 */
export function renewed(
  settings: Settings,
  cloud: readonly Particle[],
  firstWeek: number,
  week: number,
  random: Random,
): readonly Particle[] {
  let total = 0
  let squares = 0
  for (const one of cloud) {
    const weight = weightOf(one)
    total += weight
    squares += weight * weight
  }
  if (!(total > 0)) throw new RangeError('what was seen is impossible in this world')
  for (const one of cloud) scale(one, 1 / total)
  if ((total * total) / squares > cloud.length / 2) return cloud
  const stir = stirring(cloud)
  const chosen: Particle[] = []
  let until = random.next()
  let reached = 0
  for (const one of cloud) {
    const weight = weightOf(one)
    reached += weight * cloud.length
    while (until < reached && chosen.length < cloud.length) {
      const twin = { ...one }
      scale(twin, 1 / (weight * cloud.length))
      stir(twin, random)
      if (twin.sinksFrom >= week) twin.sinksFrom = sinkingAfter(settings, firstWeek, week, random)
      chosen.push(twin)
      until++
    }
  }
  return chosen
}

/** All that a particle stands for, so many times as likely. */
export function scale(one: Particle, factor: number): void {
  one.stays *= factor
  one.left *= factor
  one.gone *= factor
}

/** Moves what never changes in a customer, lest the same few values be left after many resamplings. */
function stirring(cloud: readonly Particle[]): (one: Particle, random: Random) => void {
  const moments = (value: (one: Particle) => number): { readonly mean: number; readonly deviation: number } => {
    let mean = 0
    let squares = 0
    for (const one of cloud) {
      mean += weightOf(one) * value(one)
      squares += weightOf(one) * value(one) ** 2
    }
    return { mean, deviation: Math.sqrt(Math.max(0, squares - mean * mean)) }
  }
  const rate = moments((one) => Math.log(one.orderRate))
  const level = moments((one) => one.level)
  const diligence = moments((one) => Math.log(one.diligence))
  const moved = (value: number, { mean, deviation }: typeof rate, random: Random): number =>
    mean + SHRINK * (value - mean) + STIR * deviation * random.normal()
  return (one, random) => {
    one.orderRate = Math.exp(moved(Math.log(one.orderRate), rate, random))
    one.level = moved(one.level, level, random)
    one.diligence = Math.exp(moved(Math.log(one.diligence), diligence, random))
  }
}

/** Every particle's health a week on. */
export function ageing(cloud: readonly Particle[], week: number, random: Random): void {
  for (const one of cloud) one.health = nextHealth(one.health, one, week, random)
}
