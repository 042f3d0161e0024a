import { AssayError, OFFER_RANKS, OFFER_RESPONSES, type ScoreRow } from '@assay/shared'
import { textOf } from '@assay/panel-model'
import { z } from 'zod'
import type { App } from '../app.ts'
import { offerIn } from '../flow/sync/answers.ts'
import { type Meant, shownFor } from './panel-data.ts'

const DAY = 86_400_000
/** Somebody's day is at most one off from ours. */
const DAYS_APART = 2
const PATIENCE_MS = 20_000

/** An answer to an offer as the panel page sends it. */
export const givenAnswer = z.object({
  rank: z.literal(OFFER_RANKS),
  /** What the page showed in that place. */
  offer: z.string().min(1).max(300),
  /** Null takes the answer back. */
  value: z.enum(OFFER_RESPONSES).nullable(),
  /** The day of the person who answers. */
  day: z.iso.date(),
})
export type GivenAnswer = z.infer<typeof givenAnswer>

/** `changed`: another offer stands there by now. `text` is for the person who answered. */
export type Answered = { readonly outcome: 'kept'; readonly text: string } | { readonly outcome: 'changed' }

/**
 * Which place was answered stands in the milliseconds of an answer's instant (see flow/sync/answers.ts). One that the CRM has as
 * well gets the instant under which the next sync finds it there, so that it is known once; one that only Assay has is in a
 * place of its own, so that an older answer that still stands in the CRM's field is not taken for a newer one.
 */
const ONLY_HERE = 100
const SECOND = 1_000

/**
 * Keeps an answer to an offer: in the CRM's field, where every other panel shows it, and here. A CRM that does not take it (its
 * integration user may not, or it is a folder of files) leaves it to Assay alone, which is said. Throws (`offline`, `limit`,
 * `auth`, …) with nothing kept where the CRM could not be asked.
 */
export async function keepAnswer(app: App, link: Meant, given: GivenAnswer): Promise<Answered> {
  const today = Math.floor(app.now() / DAY) * DAY
  if (Math.abs(Date.parse(given.day) - today) >= DAYS_APART * DAY) {
    throw new AssayError('rejected', 'The clock of this computer is wrong by more than a day.')
  }
  const { customer } = await shownFor(app, link)
  if (customer === null || printed(customer.fields, given.rank) !== given.offer) return { outcome: 'changed' }
  const { connection, object, id } = customer.meant
  const offer = offerIn(customer.fields, given.rank)
  const known = (await app.control.feedback.of(connection, object, id)).findLast((one) => one.offer === offer)
  if (given.value === null && known === undefined) return { outcome: 'kept', text: '' }

  // An answer that the CRM never took cannot be taken back there.
  const onlyHere = known !== undefined && known.at % SECOND >= ONLY_HERE
  const refusal = given.value === null && onlyHere ? '' : await write(app, customer.meant, given)
  if (given.value === null) {
    if (refusal !== null && refusal !== '') throw new AssayError('rejected', refusal)
    if (known) await app.control.feedback.remove(connection, { object, id, offer, at: known.at })
  } else {
    const at = Date.parse(given.day) + given.rank + (refusal === null ? 0 : ONLY_HERE)
    // Somebody who thinks again on the same day has given one answer, not two.
    if (known && sameDay(known.at, at) && known.at !== at)
      await app.control.feedback.remove(connection, { object, id, offer, at: known.at })
    await app.control.feedback.put(connection, [{ object, id, offer, response: given.value, at }])
  }
  await app.control.audit.add('panel link', given.value === null ? 'answer taken back' : 'answer given', { connection, object })
  return { outcome: 'kept', text: refusal ? `Only Assay knows it: ${refusal}` : '' }
}

/** The offer in this place as a page prints it. */
const printed = (fields: Readonly<Record<string, string>>, rank: number): string =>
  textOf(fields[`offer_${rank}_code`]) || textOf(fields[`offer_${rank}`])
const sameDay = (one: number, other: number): boolean => Math.floor(one / DAY) === Math.floor(other / DAY)

/** Puts the answer into the CRM's field. Null when it stands there; else why the CRM does not take it. */
async function write(app: App, { connection: name, object, id }: Meant, given: GivenAnswer): Promise<string | null> {
  const connection = await app.connection(name)
  const connector = app.connector(connection.connector)
  if (!connector.capabilities.write || !connector.capabilities.objects.includes(object)) return `${connector.title} takes nothing back.`
  const answer = `offer_${given.rank}_response`
  const row: ScoreRow = { object, id, values: { [answer]: given.value, [`${answer}_at`]: given.value === null ? null : given.day } }
  const session = app.session(connection, AbortSignal.timeout(PATIENCE_MS))
  try {
    for await (const result of session.write(only(row), { [object]: 1 })) {
      if (result.outcome === 'written') return null
      if (result.outcome === 'rejected') return result.why
      const what = result.outcome === 'gone' ? 'The record is not there any more.' : result.why
      throw new AssayError('offline', what)
    }
    throw new AssayError('offline', `${connector.title} did not answer.`)
  } finally {
    await session.close()
  }
}

async function* only(row: ScoreRow): AsyncIterable<ScoreRow> {
  yield row
}
