import { ASSAY_PREFIX, CHURN_FIELDS, COMMON_FIELDS, OFFER_FIELDS, SEGMENT_FIELDS, type ScoreField, VALUE_FIELDS } from '@assay/shared'
import { plainName } from './sections.ts'

const FIELDS: readonly ScoreField[] = [...CHURN_FIELDS, ...SEGMENT_FIELDS, ...OFFER_FIELDS, ...VALUE_FIELDS, ...COMMON_FIELDS]
const BY_LABEL = new Map(FIELDS.map((field) => [plainName(field.label), field]))
const BY_NAME = new Map(FIELDS.map((field) => [plainName(field.name), field]))

/** Labels that nobody but Assay has side by side: where both are there, an export carries labels instead of names. */
const TELLTALES = ['scorenote', 'scoredat']

/**
 * Assay's own field behind a header of an export: `Assay_Churn_Risk__c`, `assay_churn_risk`, or, in a table that shows Assay's
 * labels, "Churn risk". `name` is set for the fields that people fill in, the only ones that are read; undefined: not ours.
 */
export function ownField(header: string, all: readonly string[]): { readonly name: string | null } | undefined {
  if (/^assay[ _]/i.test(header)) {
    const field = BY_NAME.get(plainName(header.slice(ASSAY_PREFIX.length).replace(/_{1,2}c$/i, '')))
    return { name: field?.setByPeople === true ? `${ASSAY_PREFIX}${field.name}` : null }
  }
  const field = BY_LABEL.get(plainName(header))
  if (field === undefined) return undefined
  const labels = new Set(all.map(plainName))
  if (!TELLTALES.every((label) => labels.has(label))) return undefined
  return { name: field.setByPeople === true ? `${ASSAY_PREFIX}${field.name}` : null }
}
