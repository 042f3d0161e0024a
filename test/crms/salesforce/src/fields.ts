/** The kinds of fields, in the words of a describe. */
export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'picklist'
  | 'multipicklist'
  | 'reference'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'email'
  | 'phone'
  | 'url'
  | 'anyType'

/** A feature of the org that a field or object comes with. */
export type Feature = 'multiCurrency' | 'personAccounts'

export interface Field {
  readonly name: string
  readonly label: string
  readonly type: FieldType
  readonly length?: number
  readonly precision?: number
  readonly scale?: number
  readonly referenceTo?: readonly string[]
  readonly relationship?: string
  readonly values?: readonly string[]
  /** A picklist that takes no other value. */
  readonly restricted?: boolean
  /** Refused when a record is made without it. */
  readonly required?: boolean
  /** Worked out by Salesforce, or fixed when the record is made. */
  readonly readOnly?: boolean | 'after creation'
  readonly nameField?: boolean
  readonly custom?: boolean
  readonly externalId?: boolean
  readonly unique?: boolean
  readonly helpText?: string
  readonly description?: string
  readonly defaultValue?: string | number | boolean
  /** What a Metadata deployment called its type. */
  readonly metadataType?: string
  readonly visibleLines?: number
  /** Who sees it: everybody by profile, or only whom a permission set grants it. */
  readonly granted?: 'profile' | 'permissionSets'
  readonly feature?: Feature
}

type Extra = Partial<Omit<Field, 'name' | 'type'>>

/** `BillingCountry` → `Billing Country`. */
export const labelOf = (name: string): string =>
  name
    .replace(/__c$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/_/g, ' ')
    .replace(/ Id$/, ' ID')

const field = (type: FieldType, name: string, extra: Extra): Field => ({ name, type, label: labelOf(name), ...extra })

export const text = (name: string, length = 255, extra: Extra = {}): Field => field('string', name, { length, ...extra })
export const longText = (name: string, length = 32_000): Field => field('textarea', name, { length })
export const picklist = (name: string, values: readonly string[] = [], extra: Extra = {}): Field =>
  field('picklist', name, { length: 255, values, ...extra })
export const flag = (name: string, extra: Extra = {}): Field => field('boolean', name, { defaultValue: false, ...extra })
export const whole = (name: string, extra: Extra = {}): Field => field('int', name, { precision: 8, ...extra })
export const number = (name: string, precision = 18, scale = 2, extra: Extra = {}): Field =>
  field('double', name, { precision, scale, ...extra })
export const money = (name: string, extra: Extra = {}): Field => field('currency', name, { precision: 18, scale: 2, ...extra })
export const percent = (name: string, extra: Extra = {}): Field => field('percent', name, { precision: 3, scale: 0, ...extra })
export const day = (name: string, extra: Extra = {}): Field => field('date', name, extra)
export const instant = (name: string, extra: Extra = {}): Field => field('datetime', name, extra)
export const email = (name: string, extra: Extra = {}): Field => field('email', name, { length: 80, ...extra })
export const phone = (name: string): Field => field('phone', name, { length: 40 })
export const url = (name: string): Field => field('url', name, { length: 255 })
export const any = (name: string): Field => field('anyType', name, { length: 255, readOnly: true })

/** `AccountId` → `Account`; `What` and `Who` lead to several objects. */
export const reference = (name: string, referenceTo: string | readonly string[], extra: Extra = {}): Field =>
  field('reference', name, {
    length: 18,
    referenceTo: typeof referenceTo === 'string' ? [referenceTo] : referenceTo,
    relationship: name.replace(/Id$/, ''),
    ...extra,
  })

export const currencyCode = picklist('CurrencyIsoCode', [], {
  label: 'Currency ISO Code',
  length: 3,
  restricted: true,
  feature: 'multiCurrency',
})
