import type { Row } from './values.ts'

/** The conditions that v4_1 takes, evaluated: comparisons of columns and texts, joined by and, or, not and brackets. */

type Token = { readonly kind: 'column' | 'text' | 'sign' | 'word'; readonly text: string }
type Condition = (row: Row) => boolean
type Operand = (row: Row) => string | null

/** What MySQL would refuse: answered with 500 and nothing. */
export class SqlError extends Error {}

const PATTERN = /\s+|'((?:[^'\\]|\\.|'')*)'|(<=|>=|<>|!=|=|<|>|\(|\)|,)|([A-Za-z_][\w]*\.[A-Za-z_]\w*)|([A-Za-z_]\w*|\d+)/y
const WORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'like', 'is', 'null'])

const tokensOf = (sql: string): Token[] => {
  const tokens: Token[] = []
  PATTERN.lastIndex = 0
  while (PATTERN.lastIndex < sql.length) {
    const found = PATTERN.exec(sql)
    if (found === null) throw new SqlError(`cannot read: ${sql}`)
    const [, text, sign, column, word] = found
    if (text !== undefined) tokens.push({ kind: 'text', text: text.replaceAll("''", "'").replaceAll(/\\(.)/g, '$1') })
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign })
    else if (column !== undefined) tokens.push({ kind: 'column', text: column })
    else if (word !== undefined)
      tokens.push({ kind: WORDS.has(word.toLowerCase()) ? 'word' : /^\d+$/.test(word) ? 'text' : 'column', text: word })
  }
  return tokens
}

const COMPARE: Readonly<Record<string, (left: string, right: string) => boolean>> = {
  '=': (left, right) => left.toLowerCase() === right.toLowerCase(),
  '<>': (left, right) => left.toLowerCase() !== right.toLowerCase(),
  '!=': (left, right) => left.toLowerCase() !== right.toLowerCase(),
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
}

/** A condition on rows of a table with these columns. Throws SqlError where MySQL would refuse it: a column that is not there, or without its table. */
export const conditionOf = (sql: string, table: string, hasColumn: (name: string) => boolean): Condition => {
  if (sql.trim() === '') return () => true
  const tokens = tokensOf(sql)
  let at = 0
  const isWord = (word: string): boolean => tokens[at]?.kind === 'word' && tokens[at]?.text.toLowerCase() === word
  const take = (): Token => {
    const token = tokens[at]
    if (token === undefined) throw new SqlError(`it ends too early: ${sql}`)
    at += 1
    return token
  }
  const expect = (text: string): void => {
    if (take().text.toLowerCase() !== text) throw new SqlError(`expected ${text}: ${sql}`)
  }
  const operand = (): Operand => {
    const token = take()
    if (token.kind === 'text') return () => token.text
    if (token.kind !== 'column') throw new SqlError(`expected a column or a text: ${sql}`)
    const [own, name = ''] = token.text.split('.')
    // Joins make a bare name ambiguous.
    if ((own !== table && own !== `${table}_cstm`) || !hasColumn(name)) throw new SqlError(`no column ${token.text}`)
    return (row) => row[name] ?? null
  }
  const comparison = (): Condition => {
    if (tokens[at]?.text === '(') {
      take()
      const inner = either()
      expect(')')
      return inner
    }
    if (isWord('not')) {
      take()
      const inner = comparison()
      return (row) => !inner(row)
    }
    const left = operand()
    if (isWord('in')) {
      take()
      expect('(')
      const values = new Set<string>()
      for (;;) {
        values.add(take().text.toLowerCase())
        if (take().text === ')') break
      }
      return (row) => values.has((left(row) ?? '\0').toLowerCase())
    }
    if (isWord('is')) {
      take()
      const isNot = isWord('not')
      if (isNot) take()
      expect('null')
      return (row) => (left(row) === null) !== isNot
    }
    if (isWord('like')) {
      take()
      const pattern = take()
        .text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
        .replaceAll('%', '.*')
      const meant = new RegExp(`^${pattern}$`, 'is')
      return (row) => meant.test(left(row) ?? '')
    }
    const compare = COMPARE[take().text]
    if (compare === undefined) throw new SqlError(`no such comparison: ${sql}`)
    const right = operand()
    return (row) => {
      const [one, other] = [left(row), right(row)]
      return one !== null && other !== null && compare(one, other)
    }
  }
  const both = (): Condition => {
    const parts = [comparison()]
    while (isWord('and')) {
      take()
      parts.push(comparison())
    }
    return (row) => parts.every((part) => part(row))
  }
  function either(): Condition {
    const parts = [both()]
    while (isWord('or')) {
      take()
      parts.push(both())
    }
    return (row) => parts.some((part) => part(row))
  }
  const whole = either()
  if (at !== tokens.length) throw new SqlError(`something is left over: ${sql}`)
  return whole
}
