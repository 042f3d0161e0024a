import { ASSAY_PREFIX, OFFER_RANKS, OFFER_RESPONSES, type CrmRecord, type ScoreObject } from '@assay/shared'
import type { Control } from '../../control/control.ts'

interface Answer {
  readonly object: ScoreObject
  readonly id: string
  readonly offer: string
  readonly response: string
  readonly at: number
}

const OBJECTS: ReadonlySet<string> = new Set(['account', 'contact', 'deal'])
const RESPONSES: ReadonlySet<string> = new Set(OFFER_RESPONSES)
const SECOND = 1000

type Published = Readonly<Record<string, string>>

/**
 * People answer an offer in a field of the CRM; the next sync brings the answer here. Assay puts nothing into that field but what
 * somebody answered on its panel, so the answer still stands there when the next offer has moved up into the place: an answer
 * belongs to the offer that it was first seen beside, and counts for another one only when the answer itself changes.
 * `shown`: what stands in Assay's own fields of a record, which no reader brings along; null where nothing does.
 */
export async function keepAnswers(
  control: Pick<Control, 'feedback'>,
  connection: string,
  records: readonly CrmRecord[],
  shown: (object: ScoreObject, id: string) => Promise<Published | null>,
): Promise<void> {
  const seen = records.flatMap(answersOf)
  if (seen.length === 0) return
  const ids = new Set(seen.map((one) => keyOf(one.answer)))
  const newest = new Map<string, Answer>()
  for (const known of await control.feedback.list(connection)) {
    const place = `${keyOf(known)} ${placeOf(known.at)}`
    if (ids.has(keyOf(known)) && (newest.get(place)?.at ?? -Infinity) <= known.at) newest.set(place, known)
  }
  const fresh: Answer[] = []
  for (const { answer, dated } of seen) {
    const place = `${keyOf(answer)} ${placeOf(answer.at)}`
    const known = newest.get(place)
    if (known && known.response === answer.response && (!dated || known.at === answer.at)) continue
    newest.set(place, answer)
    const offer =
      answer.offer === placeName(placeOf(answer.at)) ? offerIn(await shown(answer.object, answer.id), placeOf(answer.at)) : answer.offer
    fresh.push({ ...answer, offer })
  }
  if (fresh.length > 0) await control.feedback.put(connection, fresh)
}

const keyOf = (one: { readonly object: string; readonly id: string }): string => `${one.object} ${one.id}`
const placeName = (rank: number): string => `offer_${rank}`
/** By what answers know the offer in this place: its code; the place itself where nobody knows more. */
export const offerIn = (published: Published | null, rank: number): string => published?.[`offer_${rank}_code`] || placeName(rank)

/** Which of the three places was answered stands in the milliseconds of the instant: no answer is known more exactly than that. */
const placeOf = (at: number): number => at % SECOND

/** The answers that stand in one record, and whether somebody gave the day. */
export function answersOf(record: CrmRecord): { answer: Answer; dated: boolean }[] {
  if (record.deleted || !OBJECTS.has(record.kind)) return []
  return OFFER_RANKS.flatMap((k) => {
    const response = record.attributes[`${ASSAY_PREFIX}offer_${k}_response`]
    if (typeof response !== 'string' || !RESPONSES.has(response)) return []
    const on = Date.parse(String(record.attributes[`${ASSAY_PREFIX}offer_${k}_response_at`] ?? ''))
    const code = record.attributes[`${ASSAY_PREFIX}offer_${k}_code`]
    const offer = typeof code === 'string' && code !== '' ? code : placeName(k)
    const dated = !Number.isNaN(on)
    const at = Math.floor((dated ? on : record.version) / SECOND) * SECOND + k
    return [{ answer: { object: record.kind as ScoreObject, id: record.id, offer, response, at }, dated }]
  })
}
