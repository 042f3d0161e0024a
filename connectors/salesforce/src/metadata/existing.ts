import { AssayError } from '@assay/shared'
import type { ScoreField } from '@assay/shared'
import { get, query, quoted, type Org } from './org.ts'
import { SCORED } from '../objects.ts'
import { fullName, plainName } from './names.ts'

/** A custom field of the org that is named like one of ours. */
export interface ExistingField {
  readonly id: string
  readonly object: string
  readonly name: string
}

/** What a field is, in our words for types where we have one. */
export interface FieldShape {
  readonly type: ScoreField['type'] | null
  /** Salesforce's own word. */
  readonly called: string
  readonly length: number | null
  /** Digits before the point. */
  readonly digits: number | null
  readonly options: readonly string[] | null
}

/** What custom fields there are is told to whoever may look into Setup; others get this. */
export const mayNotLook = (error: unknown): boolean => error instanceof AssayError && (error.kind === 'config' || error.kind === 'rejected')

const HOMES: ReadonlySet<string> = new Set(Object.values(SCORED))

/**
 * Every custom field on the objects of scores that carries our prefix, also those that this sign-in may not see: a field
 * made through the API is hidden from everybody, its maker included, until a permission set shows it.
 */
export async function existingFields(org: Org): Promise<ExistingField[]> {
  const rows = await query(
    org,
    'tooling',
    "SELECT Id, DeveloperName, NamespacePrefix, TableEnumOrId FROM CustomField WHERE DeveloperName LIKE 'Assay%'",
  )
  return rows
    .filter((row) => (row['NamespacePrefix'] ?? null) === null && HOMES.has(String(row['TableEnumOrId'])))
    .map((row) => ({ id: String(row['Id']), object: String(row['TableEnumOrId']), name: `${String(row['DeveloperName'])}__c` }))
    .filter(({ name }) => plainName(name) !== null)
}

interface Described {
  readonly name: string
  readonly type: string
  readonly length?: number
  readonly precision?: number
  readonly scale?: number
  readonly picklistValues?: readonly { readonly active: boolean; readonly value: string }[]
}
interface Metadata {
  readonly type: string
  readonly length?: number | null
  readonly precision?: number | null
  readonly scale?: number | null
  readonly valueSet?: {
    readonly valueSetName?: string | null
    readonly valueSetDefinition?: {
      readonly value?: readonly { readonly fullName?: string; readonly valueName?: string; readonly isActive?: boolean | null }[]
    } | null
  } | null
}

const DESCRIBED: Readonly<Record<string, ScoreField['type']>> = {
  double: 'number',
  int: 'number',
  currency: 'currency',
  picklist: 'picklist',
  string: 'text',
  date: 'date',
  datetime: 'datetime',
}
const DEFINED: Readonly<Record<string, ScoreField['type']>> = {
  Number: 'number',
  Currency: 'currency',
  Picklist: 'picklist',
  Text: 'text',
  Date: 'date',
  DateTime: 'datetime',
}

const digits = (precision: number | null | undefined, scale: number | null | undefined): number | null =>
  precision ? precision - (scale ?? 0) : null

const fromDescribe = (field: Described): FieldShape => ({
  type: DESCRIBED[field.type] ?? null,
  called: field.type,
  length: field.length ? field.length : null,
  digits: digits(field.precision, field.scale),
  options: field.type === 'picklist' ? (field.picklistValues ?? []).filter(({ active }) => active).map(({ value }) => value) : null,
})

const fromMetadata = ({ type, length, precision, scale, valueSet }: Metadata): FieldShape => ({
  type: DEFINED[type] ?? null,
  called: type,
  length: length ?? null,
  digits: digits(precision, scale),
  // Values of a shared list stand elsewhere and may be changed there: what we need may not be among them.
  options: valueSet?.valueSetName
    ? []
    : (valueSet?.valueSetDefinition?.value ?? [])
        .filter(({ isActive }) => isActive !== false)
        .map(({ fullName: value, valueName }) => value ?? valueName ?? ''),
})

