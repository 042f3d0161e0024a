import type { LiveRecord, Tombstone } from '@assay/shared'
import { recordId, STRIDE } from './ids.ts'
import type { Random } from './random.ts'
import type { Bundle } from './world.ts'

/**
 * Somebody tidies up: a deal that never was one and a contact that nobody dealt with are deleted, and a second record of the
 * account, entered by mistake, is merged into it. Each with that probability, where the bundle has such a record.
 */
export function tidied(bundle: Bundle, index: number, probability: number, instant: () => number, random: Random): Bundle {
  const deal = random.chance(probability) ? idleDeal(bundle) : undefined
  const contact = random.chance(probability) ? idleContact(bundle) : undefined
  const slot = random.chance(probability) ? freeSlot(bundle, index) : null
  const mergedAt = instant()
  const winner = bundle.account
  return {
    ...bundle,
    account: slot === null ? winner : { ...winner, version: Math.max(winner.version, mergedAt) },
    merged: slot === null ? bundle.merged : [...bundle.merged, gone('account', recordId('account', index, slot), mergedAt, winner.id)],
    deals: bundle.deals.filter((one) => one !== deal),
    dealHistory: bundle.dealHistory.filter((one) => one.body.dealId !== deal?.id),
    contacts: bundle.contacts.filter((one) => one !== contact),
    deleted: [
      ...bundle.deleted,
      ...(deal === undefined ? [] : [gone('deal', deal.id, instant(), null)]),
      ...(contact === undefined ? [] : [gone('contact', contact.id, instant(), null)]),
    ],
  }
}

const gone = <K extends 'account' | 'deal' | 'contact'>(kind: K, id: string, at: number, mergedInto: string | null): Tombstone<K> => ({
  kind,
  id,
  version: at,
  knownAt: at,
  deleted: true,
  mergedInto,
})

/** Lost or open, and with nothing hanging on it but its own history. */
function idleDeal(bundle: Bundle): LiveRecord<'deal'> | undefined {
  const used = new Set([...bundle.lineItems, ...bundle.activities].map((record) => record.body.dealId))
  return bundle.deals.findLast((deal) => deal.body.isWon !== true && !used.has(deal.id))
}

/** Nobody's contact for a deal, a case or a contract; talked to at most. The first contact of an account stays. */
function idleContact(bundle: Bundle): LiveRecord<'contact'> | undefined {
  const dealings = [...bundle.deals, ...bundle.cases, ...bundle.subscriptions]
  const used = new Set(dealings.map((record) => record.body.contactId))
  return bundle.contacts.findLast((contact, position) => position > 0 && !used.has(contact.id))
}

/** The first account id of the bundle that was never used; null when there is none left. */
function freeSlot(bundle: Bundle, index: number): number | null {
  const taken = new Set([bundle.account.id, ...bundle.merged.map((loser) => loser.id)])
  const slot = Array.from({ length: STRIDE.account }, (_, i) => i).find((i) => !taken.has(recordId('account', index, i)))
  return slot ?? null
}
