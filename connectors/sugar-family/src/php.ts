/** What a generated PHP file can hold: SugarCRM and what descends from it take packages of such files. Objects become arrays with keys. */
export type PhpValue = string | number | boolean | null | readonly PhpValue[] | { readonly [key: string]: PhpValue }

/**
 * A text as a literal in single quotes, in which PHP replaces nothing: only the backslash and the quote itself have a meaning
 * there, so that no text, whatever stands in it, can end the literal.
 */
export const phpText = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

const entry = (key: string | null, value: PhpValue, indent: string): string =>
  `${indent}  ${key === null ? '' : `${phpText(key)} => `}${phpValue(value, `${indent}  `)},\n`

/** A value as a PHP expression. */
export const phpValue = (value: PhpValue, indent = ''): string => {
  if (value === null) return 'null'
  if (typeof value === 'string') return phpText(value)
  if (typeof value !== 'object') return String(value)
  const entries = Array.isArray(value)
    ? (value as readonly PhpValue[]).map((each) => entry(null, each, indent))
    : Object.entries(value as { readonly [key: string]: PhpValue }).map(([key, each]) => entry(key, each, indent))
  return entries.length === 0 ? 'array()' : `array(\n${entries.join('')}${indent})`
}

/** A PHP file of these statements. */
export const phpFile = (statements: readonly string[]): string => `<?php\n${statements.map((each) => `${each};\n`).join('')}`
