import type { ScoreField, ScoreValue } from '@assay/shared'
import { TEXT_COLUMN } from '@assay/sugar-family'
import { decoded, instantOf, instantText, kept } from './text.ts'

/** What is sent for a value. Numbers as numbers: a text would be read by the user's own signs for decimals and thousands. */
export const sentFor = (field: ScoreField | undefined, value: ScoreValue): string | number => {
  // An empty text clears a field of any type; null leaves it as it is.
  if (value === null) return ''
  if (field?.type === 'number' || field?.type === 'currency') {
    const number = Number(value)
    return Number.isFinite(number) ? number : String(value)
  }
  if (field?.type === 'datetime') {
    const at = Date.parse(String(value))
    return Number.isFinite(at) ? instantText(at) : String(value)
  }
  return field?.type === 'text' ? kept(String(value), TEXT_COLUMN) : String(value)
}

/** Two decimals are kept. */
const HALF_A_CENT = 0.005 + 1e-9

const isSame = (field: ScoreField | undefined, sent: string | number, said: string): boolean => {
  if (sent === '') return said === ''
  if (typeof sent === 'number') return said !== '' && Math.abs(Number(said) - sent) <= HALF_A_CENT
  if (field?.type === 'datetime' || field?.type === 'date') return said !== '' && instantOf(said) === instantOf(sent)
  return said === sent
}

/**
 * Whether the value stands there now as it was sent; null when it does, else what stands there in its place. SuiteCRM answers 201 and
 * keeps something else: a text cut, a word made zero, a date made nothing.
 */
export const damaged = (field: ScoreField | undefined, sent: string | number, found: unknown): string | null => {
  const said = typeof found === 'string' ? decoded(found) : found === null || found === undefined ? '' : JSON.stringify(found)
  return isSame(field, sent, said) ? null : said
}
