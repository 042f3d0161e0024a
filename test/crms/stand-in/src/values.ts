/** Forms of values that more than one CRM has. */

/** A text, number or flag out of JSON as text; everything else is the empty text. */
export const plainText = (value: unknown, otherwise = ''): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : otherwise

/** The shortest decimal text that reads back as the same number, never in exponent form. */
export function numberText(value: number): string {
  const text = String(value)
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (match === null) return text
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match
  const digits = whole + fraction
  const point = whole.length + Number(exponentText)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return sign + digits.padEnd(point, '0')
}

/** `2026-08-21` in UTC. */
export const dateText = (at: number): string => new Date(at).toISOString().slice(0, 10)

export const isDate = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))

/** What is behind whole seconds is cut, not rounded. */
export const wholeSecond = (at: number): number => Math.floor(at / 1000) * 1000

/** All before the first space; null where there is none. */
export const firstName = (name: string): string | null => (name.includes(' ') ? name.slice(0, name.indexOf(' ')) : null)
export const lastName = (name: string): string => name.slice(name.indexOf(' ') + 1)

/** How much of a currency one unit of the home one is, with the six decimals that CRMs keep. */
export const conversionRate = (rate: number): number => Math.round((1 / rate) * 1e6) / 1e6
