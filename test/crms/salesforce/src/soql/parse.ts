import { malformed, tokensOf, type Token } from './tokens.ts'

/** A literal as it stands in the query; what it means depends on the field it is compared with. */
export interface Literal {
  readonly kind: 'text' | 'number' | 'date' | 'instant' | 'boolean' | 'null' | 'relative'
  readonly text: string
  readonly at: number
}

export interface Path {
  readonly path: string
  readonly at: number
}

export const OPERATORS = ['=', '!=', '<', '<=', '>', '>=', 'LIKE', 'INCLUDES', 'EXCLUDES'] as const
export type Operator = (typeof OPERATORS)[number]

export type Condition =
  | { readonly kind: 'compare'; readonly field: Path; readonly operator: Operator; readonly value: Literal }
  | { readonly kind: 'in'; readonly field: Path; readonly not: boolean; readonly values: readonly Literal[] | Query }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }

export interface Aggregate {
  readonly name: 'COUNT' | 'COUNT_DISTINCT' | 'MIN' | 'MAX' | 'SUM' | 'AVG'
  /** null counts rows. */
  readonly field: Path | null
  readonly alias: string
}

export interface Query {
  readonly soql: string
  /** A field, or `FIELDS(ALL)` and the like. */
  readonly select: readonly Path[]
  readonly aggregates: readonly Aggregate[]
  /** `SELECT COUNT()`: only a number. */
  readonly isCount: boolean
  readonly from: Path
  readonly where: Condition | null
  readonly groupBy: readonly Path[]
  readonly orderBy: readonly { readonly field: Path; readonly descending: boolean; readonly nullsLast: boolean }[]
  readonly limit: number | null
  readonly offset: number
}

const AGGREGATES = new Set(['COUNT', 'COUNT_DISTINCT', 'MIN', 'MAX', 'SUM', 'AVG'])
const RELATIVE = /^(TODAY|YESTERDAY|TOMORROW|(LAST|THIS|NEXT)_[A-Z0-9_]+(:\d+)?)$/
/** What ends a list of fields. */
const CLAUSES = new Set(['WHERE', 'ORDER', 'GROUP', 'LIMIT', 'OFFSET', 'ALL', 'FOR', 'WITH', 'HAVING'])