/** The same as far as this sign-in may see, for one that may not look into Setup: what it cannot see it cannot write either. */
export async function visibleFields(org: Org, objects: readonly string[]): Promise<Pick<ExistingField, 'object' | 'name'>[]> {
  const found = await described(org, objects)
  return [...found.values()].filter(({ name }) => plainName(name) !== null)
}

/** What these fields are, by full name. One call an object for those that this sign-in sees, one a field for the others. */
export async function shapes(
  org: Org,
  fields: readonly (Pick<ExistingField, 'object' | 'name'> & Partial<ExistingField>)[],
): Promise<ReadonlyMap<string, FieldShape>> {
  const seen = await described(
    org,
    fields.map(({ object }) => object),
  )
  const found = new Map([...seen].map(([name, field]) => [name, fromDescribe(field)]))
  for (const field of fields.filter((one) => one.id !== undefined && !found.has(fullName(one)))) {
    const row = (await get(org, `show ${fullName(field)}`, `/tooling/sobjects/CustomField/${field.id}`)) as { Metadata: Metadata }
    found.set(fullName(field), fromMetadata(row.Metadata))
  }
  return found
}

/** By full name. */
async function described(org: Org, objects: readonly string[]): Promise<Map<string, Described & { readonly object: string }>> {
  const found = new Map<string, Described & { readonly object: string }>()
  for (const object of new Set(objects)) {
    const { fields } = (await get(org, `describe ${object}`, `/sobjects/${object}/describe`)) as { fields: readonly Described[] }
    for (const field of fields) found.set(fullName({ object, name: field.name }), { ...field, object })
  }
  return found
}

/** Who holds which of these permission sets, and what they grant now. */
export interface PermissionState {
  /** Id by name. */
  readonly sets: ReadonlyMap<string, string>
  /** `Assay_Viewer Account.Assay_churn_risk__c` for reading; with ` edit` behind it for writing too. */
  readonly grants: ReadonlySet<string>
}

export async function permissionState(org: Org, names: readonly string[]): Promise<PermissionState> {
  const inside = names.map(quoted).join(', ')
  const sets = new Map(
    (await query(org, 'data', `SELECT Id, Name FROM PermissionSet WHERE Name IN (${inside})`)).map((row) => [
      String(row['Name']),
      String(row['Id']),
    ]),
  )
  if (sets.size === 0) return { sets, grants: new Set() }
  const nameOf = new Map([...sets].map(([name, id]) => [id, name]))
  const ids = [...sets.values()].map(quoted).join(', ')
  const rows = await query(
    org,
    'data',
    `SELECT ParentId, Field, PermissionsRead, PermissionsEdit FROM FieldPermissions WHERE ParentId IN (${ids})`,
  )
  const grants = rows.flatMap((row) => {
    const key = `${nameOf.get(String(row['ParentId'])) ?? ''} ${String(row['Field'])}`
    return [...(row['PermissionsRead'] === true ? [key] : []), ...(row['PermissionsEdit'] === true ? [`${key} edit`] : [])]
  })
  return { sets, grants: new Set(grants) }
}

export interface Assignment {
  readonly id: string
  readonly userId: string
}

export async function assignments(org: Org, setId: string): Promise<Assignment[]> {
  const rows = await query(org, 'data', `SELECT Id, AssigneeId FROM PermissionSetAssignment WHERE PermissionSetId = ${quoted(setId)}`)
  return rows.map((row) => ({ id: String(row['Id']), userId: String(row['AssigneeId']) }))
}

/** The id of the user who signs in by this name; null when there is none. */
export async function userId(org: Org, username: string): Promise<string | null> {
  const [row] = await query(org, 'data', `SELECT Id FROM User WHERE Username = ${quoted(username)}`)
  return row === undefined ? null : String(row['Id'])
}
