import { PANEL_FIELDS, type PanelFields, type PanelFieldValue } from '../../panel-model/src/index.ts'
import type { Bean } from './sidecar.ts'

/** `churn_risk` as Sugar calls it: the name that the connector's package gives the field. */
const fieldName = (name: string): string => `assay_${name}_c`

/** The fields that hold a person's answer to an offer, and its day. */
export const answerField = (rank: string): string => fieldName(`offer_${rank}_response`)
export const answerDayField = (rank: string): string => fieldName(`offer_${rank}_response_at`)

/** What to ask Sugar for: the page's own record holds only what its layout shows. */
export const OWN_FIELDS: readonly string[] = [
  'name',
  'date_modified',
  ...PANEL_FIELDS.map(fieldName),
  ...['1', '2', '3'].map(answerDayField),
]
export const ACCOUNT_FIELDS: readonly string[] = ['account_id', 'account_name']

/** Backbone's own `has` takes an empty field for a missing one. */
export const isThere = (bean: Bean, name: string): boolean => Object.prototype.hasOwnProperty.call(bean.attributes, name)

/** Whether Sugar says that this right to a field is denied. */
export function isDenied(bean: Bean, name: string, right: 'read' | 'write'): boolean {
  const rights = bean.attributes['_acl'] as
    | { readonly fields?: Readonly<Record<string, Readonly<Record<string, string>> | undefined>> }
    | undefined
  return rights?.fields?.[name]?.[right] === 'no'
}

const valueOf = (bean: Bean, name: string): PanelFieldValue => {
  if (!isThere(bean, name) || isDenied(bean, name, 'read')) return undefined
  const value = bean.attributes[name]
  return typeof value === 'string' || typeof value === 'number' ? value : null
}

/** The values by their plain names: `undefined` where the viewer may not read a field, `null` where it is empty. */
export const panelFields = (bean: Bean): PanelFields =>
  Object.fromEntries(PANEL_FIELDS.map((name) => [name, valueOf(bean, fieldName(name))]))

/** Whether anything stands in them: a contact has scores of its own where contacts are the customers. */
export const hasScores = (bean: Bean): boolean =>
  Object.values(panelFields(bean)).some((value) => value !== undefined && value !== null && value !== '')
/** Whether this kind of record has such fields at all, as far as the viewer may see. */
export const hasFields = (bean: Bean): boolean => Object.values(panelFields(bean)).some((value) => value !== undefined)