/** The part of SOQL that a connector needs; refuses the rest as MALFORMED_QUERY. */
export function parseQuery(soql: string): Query {
  const tokens = tokensOf(soql)
  let position = 0
  const peek = (ahead = 0): Token => tokens[Math.min(position + ahead, tokens.length - 1)] ?? { kind: 'end', text: '', at: soql.length }
  const fail = (token: Token): Error =>
    malformed(soql, token.at, token.kind === 'end' ? 'unexpected end of query' : `unexpected token: '${token.text}'`)
  const isWord = (word: string, ahead = 0): boolean => peek(ahead).kind === 'word' && peek(ahead).text.toUpperCase() === word
  const isSymbol = (symbol: string, ahead = 0): boolean => peek(ahead).kind === 'symbol' && peek(ahead).text === symbol
  const take = (): Token => {
    const token = peek()
    position += 1
    return token
  }
  const takeWord = (word: string): void => {
    if (!isWord(word)) throw fail(peek())
    position += 1
  }
  const takeSymbol = (symbol: string): void => {
    if (!isSymbol(symbol)) throw fail(peek())
    position += 1
  }
  const takePath = (): Path => {
    const token = take()
    if (token.kind !== 'word') throw fail(token)
    return { path: token.text, at: token.at }
  }
  const takeNumber = (): number => {
    const token = take()
    if (token.kind !== 'literal' || !/^\d+$/.test(token.text)) throw fail(token)
    return Number(token.text)
  }

  const query = (): Query => {
    takeWord('SELECT')
    const select: Path[] = []
    const aggregates: Aggregate[] = []
    let isCount = false
    do {
      if (isSymbol(',')) take()
      const word = peek()
      const name = word.text.toUpperCase()
      if (word.kind === 'word' && isSymbol('(', 1) && AGGREGATES.has(name)) {
        position += 2
        const field = isSymbol(')') ? null : takePath()
        takeSymbol(')')
        const alias = peek().kind === 'word' && !isWord('FROM') ? take().text : `expr${aggregates.length}`
        if (field === null) isCount = true
        aggregates.push({ name: name as Aggregate['name'], field, alias })
      } else if (word.kind === 'word' && isSymbol('(', 1) && name === 'FIELDS') {
        position += 2
        const which = takePath()
        takeSymbol(')')
        select.push({ path: `FIELDS(${which.path.toUpperCase()})`, at: word.at })
      } else select.push(takePath())
    } while (isSymbol(','))
    if (isCount && (aggregates.length > 1 || select.length > 0)) throw fail(peek())
    takeWord('FROM')
    const from = takePath()
    if (peek().kind === 'word' && !CLAUSES.has(peek().text.toUpperCase())) take()
    let where: Condition | null = null
    if (isWord('WHERE')) {
      take()
      where = condition()
    }
    const groupBy: Path[] = []
    if (isWord('GROUP')) {
      take()
      takeWord('BY')
      do {
        if (isSymbol(',')) take()
        groupBy.push(takePath())
      } while (isSymbol(','))
    }
    return { soql, select, aggregates, isCount, from, where, groupBy, orderBy: order(), ...limits() }
  }

  const order = (): Query['orderBy'] => {
    const orderBy: { field: Path; descending: boolean; nullsLast: boolean }[] = []
    if (!isWord('ORDER')) return orderBy
    take()
    takeWord('BY')
    do {
      if (isSymbol(',')) take()
      const field = takePath()
      const descending = isWord('DESC')
      if (descending || isWord('ASC')) take()
      let nullsLast = false
      if (isWord('NULLS')) {
        take()
        nullsLast = isWord('LAST')
        take()
      }
      orderBy.push({ field, descending, nullsLast })
    } while (isSymbol(','))
    return orderBy
  }

  const limits = (): { limit: number | null; offset: number } => {
    let limit: number | null = null
    let offset = 0
    if (isWord('LIMIT')) {
      take()
      limit = takeNumber()
    }
    if (isWord('OFFSET')) {
      take()
      offset = takeNumber()
    }
    if (isWord('ALL') && isWord('ROWS', 1)) position += 2
    return { limit, offset }
  }

  const condition = (): Condition => {
    const parts = [single()]
    const word = isWord('OR') ? 'OR' : 'AND'
    while (isWord(word)) {
      take()
      parts.push(single())
    }
    // AND and OR do not mix without parentheses.
    if (isWord('AND') || isWord('OR')) throw fail(peek())
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: word === 'OR' ? 'or' : 'and', parts }
  }

  const single = (): Condition => {
    if (isWord('NOT')) {
      take()
      return { kind: 'not', part: single() }
    }
    if (isSymbol('(')) {
      take()
      const inside = condition()
      takeSymbol(')')
      return inside
    }
    const field = takePath()
    const not = isWord('NOT') && isWord('IN', 1)
    if (not) take()
    if (isWord('IN')) {
      take()
      return { kind: 'in', field, not, values: list() }
    }
    const token = take()
    const operator = token.text === '<>' ? '!=' : (token.text.toUpperCase() as Operator)
    if (!OPERATORS.includes(operator)) throw fail(token)
    if (operator === 'INCLUDES' || operator === 'EXCLUDES') {
      const values = list()
      if ('soql' in values) throw fail(token)
      return { kind: 'or', parts: values.map((value): Condition => ({ kind: 'compare', field, operator, value })) }
    }
    return { kind: 'compare', field, operator, value: literal() }
  }

  const list = (): readonly Literal[] | Query => {
    takeSymbol('(')
    if (isWord('SELECT')) {
      const inner = query()
      takeSymbol(')')
      return inner
    }
    const values: Literal[] = []
    do {
      if (isSymbol(',')) take()
      values.push(literal())
    } while (isSymbol(','))
    takeSymbol(')')
    return values
  }

  const literal = (): Literal => {
    const { kind, text, at } = take()
    if (kind === 'text') return { kind: 'text', text, at }
    if (kind === 'literal') {
      if (text.includes('T')) return { kind: 'instant', text, at }
      return { kind: /^\d{4}-\d\d-\d\d$/.test(text) ? 'date' : 'number', text, at }
    }
    const upper = text.toUpperCase()
    if (kind === 'word' && upper === 'NULL') return { kind: 'null', text, at }
    if (kind === 'word' && (upper === 'TRUE' || upper === 'FALSE')) return { kind: 'boolean', text: upper.toLowerCase(), at }
    if (kind === 'word' && RELATIVE.test(upper)) return { kind: 'relative', text: upper, at }
    throw fail({ kind, text, at })
  }

  const parsed = query()
  if (peek().kind !== 'end') throw fail(peek())
  return parsed
}
