/** HubSpot holds every property value as text; these are the two forms that must survive the way there and back exactly. */

export { numberText } from '@assay/stand-in'

/** ISO 8601 in UTC with milliseconds. */
export function instantText(epochMs: number): string {
  return new Date(epochMs).toISOString()
}

/** Epoch ms of an ISO text or a text of digits (epoch ms already); NaN when it is neither. */
export function instantOf(text: string): number {
  return /^-?\d+$/.test(text) ? Number(text) : Date.parse(text)
}

/** A property name made of a column's title: `Cancellation reason` → `cancellation_reason`. */
export function propertyName(title: string): string {
  const name = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return /^[a-z]/.test(name) ? name : `p_${name}`
}

/** Decimal ids of any length, ascending by number. */
export function compareIds(left: string, right: string): number {
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0)
}
