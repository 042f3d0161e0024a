import { monthOf, SEASON, WEEK, DAY } from './calendar.ts'
import { type Catalogue, makeCatalogue } from './catalogue.ts'

export interface WorldOptions {
  readonly seed?: number
  readonly accounts?: number
  readonly years?: number
  readonly today?: number
  /** Fewer records an account (about 10 won deals and 30 lines) for worlds that are only large. */
  readonly plain?: boolean
  /** At least so many of the customers (share, 0..1) have a contract, in every segment: for what is learned from contracts. */
  readonly subscribing?: number
}

/** What every part of one world shares. */
export interface Settings {
  readonly seed: number
  readonly size: number
  readonly startsAt: number
  readonly today: number
  readonly plain: boolean
  readonly subscribing: number
  /** The CRM was introduced then: what is older carries this day as its creation day. */
  readonly importedAt: number
  /** Whole weeks simulated, some of them after today: an order of next week has a deal that is open today. */
  readonly weeks: number
  /** Relative order rate by week. */
  readonly season: Float64Array
  /** The activities feed was dead. */
  readonly dead: { readonly from: number; readonly until: number }
  readonly home: string
  readonly foreign: string
  /** Home money for one unit of foreign. */
  readonly rate: number
  readonly catalogue: Catalogue
}

const WEEKS_AHEAD = 9

/** Relative order rate of a week; after the simulated ones, of the week a year before. */
export const seasonOf = (settings: Settings, week: number): number => settings.season[week < settings.weeks ? week : week - 52] ?? 1

export function settingsOf(options: WorldOptions): Settings {
  const seed = options.seed ?? 1
  const years = options.years ?? 3
  const today = options.today ?? Date.UTC(2026, 10, 2)
  const startsAt = Math.floor((today - years * 365.25 * DAY) / DAY) * DAY
  const weeks = Math.ceil((today - startsAt) / WEEK) + WEEKS_AHEAD
  const season = new Float64Array(weeks)
  for (let week = 0; week < weeks; week++) season[week] = SEASON[new Date(startsAt + (week + 0.5) * WEEK).getUTCMonth()]!
  return {
    seed,
    size: options.accounts ?? 2000,
    startsAt,
    today,
    plain: options.plain ?? false,
    subscribing: options.subscribing ?? 0,
    importedAt: startsAt + Math.round(Math.min(60, years * 20)) * DAY,
    weeks,
    season,
    dead: monthOf(today - years * 0.42 * 365.25 * DAY),
    home: 'EUR',
    foreign: 'USD',
    rate: 0.92,
    catalogue: makeCatalogue(seed),
  }
}
