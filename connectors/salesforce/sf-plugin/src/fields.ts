import { CHURN_FIELDS, COMMON_FIELDS, OFFER_FIELDS, PUBLISHED_FIELDS, SEGMENT_FIELDS, type Receipt, type ScoreField } from '@assay/shared'
import { located, PERMISSION_SETS } from '../../src/metadata/index.ts'

/** Fields that a miner fills today. */
export const INSTALLED_FIELDS: readonly ScoreField[] = [...CHURN_FIELDS, ...SEGMENT_FIELDS, ...OFFER_FIELDS, ...COMMON_FIELDS]

const ANSWERS = 'answers'
const ALL = 'all'

/** What `--keep` may say besides names of fields. */
export const KEEP_WORDS: readonly string[] = [ANSWERS, ALL, ...PUBLISHED_FIELDS.map(({ name }) => name)]

export const isKept = (field: ScoreField, keep: readonly string[]): boolean =>
  keep.includes(ALL) || keep.includes(field.name) || (keep.includes(ANSWERS) && (field.setByPeople ?? false))

/** The receipt without what stays; where there is none and something stays, one of everything there may be. */
export function without(receipt: Receipt | null, keep: readonly string[]): Receipt | null {
  if (keep.length === 0) return receipt
  const everywhere = [...located(PUBLISHED_FIELDS, 'account'), ...located(PUBLISHED_FIELDS, 'contact')]
  const made: Receipt['made'] = receipt?.made ?? [
    ...everywhere.map(({ object, name }) => ({ type: 'field' as const, object, name })),
    ...PERMISSION_SETS.map((name) => ({ type: 'permission' as const, object: 'PermissionSet', name })),
  ]
  const kept = new Set(everywhere.filter(({ field }) => isKept(field, keep)).map(({ object, name }) => `${object}.${name}`))
  return {
    connector: 'salesforce',
    madeAt: receipt?.madeAt ?? 0,
    made: made.filter((one) => one.type !== 'field' || !kept.has(`${one.object}.${one.name}`)),
  }
}

/** Whether answers of people would go with what is taken away. */
export const answersGo = (keep: readonly string[]): boolean => PUBLISHED_FIELDS.some((field) => field.setByPeople && !isKept(field, keep))
