import { refuse, type Refusal } from '../reply.ts'

export interface Token {
  readonly kind: 'word' | 'text' | 'literal' | 'symbol' | 'end'
  readonly text: string
  readonly at: number
}

const PATTERN =
  /\s*(?:('(?:[^'\\]|\\.)*')|(\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:?\d\d)|\d{4}-\d\d-\d\d(?![\dT])|[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*(?::\d+)?)|(!=|<>|<=|>=|[=<>(),]))/y

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

/** A query text as tokens; a 400 MALFORMED_QUERY where it is none. */
export function tokensOf(soql: string): Token[] {
  const tokens: Token[] = []
  PATTERN.lastIndex = 0
  const end = soql.trimEnd().length
  while (PATTERN.lastIndex < end) {
    const at = PATTERN.lastIndex
    const match = PATTERN.exec(soql)
    if (match === null) throw malformed(soql, at, `unexpected token: '${soql.slice(at).trim().slice(0, 1)}'`)
    const [, text, literal, word, symbol] = match
    if (text !== undefined) {
      const value = text.slice(1, -1).replace(/\\(.)/g, (_all, each: string) => ESCAPES[each] ?? each)
      tokens.push({ kind: 'text', text: value, at })
    } else if (literal !== undefined) tokens.push({ kind: 'literal', text: literal, at })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at })
    else tokens.push({ kind: 'symbol', text: symbol ?? '', at })
  }
  return [...tokens, { kind: 'end', text: '', at: end }]
}

/** The place in the query is drawn below it, as Salesforce does. */
function pointed(soql: string, at: number, message: string): string {
  const column = at + (/^\s*/.exec(soql.slice(at))?.[0].length ?? 0)
  return `\n${soql}\n${' '.repeat(column)}^\nERROR at Row:1:Column:${column + 1}\n${message}`
}

export const malformed = (soql: string, at: number, message: string): Refusal => refuse(400, 'MALFORMED_QUERY', pointed(soql, at, message))
export const invalidField = (soql: string, at: number, name: string, object: string): Refusal =>
  refuse(
    400,
    'INVALID_FIELD',
    pointed(
      soql,
      at,
      `No such column '${name}' on entity '${object}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`,
    ),
  )
