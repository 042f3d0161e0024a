import { AssayError } from '@assay/shared'
import { instantText } from './instant.ts'
import type { Params } from './store.ts'

const PLACEHOLDER = /\{\s*([A-Za-z_]\w*)\s*:\s*([A-Za-z]\w*)/g

/**
 * The values that the `{name:Type}` placeholders of this text ask for; epoch ms become DateTime64 text where the type says so.
 * Throws (`config`) on an instant that ClickHouse cannot hold. Values that no placeholder asks for are left out, and a
 * placeholder without a value stays (the text of a parameterised view has those).
 */
export function boundParams(sql: string, params: Params): Readonly<Record<string, string | number | boolean | readonly string[]>> {
  const bound: Record<string, string | number | boolean | readonly string[]> = {}
  for (const [, name, type] of sql.matchAll(PLACEHOLDER)) {
    if (name === undefined || type === undefined) continue
    const value = params[name]
    if (value === undefined) continue
    bound[name] = type === 'DateTime64' && typeof value === 'number' ? instantOf(name, value) : value
  }
  return bound
}

function instantOf(name: string, value: number): string {
  const text = instantText(value)
  if (text === null) throw new AssayError('config', `"${name}" is ${value}: no instant between the years 1900 and 2299`)
  return text
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}
const escaped = (text: string): string => text.replace(/[\\'\0\b\f\n\r\t]/g, (character) => ESCAPES[character] ?? character)

/** A ClickHouse string literal. */
export const literal = (text: string): string => `'${escaped(text)}'`

/** A ClickHouse identifier, quoted. */
export const identifier = (name: string): string => `\`${name.replace(/[\\`]/g, (character) => `\\${character}`)}\``

/** `SET param_…` for one session: values never enter the text of the query. A text is read as TSV, so it is escaped once more. */
export function setParams(bound: ReturnType<typeof boundParams>): string | null {
  const parts = Object.entries(bound).map(([name, value]) => `param_${name} = ${literal(paramText(value))}`)
  return parts.length === 0 ? null : `SET ${parts.join(', ')}`
}

function paramText(value: string | number | boolean | readonly string[]): string {
  if (typeof value === 'string') return value.replace(/[\\\0\b\f\n\r\t]/g, (character) => ESCAPES[character] ?? character)
  if (typeof value === 'object') return `[${value.map(literal).join(',')}]`
  return String(value)
}
