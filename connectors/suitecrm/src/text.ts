/** What SuiteCRM does to texts and instants, undone; pure. */

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const character = (entity: string): string => {
  const hex = /^#x([0-9a-f]{1,6})$/i.exec(entity)?.[1]
  const code = hex === undefined ? Number(entity.slice(1)) : Number.parseInt(hex, 16)
  return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : `&${entity};`
}

/** `A & B &lt;b&gt; &#039;s&#039;` → `A & B <b> 's'`: in one pass, so that a text that speaks of `&amp;lt;` keeps it as `&lt;`. */
export const decoded = (text: string): string =>
  text.replaceAll(/&(#\d{1,7}|#x[0-9a-f]{1,6}|amp|lt|gt|quot|apos);/gi, (_, entity: string) =>
    entity.startsWith('#') ? character(entity) : (NAMED[entity.toLowerCase()] ?? ''),
  )

const stored = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#039;')

/**
 * A text that SuiteCRM keeps whole in a column of `room` characters: a custom field is stored with its signs written out (`&` as `&amp;`),
 * what is longer is cut in silence, and what looks like the beginning of a tag vanishes. The sign for "less" before a letter becomes
 * a single guillemet; what does not fit ends in an ellipsis.
 */
export const kept = (text: string, room: number): string => {
  const safe = text.replaceAll(/<(?=[a-z/!?])/gi, '‹')
  if (stored(safe).length <= room) return safe
  const signs = Array.from(safe)
  while (signs.length > 0 && stored(`${signs.join('')}…`).length > room) signs.pop()
  return `${signs.join('').trimEnd()}…`
}

const DIGITS = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d))?/

/**
 * Epoch ms of a date (its midnight) or an instant. The digits are UTC whatever offset stands behind them: V8 writes the server's own,
 * to digits that it does not belong to. Null for what is neither.
 */
export const instantOf = (text: string): number | null => {
  const [, day, time = '00:00:00'] = DIGITS.exec(text) ?? []
  const at = day === undefined ? Number.NaN : Date.parse(`${day}T${time}Z`)
  return Number.isFinite(at) ? at : null
}

/** `2026-11-22 02:30:45`, the only form that SuiteCRM keeps: anything else it takes for nothing, and says 201. */
export const instantText = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ')
