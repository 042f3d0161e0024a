// Made by `npm run build -w @assay/panel` from extension-ui/panel-model: change that.
/** The fields that a panel reads, by their plain names. A surface adds its CRM's prefix and suffix. */
export const PANEL_FIELDS = [
  'churn_risk',
  'churn_band',
  'churn_trend',
  'churn_signs',
  'churn_signs_restricted',
  'churn_history',
  'segment',
  'lifecycle_stage',
  'value_12m',
  'value_12m_low',
  'value_12m_high',
  'offer_1',
  'offer_1_code',
  'offer_1_why',
  'offer_1_response',
  'offer_2',
  'offer_2_code',
  'offer_2_why',
  'offer_2_response',
  'offer_3',
  'offer_3_code',
  'offer_3_why',
  'offer_3_response',
  'next_action',
  'score_note',
  'scored_at',
] as const
export type PanelFieldName = (typeof PANEL_FIELDS)[number]

/** `undefined`: the viewer may not read it (or there is no such field). `null` or blank: nothing stands in it. */
export type PanelFieldValue = string | number | null | undefined
export type PanelFields = { readonly [name in PanelFieldName]?: PanelFieldValue }

// What turns the order of letters around, or cannot be seen: no CRM text needs it, and it makes a sentence say something else.
// eslint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+/g

/** A field as text without controls; '' where it is empty or not readable. */
export function textOf(value: PanelFieldValue): string {
  if (value === undefined || value === null) return ''
  return String(value).replace(UNSEEN, ' ').replace(/ {2,}/g, ' ').trim()
}

/** "usual gap 21 days" as it begins a line. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** With a full stop where there is no mark at the end yet. */
export const stopped = (text: string): string => (text === '' || /[.!?…]$/.test(text) ? text : `${text}.`)

/** A field as number; null where it is empty, NaN where it holds something else. */
export function numberOf(value: PanelFieldValue): number | null {
  const text = textOf(value)
  if (text === '') return null
  return /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
}

const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[-+]\d{2}:?\d{2})?)?$/

/** A field as epoch ms: ISO text (without a zone: UTC) or epoch ms, as number or digits. Null where empty, NaN where neither. */
export function instantOf(value: PanelFieldValue): number | null {
  const text = textOf(value)
  if (text === '') return null
  if (/^\d{9,15}$/.test(text)) return Number(text)
  if (!ISO.test(text)) return Number.NaN
  // Salesforce writes +0000, which not every engine reads.
  const zoned = text.replace(/([-+]\d{2})(\d{2})$/, '$1:$2')
  return Date.parse(text.length > 10 && !/(Z|[-+]\d{2}:\d{2})$/.test(zoned) ? `${zoned}Z` : zoned)
}
