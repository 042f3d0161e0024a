// @ts-check
import { errorPanel, textOf } from 'c/assayPanelModel'

/** Sections stand below the card's own heading. */
export const HEADING_LEVEL = 3

/** What this surface says of its own; everything about the customer comes from the panel model. */
const noted = (/** @type {string} */ title, /** @type {string} */ text) => ({
  ...errorPanel(title, text, HEADING_LEVEL),
  state: 'no-access',
  notice: { tone: 'info', title, text },
})

const CALLED = new Map([
  ['Contact', 'contact'],
  ['Opportunity', 'opportunity'],
])
const called = (/** @type {string | undefined} */ object) => CALLED.get(object ?? '') ?? 'record'

/** Whose scores these are, where they are not the record's own. */
export function scoresOf(/** @type {string | null | undefined} */ account) {
  return account === null || account === undefined ? '' : `Scores of the account ${textOf(account)}`.trim()
}

export const noAccount = (/** @type {string | undefined} */ object) =>
  noted(`This ${called(object)} has no account`, `Scores belong to accounts. Once the ${called(object)} has one, its scores stand here.`)

export const hiddenAccount = (/** @type {string | undefined} */ object) =>
  noted(
    'You cannot see the account',
    `The scores are those of the account of this ${called(object)}. Ask your admin for permission to see it.`,
  )

export const outOfReach = () => noted('You cannot see this record', 'It was deleted, or you may not open it.')

export const failed = (/** @type {string} */ text) =>
  errorPanel('The scores could not be loaded', text === '' ? 'Salesforce did not say why.' : `Salesforce says: ${text}`, HEADING_LEVEL)

/** The values are those of the field; what stands on the buttons says what pressing them does. */
export const ANSWERS = [
  { value: 'Accepted', label: 'Accept' },
  { value: 'Not now', label: 'Not now' },
  { value: 'Not relevant', label: 'Not relevant' },
]
export const yourAnswerTo = (/** @type {string} */ offer) => `Your answer to ${offer}`
export const SAVING = 'Saving …'
export const SAVED = 'Saved.'
export const TAKEN_BACK = 'Answer taken back.'
export const CHANGED_MEANWHILE = 'Not saved: this customer was changed while the page was open. Look again, then answer.'
export const notSaved = (/** @type {string} */ text) => (text === '' ? 'Not saved. Try again.' : `Not saved: ${text}`)
