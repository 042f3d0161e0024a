import type { Check, FieldCheck, KindCheck } from '@assay/shared'
import { plainName } from './metadata/index.ts'
import {
  FIELD_HISTORY,
  OBJECTS,
  SCORED,
  STAGE_HISTORY,
  STAGE_HISTORY_FIELDS,
  FIELD_HISTORY_FIELDS,
  type Feature,
  type ObjectType,
} from './objects.ts'
import { isAttribute } from './map.ts'
import { readHint, readRight, type Org } from './org.ts'
import { rowsOf } from './query.ts'
import type { Settings } from './settings.ts'
import { quoted } from './soql.ts'
import type { WireDescribe, WireField, WireRecord } from './wire.ts'

type Missing = Check['missing'][number]

/** Without these nothing can be learned. */
const NEEDED: ReadonlySet<string> = new Set(['Account', 'Contact', 'Opportunity'])
const WRITTEN: ReadonlySet<string> = new Set(Object.values(SCORED))

/** Rights that reach further than reading, writing a few fields and making tasks, in the words of Setup. */
const SURPLUS: Readonly<Record<string, string>> = {
  PermissionsModifyAllData: 'Modify All Data',
  PermissionsAuthorApex: 'Author Apex',
  PermissionsManageUsers: 'Manage Users',
  PermissionsAssignPermissionSets: 'Assign Permission Sets',
  PermissionsManageProfilesPermissionsets: 'Manage Profiles and Permission Sets',
  PermissionsBulkApiHardDelete: 'Bulk API Hard Delete',
  PermissionsEditReadonlyFields: 'Edit Read Only Fields',
  PermissionsQueryAllFiles: 'Query All Files',
}
/** Rights that only who installs needs, for as long as it takes. */
const INSTALLING: Readonly<Record<string, string>> = {
  PermissionsCustomizeApplication: 'Customize Application',
  PermissionsModifyMetadata: 'Modify Metadata Through Metadata API Functions',
}

const ABSENT: Readonly<Record<Feature, string>> = {
  currencies: 'this org has one currency',
  personAccounts: 'this org has no person accounts',
  recordTypes: 'there are no record types, or the sign-in may not read the field',
  primaryContacts: 'this org has no such field, or the sign-in may not read it',
}
const UNSEEN = 'Salesforce does not show this field to the sign-in: field-level security hides it'

const firstRow = async ({ client }: Org, soql: string): Promise<WireRecord | null> => {
  for await (const rows of rowsOf(client, soql)) if (rows[0] !== undefined) return rows[0]
  return null
}

/** How many records there are, as Salesforce last counted them; nothing where it does not tell. */
const counts = async ({ client }: Org): Promise<ReadonlyMap<string, number>> => {
  const names = OBJECTS.map(({ name }) => name).join(',')
  const answer = await client.call({ path: `/limits/recordCount?sObjects=${names}`, accept: [400, 403, 404] })
  const { sObjects = [] } = (answer.status >= 400 ? {} : answer.body) as { sObjects?: readonly { name: string; count: number }[] }
  return new Map(sObjects.map(({ name, count }) => [name, count]))
}

const writtenField = ({ name, updateable }: WireField): FieldCheck => ({
  name,
  readable: true,
  writable: updateable,
  why: updateable ? null : 'the sign-in may not edit this field: give it the permission set of the integration',
})

const fieldsOf = async (org: Org, object: ObjectType, shown: WireDescribe): Promise<FieldCheck[]> => {
  const { fields: asked, custom, unseen } = await org.asked(object)
  const fixed = object.fields.map((name): FieldCheck => {
    const readable = asked.includes(name)
    const feature = object.featured[name]
    const why = unseen.includes(`${object.name}.${name}`) || feature === undefined ? UNSEEN : ABSENT[feature]
    return { name, readable, writable: null, why: readable ? null : why }
  })
  const scores = WRITTEN.has(object.name) ? shown.fields.filter(({ name }) => plainName(name) !== null) : []
  // People's answers are read and never written.
  const written = scores.filter((field) => !isAttribute(field)).map(writtenField)
  const own = custom.map(({ name }): FieldCheck => ({ name, readable: true, writable: null, why: null }))
  return [...fixed, ...own, ...written]
}

