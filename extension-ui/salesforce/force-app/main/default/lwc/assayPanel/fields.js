// @ts-check
import { PANEL_FIELDS } from 'c/assayPanelModel'

/** @typedef {{ readonly id: string, readonly fields: Readonly<Record<string, { readonly value: unknown } | undefined>> }} Shown a record as getRecord gives it */

export const OFFER_RANKS = [1, 2, 3]

/** `churn_risk` as Salesforce calls it: the name that the connector gives the field. */
const apiName = (/** @type {string} */ name) => `Assay_${name}__c`

/** The fields that hold a person's answer to an offer. */
export const answerField = (/** @type {number} */ rank) => apiName(`offer_${rank}_response`)
export const answerDayField = (/** @type {number} */ rank) => apiName(`offer_${rank}_response_at`)

const OWN = [...PANEL_FIELDS.map(apiName), ...OFFER_RANKS.map(answerDayField), 'LastModifiedDate', 'Name']
const qualified = (/** @type {string} */ object) => OWN.map((name) => `${object}.${name}`)

/**
 * What to ask getRecord for, by object. All of it is optional: a field that the viewer may not read, or that is not
 * there, is left out of the answer and takes nothing else with it. An opportunity never has scores of a customer.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const RECORD_FIELDS = {
  Account: qualified('Account'),
  Contact: [...qualified('Contact'), 'Contact.AccountId'],
  Opportunity: ['Opportunity.AccountId'],
}

/**
 * A field's value: `undefined` where the viewer may not read it, `null` where it is empty.
 * @param {Shown} record
 * @param {string} name
 */
export const valueOf = (record, name) => record.fields[name]?.value

/**
 * The values by their plain names, as a panel wants them.
 * @param {Shown} record
 */
export const panelFields = (record) => Object.fromEntries(PANEL_FIELDS.map((name) => [name, valueOf(record, apiName(name))]))

/**
 * Whether anything stands in them: a contact has scores of its own where contacts are the customers.
 * @param {Shown} record
 */
export const hasScores = (record) => Object.values(panelFields(record)).some((value) => value !== undefined && value !== null)

/**
 * Whether this kind of record has such fields at all, as far as the viewer may see.
 * @param {Shown} record
 */
export const hasFields = (record) => Object.values(panelFields(record)).some((value) => value !== undefined)
