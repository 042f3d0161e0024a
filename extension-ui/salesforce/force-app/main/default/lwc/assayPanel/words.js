// @ts-check

/** Sections stand below the card's own heading. */
export const HEADING_LEVEL = 3

const CALLED = new Map([
  ['Contact', 'contact'],
  ['Opportunity', 'opportunity'],
])
/** What people call a record of this object. */
export const called = (/** @type {string | undefined} */ object) => CALLED.get(object ?? '') ?? 'record'
/** Whose scores are shown where a record has none of its own. */
export const CUSTOMER = 'account'
export const CRM = 'Salesforce'