const checkObject = async (org: Org, object: ObjectType, count: number | null): Promise<{ check: KindCheck; missing: Missing[] }> => {
  const { kind, name: source } = object
  const shown = await org.describe(source)
  if (shown === null) {
    const missing = NEEDED.has(source) ? [{ what: readRight(source), hint: readHint(source) }] : []
    return {
      check: {
        kind,
        source,
        readable: false,
        why: `${readRight(source)} is missing, or this org has no such object`,
        records: null,
        fields: [],
      },
      missing,
    }
  }
  const fields = await fieldsOf(org, object, shown)
  const { unseen } = await org.asked(object)
  const missing: Missing[] = unseen.map((field) => ({
    what: readRight(field),
    hint: 'Assign the permission set "Assay reading" to the integration user, or give it "Read Access" to this field; until then it stays unknown.',
  }))
  for (const { name } of fields.filter(({ writable }) => writable === false))
    missing.push({ what: `Edit on ${source}.${name}`, hint: 'Assign the permission set "Assay integration" to the integration user.' })
  if (!shown.updateable && fields.some(({ writable }) => writable !== null))
    missing.push({
      what: `Edit on ${source}`,
      hint: `Give the integration user "Edit" on ${source}: no score can be written there without it.`,
    })
  if (source === 'Task' && !shown.createable)
    missing.push({ what: 'Edit Tasks', hint: 'Give the integration user the permission "Edit Tasks": no alert can be made without it.' })
  return { check: { kind, source, readable: true, why: null, records: count, fields }, missing }
}

const checkHistory = async (org: Org): Promise<KindCheck[]> => {
  const checks: KindCheck[] = []
  for (const [source, fields] of [
    [STAGE_HISTORY, STAGE_HISTORY_FIELDS],
    [FIELD_HISTORY, FIELD_HISTORY_FIELDS],
  ] as const) {
    const readable = (await org.describe(source)) !== null
    const why = readable ? null : `${readRight('Opportunity')} is missing, or no history is kept of it`
    checks.push({
      kind: 'dealHistory',
      source,
      readable,
      why,
      records: null,
      fields: fields.map((name) => ({ name, readable, writable: null, why })),
    })
  }
  return checks
}

/** Rights of the signed-in user that Assay does not need. */
const surplusOf = async (org: Org, installing: boolean): Promise<string[]> => {
  const shown = await org.describe('UserPermissionAccess')
  const named = installing ? SURPLUS : { ...SURPLUS, ...INSTALLING }
  const columns = (shown?.fields ?? []).map(({ name }) => name).filter((name) => named[name] !== undefined)
  if (columns.length === 0) return []
  const row = await firstRow(org, `SELECT ${columns.join(', ')} FROM UserPermissionAccess`)
  return columns.filter((column) => row?.[column] === true).map((column) => named[column] ?? column)
}

/** What this sign-in can do. Looks at names, rights and numbers; the only records it reads are the org and the signed-in user. */
export const check = async (org: Org, settings: Settings): Promise<Check> => {
  const { organizationId, userId, instanceUrl, version } = await org.client.identity()
  const user = await firstRow(org, `SELECT Name, Username, Profile.Name FROM User WHERE Id = ${quoted(userId)}`)
  const organization = await firstRow(org, 'SELECT Name, OrganizationType, IsSandbox FROM Organization')
  const count = await counts(org)
  const checks: Awaited<ReturnType<typeof checkObject>>[] = []
  for (const object of OBJECTS) checks.push(await checkObject(org, object, count.get(object.name) ?? null))
  const limits = await org.client.call({ path: '/limits', accept: [403, 404] })
  const { DailyApiRequests: daily } = (limits.status >= 400 ? {} : limits.body) as { DailyApiRequests?: { Max: number; Remaining: number } }
  const usage = org.client.usage()
  const place = organization?.['IsSandbox'] === true ? 'sandbox' : String(organization?.['OrganizationType'] ?? 'production')
  const deals = checks.findIndex(({ check: { kind } }) => kind === 'deal')
  const kinds = checks.map((entry) => entry.check)
  kinds.splice(deals + 1, 0, ...(await checkHistory(org)))
  return {
    signedInAs: `${String(user?.['Name'] ?? userId)} (${String(user?.['Username'] ?? userId)}, profile ${String(user?.['Profile.Name'] ?? 'unknown')})`,
    account: `${String(organization?.['Name'] ?? 'org')} (${organizationId}, ${place}, ${new URL(instanceUrl).host}, API ${version})`,
    currency: (await org.currencies()).home,
    kinds,
    quota: {
      limit: daily?.Max ?? usage?.limit ?? null,
      remaining: daily?.Remaining ?? (usage === null ? null : usage.limit - usage.used),
      // Calls are counted over the last 24 hours and come back one by one.
      resetsAt: null,
    },
    missing: checks.flatMap((entry) => entry.missing),
    surplus: await surplusOf(org, settings.session !== undefined),
  }
}
