import type { Nature } from './nature.ts'
import type { Random } from './random.ts'

/**
 * Hidden health: a mean-reverting process in weekly steps (a discrete Ornstein-Uhlenbeck process) around a level that
 * sinks for some customers, with rare bad shocks. Neutral is 0, its spread about 0.8. Everything else sees it only
 * through the events it makes more or less likely.
 */
const MEMORY_WEEKS = 26
const KEEP = Math.exp(-1 / MEMORY_WEEKS)
const SPREAD = 0.75
const STEP = SPREAD * Math.sqrt(1 - KEEP * KEEP)
const SINK_PER_WEEK = 0.06
const SINK_LIMIT = 2.6
const SHOCK_CHANCE = 0.007
const SHOCK_MEAN = 1.3

/** Where health is drawn to in that week. */
export const levelAt = (nature: Pick<Nature, 'level' | 'sinksFrom'>, week: number): number =>
  nature.level - (week > nature.sinksFrom ? Math.min(SINK_LIMIT, SINK_PER_WEEK * (week - nature.sinksFrom)) : 0)

export const firstHealth = (nature: Pick<Nature, 'level'>, random: Random): number => nature.level + 0.15 + SPREAD * 0.7 * random.normal()

/** One week on. */
export function nextHealth(health: number, nature: Pick<Nature, 'level' | 'sinksFrom'>, week: number, random: Random): number {
  const level = levelAt(nature, week)
  const shock = random.next() < SHOCK_CHANCE ? random.exponential(SHOCK_MEAN) : 0
  return level + KEEP * (health - level) + STEP * random.normal() - shock
}

/** Chance rates of a week at that health. */
export const leavingRate = (nature: Pick<Nature, 'hazard'>, health: number): number => nature.hazard * Math.exp(-1.5 * health)
export const orderRate = (nature: Pick<Nature, 'orderRate'>, health: number, season: number): number =>
  nature.orderRate * season * Math.exp(0.55 * Math.max(-3, Math.min(2, health)))
export const complaintFactor = (health: number): number => Math.exp(-0.75 * Math.max(-2.5, Math.min(2, health)))
export const engagementFactor = (health: number): number => Math.exp(0.5 * Math.max(-3, Math.min(2, health)))
export const sizeFactor = (health: number): number => Math.exp(0.2 * Math.max(-3, Math.min(2, health)))
