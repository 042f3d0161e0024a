/** Just enough of PHP to read what packages are made of: assignments of constant values. Nothing is run. */
export type PhpValue = string | number | boolean | null | PhpArray
export interface PhpArray {
  readonly [key: string]: PhpValue
}

/** `$name['a'][] = value;` */
export interface Assignment {
  readonly variable: string
  /** null: the next free place (`[]`). */
  readonly path: readonly (string | null)[]
  readonly value: PhpValue
}

type Token = { readonly kind: 'variable' | 'word' | 'text' | 'number' | 'sign'; readonly text: string }

const PATTERNS: readonly (readonly [RegExp, Token['kind'] | null])[] = [
  [/\s+/y, null],
  [/\/\*[\s\S]*?\*\//y, null],
  [/(?:\/\/|#)[^\n]*/y, null],
  [/<\?php\b|\?>/y, null],
  [/\$[A-Za-z_]\w*/y, 'variable'],
  [/'(?:[^'\\]|\\[\s\S])*'/y, 'text'],
  [/"(?:[^"\\]|\\[\s\S])*"/y, 'text'],
  [/-?\d+(?:\.\d+)?/y, 'number'],
  [/\\?[A-Za-z_][\w\\]*/y, 'word'],
  [/=>|[=[\](),;.]/y, 'sign'],
]

function tokensOf(source: string): Token[] {
  const tokens: Token[] = []
  let position = 0
  scan: while (position < source.length) {
    for (const [pattern, kind] of PATTERNS) {
      pattern.lastIndex = position
      const found = pattern.exec(source)?.[0]
      if (found === undefined) continue
      position += found.length
      if (kind !== null) tokens.push({ kind, text: found })
      continue scan
    }
    throw new Error(`cannot read PHP at: ${source.slice(position, position + 40)}`)
  }
  return tokens
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

function textOf(literal: string): string {
  const inner = literal.slice(1, -1)
  if (literal.startsWith("'")) return inner.replace(/\\(['\\])/g, '$1')
  if (/(^|[^\\])\$[A-Za-z{]/.test(inner)) throw new Error(`a variable inside a text: ${literal.slice(0, 40)}`)
  return inner.replace(/\\(.)/g, (whole, letter: string) => ESCAPES[letter] ?? ('"\\$'.includes(letter) ? letter : whole))
}

/** All assignments of a file, in order. Throws where the file is anything else than assignments of constants. */
export function assignmentsOf(source: string): Assignment[] {
  const tokens = tokensOf(source)
  let position = 0
  const peek = (text: string): boolean => tokens[position]?.kind === 'sign' && tokens[position]?.text === text
  const take = (): Token => {
    const token = tokens[position]
    if (token === undefined) throw new Error('PHP ends in the middle')
    position += 1
    return token
  }
  const expect = (text: string): void => {
    const token = take()
    if (token.text !== text) throw new Error(`expected ${text}, found ${token.text}`)
  }

  const entries = (end: string): PhpArray => {
    const array: Record<string, PhpValue> = {}
    let next = 0
    while (!peek(end)) {
      const first = value()
      if (peek('=>')) {
        take()
        const key = scalarText(first)
        array[key] = value()
        if (/^\d+$/.test(key)) next = Math.max(next, Number(key) + 1)
      } else {
        array[String(next)] = first
        next += 1
      }
      if (!peek(end)) expect(',')
    }
    expect(end)
    return array
  }

  const single = (): PhpValue => {
    const token = take()
    if (token.kind === 'text') return textOf(token.text)
    if (token.kind === 'number') return Number(token.text)
    if (token.text === '[') return entries(']')
    const word = token.text.toLowerCase()
    if (word === 'array') {
      expect('(')
      return entries(')')
    }
    if (word === 'true' || word === 'false') return word === 'true'
    if (word === 'null') return null
    throw new Error(`not a constant: ${token.text}`)
  }
  function value(): PhpValue {
    let made = single()
    while (peek('.')) {
      take()
      made = scalarText(made) + scalarText(single())
    }
    return made
  }

  const found: Assignment[] = []
  while (position < tokens.length) {
    const variable = take()
    if (variable.kind !== 'variable') throw new Error(`not an assignment: ${variable.text}`)
    const path: (string | null)[] = []
    while (peek('[')) {
      take()
      path.push(peek(']') ? null : scalarText(value()))
      expect(']')
    }
    expect('=')
    found.push({ variable: variable.text.slice(1), path, value: value() })
    expect(';')
  }
  return found
}

/** What a variable holds at the end of a file. */
export function valueAfter(assignments: readonly Assignment[], variable: string): PhpValue {
  let made: PhpValue = null
  for (const each of assignments) if (each.variable === variable) made = placed(made, each.path, each.value)
  return made
}

function placed(into: PhpValue, path: readonly (string | null)[], value: PhpValue): PhpValue {
  if (path.length === 0) return value
  const [first, ...rest] = path
  const array: PhpArray = isArray(into) ? into : {}
  const key = first ?? String(Object.keys(array).length)
  return { ...array, [key]: placed(array[key] ?? null, rest, value) }
}

export const isArray = (value: PhpValue | undefined): value is PhpArray => typeof value === 'object' && value !== null
export const listOf = (value: PhpValue | undefined): PhpValue[] => (isArray(value) ? Object.values(value) : [])
export const memberOf = (value: PhpValue | undefined, name: string): PhpValue => (isArray(value) ? (value[name] ?? null) : null)

/** Anything but an array as text; of an array nothing. */
export const scalarText = (value: PhpValue | undefined): string =>
  value === null || value === undefined || isArray(value) ? '' : String(value)
