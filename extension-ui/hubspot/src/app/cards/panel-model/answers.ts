// Made by `npm run build -w @assay/panel` from extension-ui/panel-model: change that.
import { textOf } from './fields.ts'
import type { Offer } from './view.ts'

/** The values are those of the CRM's field; the labels say what pressing does. */
export const ANSWERS = [
  { value: 'Accepted', label: 'Accept' },
  { value: 'Not now', label: 'Not now' },
  { value: 'Not relevant', label: 'Not relevant' },
] as const

/**
 * Where an answer that somebody pressed stands. `saving` and `saved` show what was pressed, `refused` and `kept` what stands
 * in the field: an answer that was not kept is never shown as if it were.
 */
export interface Answering {
  readonly phase: 'saving' | 'saved' | 'kept' | 'refused'
  /** Null takes an answer back. */
  readonly value: string | null
  /** Why it was refused, or what is to be said beside it; or ''. */
  readonly text: string
}

/** The answer to one offer, ready to print. */
export interface AnswerView {
  /** Names the group of buttons. */
  readonly label: string
  readonly choices: readonly { readonly value: string; readonly label: string; readonly pressed: boolean }[]
  /** Stands there all the time: only what changes in it is spoken. */
  readonly status: string
  /** Why an answer was not kept, or ''; an alert. */
  readonly refused: string
}

const SAVING = 'Saving …'
const SAVED = 'Saved.'
const TAKEN_BACK = 'Answer taken back.'

/** What stands beside an offer that can be answered. `offer` is of a view of the fields as they are to be shown, pressed answers included. */
export function answersTo(offer: Offer, now: Answering | undefined): AnswerView {
  return {
    label: `Your answer to ${offer.name}`,
    choices: ANSWERS.map((choice) => ({ ...choice, pressed: choice.value === offer.answer })),
    status: statusOf(offer.response, now),
    refused: now?.phase === 'refused' ? now.text : '',
  }
}

function statusOf(response: string, now: Answering | undefined): string {
  if (now?.phase === 'saving') return SAVING
  if (now?.phase !== 'saved' && now?.phase !== 'kept') return response
  return `${response === '' ? TAKEN_BACK : `${response}. ${SAVED}`}${now.text === '' ? '' : ` ${now.text}`}`
}

/** The answer that pressing this button gives: pressed once more, it is taken back. */
export const pressed = (offer: Pick<Offer, 'answer'>, value: string): string | null => (offer.answer === value ? null : value)

/** What is said of an answer that belongs to an offer which is not there any more. */
export const CHANGED_MEANWHILE = 'Not saved: this customer was changed while the page was open. Look again, then answer.'
export const notSaved = (why: string): string => (textOf(why) === '' ? 'Not saved. Try again.' : `Not saved: ${textOf(why)}`)
