import type { DealDays } from '../../store/deal-days.ts'
import { oneRow } from '../one-row.ts'
import type { CustomerUnit } from '../history.ts'

/** Something about deals that was left out, and why. */
export interface DealLeftOut {
  readonly column: string
  readonly why: string
}

/** What the deals known on one day tell in all. Instants in epoch ms. */
export interface DealHistory {
  readonly deals: number
  readonly open: number
  readonly won: number
  readonly lost: number
  /** Open ones of which nobody knows since when. */
  readonly undated: number
  readonly firstEndedAt: number | null
  readonly lastEndedAt: number | null
  /** Quantiles .75 and .95 of the days from opening to ending, of deals that were open over a midnight; null where there is none. */
  readonly longCycle: number | null
  readonly longestCycle: number | null
  /** Which fields have a history that says what they were on an earlier day. */
  readonly dated: { readonly stage: boolean; readonly amount: boolean; readonly plan: boolean; readonly owner: boolean }
  /** Which facts of today's row say nothing about how a deal will end. */
  readonly clean: { readonly customer: boolean; readonly owner: boolean; readonly pipeline: boolean; readonly type: boolean }
  readonly leftOut: readonly DealLeftOut[]
}

/** A field has a history where so many of the deals that carry it do. */
const KEPT = 0.9
/** Filled in so much more often once a deal has ended, a field was filled in at the end. */
const AT_THE_END = 0.1

const percent = (share: number): string => `${Math.round(share * 100)} %`

export async function dealHistory(days: DealDays, connection: string, unit: CustomerUnit, today: number): Promise<DealHistory> {
  const row = await oneRow(days.driver, 'deals/history', { unit, day: await days.on(connection, today) })
  const number = (name: string): number | null => (typeof row[name] === 'number' ? row[name] : null)
  const count = (name: string): number => number(name) ?? 0
  const endedAny = count('won') + count('lost') > 0
  const leftOut: DealLeftOut[] = []
  const dated = (name: string, column: string): boolean => {
    // Where no deal carries the field there is nothing to be dated.
    const share = number(`${name}_dated`) ?? 1
    if (share >= KEPT) return true
    leftOut.push({ column, why: `its history is kept for ${percent(share)} of the deals only: what it was on an earlier day is not known` })
    return false
  }
  const clean = (name: string, column: string): boolean => {
    const [ended, open] = [number(`${name}_filled_ended`), number(`${name}_filled_open`)]
    if (ended === null || open === null || Math.abs(ended - open) <= AT_THE_END) return true
    const why = `filled in for ${percent(ended)} of the deals that have ended and ${percent(open)} of the open ones: it tells that a deal has ended`
    leftOut.push({ column, why })
    return false
  }
  return {
    deals: count('deals'),
    open: count('open'),
    won: count('won'),
    lost: count('lost'),
    undated: count('undated'),
    firstEndedAt: endedAny ? number('first_ended_at') : null,
    lastEndedAt: endedAny ? number('last_ended_at') : null,
    longCycle: count('cycles') > 0 ? number('long_cycle') : null,
    longestCycle: count('cycles') > 0 ? number('longest_cycle') : null,
    dated: {
      stage: dated('stage', 'stage'),
      amount: dated('amount', 'amount'),
      plan: dated('plan', 'planned close date'),
      owner: dated('owner', 'owner'),
    },
    clean: {
      customer: clean('customer', 'customer'),
      owner: clean('owner', 'owner'),
      pipeline: clean('pipeline', 'pipeline'),
      type: clean('type', 'type'),
    },
    leftOut,
  }
}
