import { OFFER_RANKS, REST_SIGN, sayPoints, type Sign, TEXT_LIMIT } from '@assay/shared'
import { bandOf } from '../bands.ts'
import type { Note } from './notes.ts'
import type { PublishPolicy } from './policy.ts'

/** What one miner said about one record in the last run. */
export interface Said {
  readonly miner: string
  readonly model: string
  readonly fields: Readonly<Record<string, string>>
  /** JSON of the signs, or `{ facts }`. */
  readonly signs: string
  readonly unscored: string | null
}

/** An earlier risk of the same record. */
export interface Earlier {
  readonly model: string
  readonly scoredAt: number
  readonly risk: number
}

export interface ComposeInput {
  readonly said: readonly Said[]
  /** Newest first, without the present one. */
  readonly history: readonly Earlier[]
  /** Product codes that this customer said no to, or has accepted. */
  readonly declined: ReadonlySet<string>
  /** When the scores were made: composing them again later gives the same values. */
  readonly scoredAt: number
  /** By model id. */
  readonly notes: ReadonlyMap<string, Note>
  /** What stands in the fields of miners that were not asked: it stays, and the next action follows from it too. */
  readonly kept?: Readonly<Record<string, string>>
}

const DAY = 86_400_000
const HISTORY = 12
/** Points of risk that make a trend, over at least this many days. */
const TREND_POINTS = 5
const TREND_DAYS = 7
const MOST_SIGNS = 3

/** All of Assay's fields of one record, as they should stand; a field that is missing here is to be empty. */
export function compose(input: ComposeInput, policy: PublishPolicy): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {}
  let leading: string | null = null
  for (const one of input.said) {
    if (one.miner === 'churn' && one.unscored === null) leading = composeChurn(fields, one, input, policy)
    else if (one.miner === 'offers' && one.unscored === null) composeOffers(fields, one, input.declined)
    // Without a score this holds only what follows a stated rule.
    else if (one.miner !== 'churn' && one.miner !== 'offers') Object.assign(fields, one.fields)
  }
  fields['score_note'] = note(input, fields['churn_risk'])
  fields['scored_at'] = new Date(input.scoredAt).toISOString()
  Object.assign(fields, input.kept)
  const action = nextAction(fields, leading, policy)
  if (action) fields['next_action'] = action
  else delete fields['next_action']
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, clip(value)]))
}

function composeChurn(fields: Record<string, string>, one: Said, input: ComposeInput, policy: PublishPolicy): string | null {
  // The band goes by the number that stands beside it.
  const risk = Math.round(Number(one.fields['churn_risk']))
  const all = JSON.parse(one.signs) as readonly Sign[]
  const signs = all.filter((sign) => sign.feature !== REST_SIGN)
  fields['churn_risk'] = String(risk)
  fields['churn_band'] = bandOf(risk, policy.bands)
  fields['churn_trend'] = trend(risk, one.model, input)
  const open = signs.filter((sign) => !sign.restricted)
  const restricted = signs.filter((sign) => sign.restricted)
  fields['churn_signs'] = open.length > 0 ? sentence(open) : nothingLarge(all.find((sign) => sign.feature === REST_SIGN)?.points ?? 0)
  if (restricted.length > 0) fields['churn_signs_restricted'] = sentence(restricted)
  fields['churn_history'] = days([{ model: one.model, scoredAt: input.scoredAt, risk }, ...input.history])
  // Everybody reads the next action: it follows from a sign that everybody may see.
  return open.find((sign) => sign.contribution > 0)?.feature ?? null
}

/** A number is never without a reason: said where no sign that everybody may read is large enough to be one. */
const nothingLarge = (points: number): string => `No single sign stands out; many small ones together ${sayPoints(points)}`

/** The strongest signs, as many as fit whole. */
export function sentence(signs: readonly Sign[]): string {
  const parts = signs.slice(0, MOST_SIGNS).map((sign) => `${sign.text} ${sayPoints(sign.points)}`)
  while (parts.length > 1 && parts.join('; ').length > TEXT_LIMIT) parts.pop()
  return parts.join('; ')
}

/** One risk a day, the last of that day, newest first: "2026-11-22 41; 2026-11-21 38". */
function days(past: readonly Earlier[]): string {
  const byDay = new Map<string, string>()
  for (const at of past) {
    const day = new Date(at.scoredAt).toISOString().slice(0, 10)
    if (!byDay.has(day) && byDay.size < HISTORY) byDay.set(day, `${day} ${Math.round(at.risk)}`)
  }
  return [...byDay.values()].join('; ')
}

/** Another model's scores are no history: a new model never counts as a trend. */
function trend(risk: number, model: string, input: ComposeInput): string {
  const base = input.history.find((at) => at.model === model && input.scoredAt - at.scoredAt >= TREND_DAYS * DAY)
  if (!base) return 'Not enough history'
  if (risk - base.risk > TREND_POINTS) return 'Rising'
  return risk - base.risk < -TREND_POINTS ? 'Falling' : 'Steady'
}

/** Offers that were answered give way to the next ones. */
function composeOffers(fields: Record<string, string>, one: Said, declined: ReadonlySet<string>): void {
  let place = 0
  for (const k of OFFER_RANKS) {
    const code = one.fields[`offer_${k}_code`]
    if (code === undefined || declined.has(code)) continue
    place++
    for (const part of ['', '_code', '_why']) {
      const value = one.fields[`offer_${k}${part}`]
      if (value !== undefined) fields[`offer_${place}${part}`] = value
    }
  }
}

/** Which model speaks, or why none does and what is known instead. */
function note(input: ComposeInput, risk: string | undefined): string {
  const churn = input.said.find((one) => one.miner === 'churn')
  if (churn && churn.unscored === null) return input.notes.get(churn.model)?.(Number(risk)) ?? ''
  if (!churn) return input.said.flatMap((one) => input.notes.get(one.model) ?? [])[0]?.(null) ?? ''
  return noScore('No churn score', churn)
}

/** What is known instead of a score, and why there is none. */
export function noScore(what: string, said: Said): string {
  const why = `${what}: ${said.unscored}`
  const { facts = [] } = JSON.parse(said.signs) as { facts?: readonly string[] }
  // The reason must be readable whatever the facts are: the last facts give way to it.
  const known = [...facts]
  while (known.length > 0 && known.join('; ').length + 2 + why.length > TEXT_LIMIT) known.pop()
  return known.length > 0 ? `${known.join('; ')}. ${why}` : why
}

function nextAction(fields: Readonly<Record<string, string>>, leading: string | null, policy: PublishPolicy): string | null {
  const { churn_band: band, offer_1: offer, next_action: standing } = fields
  // It stands there only where churn was not asked: then the signs that it follows from are not known.
  if (standing !== undefined && (band === 'High' || band === 'Medium')) return standing
  if (band === 'High' || band === 'Medium') return policy.actions[leading ?? 'other'] ?? policy.actions['other'] ?? null
  return offer ? `Propose ${offer}.` : null
}

/** At most as long as the shortest text field of the CRMs; cut at a word, and visibly. */
export function clip(text: string): string {
  if (text.length <= TEXT_LIMIT) return text
  const cut = text.slice(0, TEXT_LIMIT - 2)
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), TEXT_LIMIT - 40)).toWellFormed()} …`
}
