import { ASSAY_PREFIX, OFFER_FIELDS, PUBLISHED_FIELDS, type ScoreField, type ScoreObject } from '@assay/shared'

/** What carries scores, in the CRM's words. */
export const SCORED: Readonly<Record<ScoreObject, string>> = { account: 'Accounts', contact: 'Contacts', deal: 'Opportunities' }

/** Ends the name of every field that is not the CRM's own. */
const CUSTOM = '_c'

/** `churn_risk` → `assay_churn_risk_c` */
export const fieldName = (name: string): string => ASSAY_PREFIX + name + CUSTOM

/** `assay_churn_risk_c` → `churn_risk`; null for a field that does not carry Assay's prefix. */
export const plainName = (name: string): string | null =>
  name.startsWith(ASSAY_PREFIX) && name.endsWith(CUSTOM) ? name.slice(ASSAY_PREFIX.length, -CUSTOM.length) : null

/** By the CRM's name of a field that people answer in, our name. */
export const ANSWERS: ReadonlyMap<string, string> = new Map(
  OFFER_FIELDS.filter((field) => field.setByPeople).map((field) => [fieldName(field.name), ASSAY_PREFIX + field.name]),
)

/** A score field in its place. */
export interface Located {
  readonly module: string
  readonly name: string
  readonly field: ScoreField
}

export const located = (fields: readonly ScoreField[], customer: 'account' | 'contact'): Located[] =>
  fields.map((field) => ({ module: SCORED[field.on === 'customer' ? customer : 'deal'], name: fieldName(field.name), field }))

/** Everything that the package brings, whichever of the two carries the customer's scores. */
export const packaged = (): Located[] => {
  const all = new Map<string, Located>()
  for (const customer of ['account', 'contact'] as const)
    for (const at of located(PUBLISHED_FIELDS, customer)) all.set(`${at.module} ${at.name}`, at)
  return [...all.values()]
}

export const labelOf = ({ name }: ScoreField): string => `LBL_ASSAY_${name.toUpperCase()}`
/** The name of a field's dropdown list; fields of one name share it. */
export const listOf = ({ name }: ScoreField): string => `${ASSAY_PREFIX}${name}_list`
