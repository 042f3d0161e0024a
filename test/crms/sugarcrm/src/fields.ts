/** A field as a module's metadata tells it. */
export interface Field {
  readonly name: string
  readonly type: FieldType
  readonly label?: string
  readonly len?: number
  /** Digits after the point. Decimals without one have six. */
  readonly precision?: number
  /** The dropdown list that its keys come from. */
  readonly options?: string
  readonly required?: boolean
  /** What a client sends for it is ignored. */
  readonly readonly?: boolean
  readonly source?: 'non-db' | 'custom_fields'
  readonly audited?: boolean
  /** For a relate: which field holds the id, and the module it leads to. */
  readonly idName?: string
  readonly module?: string
  /** For a link. */
  readonly relationship?: string
  /** There only where opportunities are sums of revenue line items. */
  readonly edition?: 'enterprise'
  /** In that edition a client cannot set it. */
  readonly rolledUp?: boolean
}

export type FieldType =
  | 'id'
  | 'name'
  | 'varchar'
  | 'text'
  | 'url'
  | 'phone'
  | 'bool'
  | 'int'
  | 'decimal'
  | 'float'
  | 'currency'
  | 'date'
  | 'datetime'
  | 'datetimecombo'
  | 'enum'
  | 'multienum'
  | 'relate'
  | 'email'
  | 'link'
  | 'parent'
  | 'parent_type'

type Extra = Partial<Field>

export const text = (name: string, len = 255, extra: Extra = {}): Field => ({ name, type: 'varchar', len, ...extra })
export const long = (name: string): Field => ({ name, type: 'text' })
export const id = (name: string, extra: Extra = {}): Field => ({ name, type: 'id', len: 36, ...extra })
export const flag = (name: string, extra: Extra = {}): Field => ({ name, type: 'bool', ...extra })
export const whole = (name: string, extra: Extra = {}): Field => ({ name, type: 'int', len: 11, ...extra })
export const decimal = (name: string, len = 26, precision = 6, extra: Extra = {}): Field => ({
  name,
  type: 'decimal',
  len,
  precision,
  ...extra,
})
export const money = (name: string, extra: Extra = {}): Field => ({ name, type: 'currency', len: 26, precision: 6, ...extra })
export const date = (name: string, extra: Extra = {}): Field => ({ name, type: 'date', ...extra })
export const instant = (name: string, extra: Extra = {}): Field => ({ name, type: 'datetimecombo', ...extra })
export const pick = (name: string, options: string, extra: Extra = {}): Field => ({ name, type: 'enum', len: 100, options, ...extra })

/** The id of another record and, computed, its name: `account_id` and `account_name`. */
export const relate = (idName: string, name: string, module: string, extra: Extra = {}): readonly Field[] => [
  id(idName, extra),
  { name, type: 'relate', source: 'non-db', idName, module },
]

export const isInstant = (field: Field): boolean => field.type === 'datetime' || field.type === 'datetimecombo'
export const isNumber = (field: Field): boolean =>
  field.type === 'int' || field.type === 'decimal' || field.type === 'float' || field.type === 'currency'
