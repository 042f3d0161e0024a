import type { FieldPlan, Receipt, Removal, ScoreField } from '@assay/shared'
import { unable } from './unable.ts'

/** What would be created, kept, and what is in the way. */
export const plan = (fields: readonly ScoreField[]): Promise<FieldPlan> => Promise.reject(unable(`plan ${fields.length} fields`))
/** Creates what is missing and touches nothing else. */
export const ensureFields = (fields: readonly ScoreField[]): Promise<Receipt> => Promise.reject(unable(`make ${fields.length} fields`))
/** Takes back what the receipt names. */
export const removeFields = (receipt: Receipt | null): Promise<Removal> =>
  Promise.reject(unable(`remove ${receipt?.made.length ?? 'all'} fields`))
