import type { z } from 'zod'

/** Of any issue, raw or inside a union's. */
type Issue = Readonly<Record<string, unknown>>

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object { … }',
  record: 'an object { … }',
  array: 'a list [ … ]',
  null: 'null',
}
const FORMATS: Readonly<Record<string, string>> = { url: 'an address as https://…', email: 'an e-mail address' }

/** What would have been accepted; null where only the schema's own words can tell. */
function expected(issue: Issue): string | null {
  switch (issue['code']) {
    case 'invalid_type':
      return TYPES[String(issue['expected'])] ?? null
    case 'invalid_value':
      return (issue['values'] as readonly unknown[]).map((value) => JSON.stringify(value)).join(' or ')
    case 'invalid_format':
      return FORMATS[String(issue['format'])] ?? null
    case 'too_small':
      return bound(issue, issue['minimum'], issue['inclusive'] === false ? 'greater than' : 'of at least', 'at least')
    case 'too_big':
      return bound(issue, issue['maximum'], issue['inclusive'] === false ? 'less than' : 'of at most', 'at most')
    case 'invalid_union': {
      const said = (issue['errors'] as readonly (readonly Issue[])[]).map(([first]) =>
        (first?.['path'] as readonly unknown[] | undefined)?.length === 0 ? expected(first!) : null,
      )
      return said.length === 0 || said.includes(null) ? null : [...new Set(said)].join(' or ')
    }
  }
  return null
}

function bound(issue: Issue, limit: unknown, ofNumber: string, ofCount: string): string {
  if (issue['origin'] === 'string')
    return limit === 1 && ofCount === 'at least' ? 'a text that is not empty' : `a text of ${ofCount} ${String(limit)} characters`
  if (issue['origin'] === 'array' || issue['origin'] === 'set') return `a list of ${ofCount} ${String(limit)}`
  return `a number ${ofNumber} ${String(limit)}`
}

const LONGEST = 60

function given(input: unknown, show: boolean): string {
  if (Array.isArray(input)) return 'a list'
  if (typeof input === 'object' && input !== null) return 'an object'
  if (typeof input === 'string') {
    if (!show) return input === '' ? 'an empty text' : 'this text'
    return JSON.stringify(input.length > LONGEST ? `${input.slice(0, LONGEST)}…` : input)
  }
  return show || input === null ? String(input) : `this ${typeof input === 'number' ? 'number' : 'value'}`
}

/**
 * The words for what a schema does not accept, where it has none of its own: what is expected, and what was given. Handed to
 * `safeParse` as its `error`. Without `show` what was given is told by its kind only: it may be a secret.
 */
export const wording =
  ({ show }: { readonly show: boolean }): z.core.$ZodErrorMap =>
  (issue) => {
    if (issue.code === 'unrecognized_keys') return `there is no ${issue.keys.map((key) => `"${key}"`).join(', ')}`
    const wanted = expected(issue)
    if (wanted === null) return undefined
    return issue.input === undefined ? `missing; expected ${wanted}` : `expected ${wanted}, not ${given(issue.input, show)}`
  }

/** One line of all that is wrong, each with its place; `whole` names what has no place inside. */
export const sayIssues = (
  error: { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] },
  whole: string,
): string => error.issues.map(({ path, message }) => `${path.join('.') || whole}: ${message}`).join('; ')
