import type { Exchange, Route } from '../exchange.ts'
import * as f from '../fields.ts'
import type { Field } from '../fields.ts'
import { canonicalId } from '../ids.ts'
import type { Components } from '../metadata/components.ts'
import { deletionOf } from '../metadata/deploy.ts'
import { metadataOf } from '../metadata/field-shape.ts'
import { upsert } from '../metadata/single.ts'
import type { ObjectName } from '../objects.ts'
import type { Org } from '../org.ts'
import { created, members, methodNotAllowed, noContent, notFound, ok, refuse, type Reply } from '../reply.ts'
import { aggregated } from '../soql/aggregate.ts'
import { planOf } from '../soql/plan.ts'
import { record } from '../soql/present.ts'
import { plainText, type Row } from '../values.ts'

const id = { ...f.text('Id', 18), type: 'id' } as const
const reference = (name: string): Field => ({ ...f.text(name, 18), type: 'reference' })

/** What the Tooling API can be asked about here. */
const TABLES: Readonly<Record<string, readonly Field[]>> = {
  CustomField: [
    id,
    f.text('DeveloperName'),
    f.text('NamespacePrefix'),
    f.text('TableEnumOrId'),
    reference('EntityDefinitionId'),
    f.text('FullName'),
    f.text('InlineHelpText'),
    f.any('Metadata'),
    f.instant('LastModifiedDate'),
  ],
  MetadataComponentDependency: [
    id,
    reference('MetadataComponentId'),
    f.text('MetadataComponentName'),
    f.text('MetadataComponentNamespace'),
    f.text('MetadataComponentType'),
    reference('RefMetadataComponentId'),
    f.text('RefMetadataComponentName'),
    f.text('RefMetadataComponentNamespace'),
    f.text('RefMetadataComponentType'),
  ],
  PermissionSet: [id, f.text('Name'), f.text('Label'), f.text('Description'), f.flag('IsOwnedByProfile')],
  EntityDefinition: [id, f.text('DurableId'), f.text('QualifiedApiName'), f.text('Label'), f.text('KeyPrefix')],
  FieldDefinition: [
    id,
    f.text('DurableId'),
    f.text('QualifiedApiName'),
    f.text('DeveloperName'),
    f.text('Label'),
    f.text('DataType'),
    f.text('EntityDefinitionId'),
  ],
  Layout: [id, f.text('Name'), f.text('TableEnumOrId')],
  LightningComponentBundle: [id, f.text('DeveloperName'), f.text('MasterLabel')],
}

