import { REST_SIGN, type Sign } from '@assay/shared'
import type { ScoreEntry } from '../../store/store.ts'
import type { Mined } from '../mine/mine.ts'
import { score } from '../mine/score.ts'
import type { Workshop } from '../mine/workshop.ts'

/** One customer as the report names them: the risk with its reasons, the group, what to propose. */
export interface TopCustomer {
  readonly id: string
  readonly name: string | null
  readonly risk: number | null
  /** Money of the last year that is at stake. */
  readonly money: number | null
  readonly signs: readonly { readonly text: string; readonly points: number }[]
  /** Instead of signs where there is no number. */
  readonly facts: readonly string[]
  readonly segment: string | null
  readonly offers: readonly { readonly code: string; readonly name: string; readonly why: string }[]
}

const MOST = 20

/** Those with the most money at stake: risk times what they spent in the last year; without a risk the money alone, without money the risk. */
export async function topCustomers(mined: Mined, workshop: Workshop): Promise<readonly TopCustomer[]> {
  const entries = new Map<string, ScoreEntry[]>()
  for (const examined of mined.examined) {
    if (examined.subjects.object !== undefined) continue
    const input = { examined, model: '', run: '', object: mined.unit, scoredAt: mined.today, workshop }
    for await (const chunk of score(input)) for (const entry of chunk) entries.set(entry.id, [...(entries.get(entry.id) ?? []), entry])
  }
  const money = mined.now.columns.find((c) => c.info.name === 'money_365d')
  const all = mined.now.ids.map((id, row) => one(id, money?.type === 'number' ? money.values[row]! : Number.NaN, entries.get(id) ?? []))
  return mostAtStake(all).slice(0, MOST)
}

/** Of customers with a risk, or of all where none has one: most money at stake first, then the highest risk, then by id. */
export function mostAtStake(all: readonly TopCustomer[]): TopCustomer[] {
  const stake = (customer: TopCustomer): number => ((customer.risk ?? 1) / 100) * (customer.money ?? 0)
  const scored = all.filter((customer) => customer.risk !== null)
  return (scored.length > 0 ? scored : all).toSorted(
    (a, b) => stake(b) - stake(a) || (b.risk ?? 0) - (a.risk ?? 0) || (a.id < b.id ? -1 : 1),
  )
}

function one(id: string, money: number, entries: readonly ScoreEntry[]): TopCustomer {
  const of = (miner: string): ScoreEntry | undefined => entries.find((entry) => entry.miner === miner)
  const churn = of('churn')
  const fields = { ...of('offers')?.fields, ...of('segments')?.fields }
  const parsed = churn ? (JSON.parse(churn.signs) as readonly Sign[] | { facts: readonly string[] }) : []
  return {
    id,
    name: null,
    risk: churn?.unscored === null ? Number(churn.fields['churn_risk']) : null,
    money: Number.isNaN(money) ? null : Math.round(money * 100) / 100,
    signs: Array.isArray(parsed)
      ? (parsed as readonly Sign[])
          .filter((sign) => sign.feature !== REST_SIGN)
          .slice(0, 3)
          .map(({ text, points }) => ({ text, points: Math.round(points) }))
      : [],
    facts: 'facts' in parsed ? parsed.facts : [],
    segment: fields['segment'] ?? null,
    offers: [1, 2, 3].flatMap((k) => {
      const code = fields[`offer_${k}_code`]
      return code === undefined ? [] : [{ code, name: fields[`offer_${k}`] ?? code, why: fields[`offer_${k}_why`] ?? '' }]
    }),
  }
}
