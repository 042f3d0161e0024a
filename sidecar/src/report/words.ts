/** Numbers as people read them. */
export const count = (value: number): string => Math.round(value).toLocaleString('en')
export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`
export const figure = (value: number): string => {
  const size = Math.abs(value)
  if (size >= 1000 || Number.isInteger(value)) return count(value)
  return size >= 10 ? value.toFixed(1) : value.toFixed(3)
}

/** A value of a report, whatever it is. */
export function anything(value: unknown): string {
  if (value === null || value === undefined) return 'none'
  if (typeof value === 'number') return Number.isInteger(value) ? count(value) : figure(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return value
  if (typeof value === 'object' && 'value' in value && 'low' in value && 'high' in value)
    return `${anything(value.value)} (${anything(value.low)} to ${anything(value.high)})`
  return JSON.stringify(value)
}
