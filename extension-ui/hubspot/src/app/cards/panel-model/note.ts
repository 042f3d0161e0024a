// Made by `npm run build -w @assay/panel` from extension-ui/panel-model: change that.
import { capital, type PanelFieldValue, stopped, textOf } from './fields.ts'

/** What the score note says, taken apart. */
export interface Note {
  /** What the number is the chance of ("Chance of no order within 90 days"), or ''. */
  readonly meaning: string
  /** The other sentences about the model. */
  readonly about: string
  /** Known things, where there is no score. */
  readonly facts: readonly string[]
  /** Why there is no score, or ''. */
  readonly why: string
}

const NO_SCORE = 'No churn score:'

/** "Chance of <event>. <about>" with a score; "<fact>; <fact>. No churn score: <why>" without one. Anything else is `about`. */
export function noteOf(value: PanelFieldValue, scored: boolean): Note {
  const text = textOf(value)
  const at = text.indexOf(NO_SCORE)
  if (at >= 0) {
    const known = text.slice(0, at).replace(/\.\s*$/, '')
    return { meaning: '', about: '', facts: factsOf(known), why: stopped(capital(text.slice(at + NO_SCORE.length).trim())) }
  }
  // Long facts push the reason over the end of the field.
  if (!scored && text.endsWith('…')) return { meaning: '', about: '', facts: factsOf(text), why: '' }
  if (!text.startsWith('Chance of ')) return { meaning: '', about: text, facts: [], why: '' }
  const end = text.indexOf('. ')
  if (end < 0) return { meaning: text.replace(/\.$/, ''), about: '', facts: [], why: '' }
  return { meaning: text.slice(0, end), about: text.slice(end + 2), facts: [], why: '' }
}

const factsOf = (text: string): readonly string[] =>
  text
    .split('; ')
    .map((fact) => fact.trim())
    .filter((fact) => fact !== '' && fact !== '…')
    .map(capital)