/** `/tooling/query` and `/tooling/sobjects/CustomField`. */
export function toolingRoute(org: Org, components: Components): Route {
  const fields = function* (): Generator<{ readonly object: ObjectName; readonly field: Field; readonly id: string }> {
    for (const object of org.schema.objects())
      for (const field of org.schema.fields(object).values()) {
        const own = org.schema.customId(object, field.name)
        if (field.custom === true && own !== null) yield { object, field, id: own }
      }
  }

  const rowsOf = (table: string): Row[] => {
    switch (table) {
      case 'CustomField':
        return [...fields()].map(({ object, field, id: own }) => ({
          Id: own,
          DeveloperName: field.name.replace(/__c$/, ''),
          NamespacePrefix: null,
          TableEnumOrId: object,
          EntityDefinitionId: object,
          FullName: `${object}.${field.name}`,
          InlineHelpText: field.helpText ?? null,
          Metadata: JSON.stringify(metadataOf(field)),
          LastModifiedDate: org.now(),
        }))
      case 'MetadataComponentDependency':
        return [...fields()].flatMap(({ object, field, id: own }) =>
          components.usersOf(object, field.name).map((user, position) => ({
            Id: `${own.slice(0, 15)}${String(position).padStart(3, '0')}`,
            MetadataComponentId: user.id,
            MetadataComponentName: user.fullName,
            MetadataComponentNamespace: null,
            MetadataComponentType: user.type,
            RefMetadataComponentId: own,
            RefMetadataComponentName: field.name.replace(/__c$/, ''),
            RefMetadataComponentNamespace: null,
            RefMetadataComponentType: 'CustomField',
          })),
        )
      case 'PermissionSet':
        return [...org.store.after('PermissionSet', null, false)]
      case 'EntityDefinition':
        return org.schema
          .objects()
          .map((object) => ({ Id: object, DurableId: object, QualifiedApiName: object, Label: object, KeyPrefix: null }))
      case 'FieldDefinition':
        return org.schema.objects().flatMap((object) =>
          [...org.schema.fields(object).values()].map((field) => ({
            Id: `${object}.${field.name}`,
            DurableId: `${object}.${field.name}`,
            QualifiedApiName: field.name,
            DeveloperName: field.name.replace(/__c$/, ''),
            Label: field.label,
            DataType: field.metadataType ?? field.type,
            EntityDefinitionId: object,
          })),
        )
      default:
        return components.all(table).map((each) => ({
          Id: each.id,
          DeveloperName: each.fullName,
          MasterLabel: each.fullName,
          Name: each.fullName.replace(/^\w+-/, ''),
          TableEnumOrId: /^\w+/.exec(each.fullName)?.[0] ?? null,
        }))
    }
  }

  /** The same language as for records, over tables of its own. */
  const tables = (): Org => {
    const named = (name: string): string | null => Object.keys(TABLES).find((table) => table.toLowerCase() === name.toLowerCase()) ?? null
    const columns = (table: string): Map<string, Field> => new Map((TABLES[table] ?? []).map((field) => [field.name, field]))
    const rows = new Map<string, Row[]>()
    const all = (table: string): Row[] => {
      const known = rows.get(table) ?? rowsOf(table).sort((left, right) => (String(left['Id']) < String(right['Id']) ? -1 : 1))
      rows.set(table, known)
      return known
    }
    return {
      ...org,
      schema: {
        ...org.schema,
        object: (name) => named(name) as ObjectName | null,
        fields: (table) => columns(table),
        field: (table, name) => [...columns(table).values()].find((field) => field.name.toLowerCase() === name.toLowerCase()) ?? null,
      },
      access: { ...org.access, canRead: () => true, allows: () => true },
      store: {
        ...org.store,
        row: (table, own) => all(table).find((row) => row['Id'] === own) ?? null,
        after: (table, own) => all(table).filter((row) => own === null || String(row['Id']) > own),
        modified: () => null,
        below: () => null,
      },
    }
  }

  const query = (exchange: Exchange): Reply => {
    const asking = { org: tables(), userId: exchange.userId, all: false, asOf: undefined }
    const plan = planOf(exchange.query.get('q') ?? '', asking)
    if (plan.query.isCount || plan.query.aggregates.length > 0) return aggregated(plan, asking)
    const ids = plan.sorted() ?? [...plan.rows(null)].map((row) => String(row['Id']))
    const heavy = plan.columns.some((column) => column.field.name === 'Metadata' || column.field.name === 'FullName')
    if (heavy && ids.length > 1)
      throw refuse(
        400,
        'MALFORMED_QUERY',
        `When retrieving results with Metadata or FullName fields, the query qualifications must specify no more than one row for retrieval. Result size: ${ids.length}`,
      )
    const records = ids.flatMap((own) => {
      const row = plan.row(own)
      return row === null ? [] : [withMetadata(record(plan.columns, row, plan.object, `${exchange.prefix}/tooling`, undefined))]
    })
    return ok({ size: records.length, totalSize: records.length, done: true, queryLocator: null, entityTypeName: plan.object, records })
  }

  const customField = (exchange: Exchange): Reply => {
    const { method, rest, userId, prefix } = exchange
    const may = org.access.permissions(userId)
    if (method !== 'GET' && !may.has('CustomizeApplication'))
      throw refuse(403, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id')
    if (rest[3] === undefined) {
      if (method !== 'POST') throw methodNotAllowed(method)
      const body = members(exchange.json())
      return saved({ ...asTexts(body['Metadata']), fullName: String(body['FullName']) }, 'create', exchange)
    }
    const own = canonicalId(rest[3])
    const found = [...fields()].find((each) => each.id === own)
    if (found === undefined) throw notFound()
    const fullName = `${found.object}.${found.field.name}`
    switch (method) {
      case 'GET': {
        const row = rowsOf('CustomField').find((each) => each['Id'] === own) ?? {}
        return ok(withMetadata({ attributes: { type: 'CustomField', url: `${prefix}/tooling/sobjects/CustomField/${found.id}` }, ...row }))
      }
      case 'PATCH':
        saved({ ...asTexts(members(exchange.json())['Metadata']), fullName }, 'update', exchange)
        return noContent
      case 'DELETE': {
        const { problem, apply } = deletionOf(org, components, { type: 'CustomField', fullName }, userId)
        if (problem !== null) throw refuse(400, 'DELETE_FAILED', problem.text)
        apply()
        return noContent
      }
      default:
        throw methodNotAllowed(method)
    }
  }

  const saved = (metadata: Record<string, unknown>, how: 'create' | 'update', exchange: Exchange): Reply => {
    const { problem, fullName } = upsert(org, components, 'CustomField', metadata, exchange.userId, how)
    if (problem !== null)
      throw refuse(400, problem.startsWith('There is already') ? 'DUPLICATE_DEVELOPER_NAME' : 'FIELD_INTEGRITY_EXCEPTION', problem)
    const own = [...fields()].find((each) => `${each.object}.${each.field.name}` === fullName)
    return created({ id: own?.id, success: true, errors: [], warnings: [], infos: [] })
  }

  return (exchange) => {
    if (!org.access.permissions(exchange.userId).has('ViewSetup'))
      throw refuse(403, 'INSUFFICIENT_ACCESS', 'You do not have the required permissions to use the Tooling API')
    if (exchange.rest[1] === 'query' && exchange.method === 'GET') return query(exchange)
    if (exchange.rest[1] === 'sobjects' && exchange.rest[2] === 'CustomField') return customField(exchange)
    throw notFound()
  }
}

/** `Metadata` is kept as text and shown as what it is. */
function withMetadata(row: Record<string, unknown>): Record<string, unknown> {
  return typeof row['Metadata'] === 'string' ? { ...row, Metadata: JSON.parse(row['Metadata']) as unknown } : row
}

/** JSON says numbers and flags where XML has only texts. */
function asTexts(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return {}
  const made: Record<string, unknown> = {}
  for (const [name, each] of Object.entries(value)) {
    if (each === null || each === undefined) continue
    if (Array.isArray(each)) made[name] = each.map((one: unknown) => (typeof one === 'object' ? asTexts(one) : plainText(one)))
    else made[name] = typeof each === 'object' ? asTexts(each) : plainText(each)
  }
  return made
}
