// @ts-check
import { hasFields, hasScores, valueOf } from './fields'

/** @typedef {import('./fields').Shown} Shown */
/**
 * What a wire said last, and about which id it was asked: an error does not tell.
 * @typedef {{ readonly data?: Shown, readonly error?: unknown, readonly about?: string } | undefined} Answer
 */
/**
 * @typedef {{ readonly found: 'waiting' | 'no account' | 'hidden account', readonly record?: undefined, readonly object?: undefined }} Nobody
 * @typedef {{ readonly found: 'failed', readonly error: unknown, readonly where: 'record' | 'account', readonly record?: undefined, readonly object?: undefined }} Failed
 * @typedef {{ readonly found: 'customer', readonly record: Shown, readonly object: string, readonly from: string | null }} Customer
 */

/** An id has 15 characters, or 18 of which the last three only check the others. */
const same = (/** @type {string | undefined} */ one, /** @type {string | undefined} */ other) =>
  one !== undefined && other !== undefined && one.slice(0, 15) === other.slice(0, 15)

/**
 * What was said about this very id; nothing while the answer is missing or still belongs to the record shown before.
 * @param {Answer} said
 * @param {string | undefined} id
 */
const saidOf = (said, id) => (said && same(said.data?.id ?? said.about, id) ? said : undefined)

/**
 * The account that a contact or an opportunity points at, once that is known and needed.
 * @param {string | undefined} recordId
 * @param {string | undefined} object
 * @param {Answer} said
 * @returns {string | undefined}
 */
export function accountOf(recordId, object, said) {
  const record = saidOf(said, recordId)?.data
  if (object === 'Account' || record === undefined || hasScores(record)) return undefined
  const id = valueOf(record, 'AccountId')
  return typeof id === 'string' ? id : undefined
}

/**
 * Whose scores to show. `waiting` until everything is known that this takes: before that nothing is said, least of all
 * that there is no score.
 * @param {string | undefined} recordId
 * @param {string | undefined} object
 * @param {Answer} said about the record of the page
 * @param {Answer} saidOfAccount
 * @returns {Nobody | Failed | Customer}
 */
export function whose(recordId, object, said, saidOfAccount) {
  const answer = saidOf(said, recordId)
  if (answer?.error !== undefined) return { found: 'failed', error: answer.error, where: 'record' }
  if (object === undefined || answer?.data === undefined) return { found: 'waiting' }
  /** @type {Customer} */
  const itself = { found: 'customer', record: answer.data, object, from: null }
  if (object === 'Account' || hasScores(answer.data)) return itself

  const accountId = accountOf(recordId, object, said)
  // Where contacts are the customers they have the fields, and accounts have not.
  if (accountId === undefined && hasFields(answer.data)) return itself
  if (accountId === undefined) return { found: valueOf(answer.data, 'AccountId') === null ? 'no account' : 'hidden account' }
  const ofAccount = saidOf(saidOfAccount, accountId)
  if (ofAccount?.error !== undefined) return { found: 'failed', error: ofAccount.error, where: 'account' }
  if (ofAccount?.data === undefined) return { found: 'waiting' }
  if (hasFields(answer.data) && !hasFields(ofAccount.data)) return itself
  const name = valueOf(ofAccount.data, 'Name')
  return { found: 'customer', record: ofAccount.data, object: 'Account', from: typeof name === 'string' ? name : '' }
}
