import type { ScoreField, ScoreObject } from '@assay/shared'
import { SCORED } from '../objects.ts'

const PREFIX = 'Assay_'
const SUFFIX = '__c'

/** `churn_risk` as Salesforce calls it: `Assay_churn_risk__c`. The contract with every page, list view and report out there. */
export const apiName = (name: string): string => PREFIX + name + SUFFIX

/** `Assay_churn_risk__c` as everybody else calls it: `churn_risk`; null for a field that is not named like one of ours. */
export const plainName = (api: string): string | null =>
  api.startsWith(PREFIX) && api.endsWith(SUFFIX) ? api.slice(PREFIX.length, -SUFFIX.length) : null

/** One field on one object of Salesforce. */
export interface Located {
  readonly object: string
  readonly name: string
  readonly field: ScoreField
}

/** `Account.Assay_churn_risk__c`, as metadata names it. */
export const fullName = ({ object, name }: { readonly object: string; readonly name: string }): string => `${object}.${name}`

/** Where the fields go: those of the customer on the object that is the customer, those of deals on Opportunity. */
export const located = (fields: readonly ScoreField[], customer: ScoreObject): Located[] =>
  fields.map((field) => ({ object: SCORED[field.on === 'customer' ? customer : 'deal'], name: apiName(field.name), field }))
