import type { ScoreRow, WriteResult } from '@assay/shared'

export type Failure = 'rejected' | 'gone' | 'failed'

const GONE: ReadonlySet<string> = new Set(['ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY', 'MALFORMED_ID', 'NOT_FOUND'])
export const LOCKED = 'UNABLE_TO_LOCK_ROW'
/** What may go well the next time. */
const PASSING: ReadonlySet<string> = new Set([
  LOCKED,
  'SERVER_UNAVAILABLE',
  'REQUEST_RUNNING_TOO_LONG',
  'QUERY_TIMEOUT',
  'API_CURRENTLY_DISABLED',
  'UNKNOWN_EXCEPTION',
  'ALL_OR_NONE_OPERATION_ROLLED_BACK',
])

/** What Salesforce's word for a row's error means for that row. */
export const outcomeOf = (code: string): Failure => (GONE.has(code) ? 'gone' : PASSING.has(code) ? 'failed' : 'rejected')

/** The reason in words. A validation rule speaks in its admin's words, which name what is wrong better than any code. */
export const whyOf = (code: string, message: string, fields: readonly string[] = []): string => {
  const said = message.trim() === '' ? 'Salesforce gave no reason' : message.trim()
  const where = fields.length === 0 ? '' : ` (${fields.join(', ')})`
  if (code === 'FIELD_CUSTOM_VALIDATION_EXCEPTION') return `a validation rule refused it: ${said}${where}`
  if (code === 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY') return `a trigger or flow refused it: ${said}${where}`
  return code === '' || said.includes(code) ? `${said}${where}` : `${code}: ${said}${where}`
}

export const answerFor = ({ object, id }: ScoreRow, outcome: Failure, why: string): WriteResult => ({ object, id, outcome, why })
