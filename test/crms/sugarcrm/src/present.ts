import type { Field } from './fields.ts'
import type { Instance } from './instance.ts'
import { linkedRows } from './links.ts'
import { LINKS, type ModuleName } from './modules.ts'
import { instantText, type Row, type Value } from './values.ts'

/** Which fields an answer shows. `nested`: records at the other end of a link, with fields of their own. */
export interface Selection {
  readonly fields: readonly string[] | null
  readonly nested: readonly { readonly name: string; readonly fields: readonly string[]; readonly size: number }[]
}

export const EVERYTHING: Selection = { fields: null, nested: [] }

/** A record as a user sees it: what no role denies, decimals as texts, instants in the server's zone. */
export function recordOf(instance: Instance, module: ModuleName, row: Row, selection: Selection, userId: string): Record<string, unknown> {
  const { schema, access } = instance
  const acl = { fields: access.denied(userId, module), ...access.deniedRights(userId, module) }
  if (row['deleted'] === true)
    return {
      id: row['id'],
      date_modified: instantText(Number(row['date_modified']), instance.quirks.zone),
      deleted: true,
      _acl: acl,
      _module: module,
    }
  const wanted = selection.fields === null ? null : new Set(['id', 'date_modified', ...selection.fields])
  const record: Record<string, unknown> = {}
  for (const field of schema.fields(module).values()) {
    if (field.type === 'link' || (wanted !== null && !wanted.has(field.name)) || !access.canRead(userId, module, field.name)) continue
    record[field.name] = shown(instance, module, row, field)
  }
  for (const { name, fields, size } of selection.nested) {
    const link = LINKS[module]?.[name]
    if (link === undefined || schema.field(module, name) === null) continue
    const rows = linkedRows(instance, module, row, link)
    record[name] = {
      next_offset: rows.length > size ? size : -1,
      records: rows.slice(0, size).map((each) => recordOf(instance, link.module, each, { fields, nested: [] }, userId)),
    }
  }
  return { ...record, _acl: acl, _module: module }
}

function shown(instance: Instance, module: ModuleName, row: Row, field: Field): unknown {
  if (field.type === 'email') return emails(row)
  return wire(field, instance.value(module, row, field.name), instance.quirks.zone)
}

function emails(row: Row): unknown[] {
  const address = row['email1'] ?? null
  if (address === null || address === '') return []
  return [
    {
      email_address: address,
      primary_address: true,
      opt_out: row['email_opt_out'] === true,
      invalid_email: false,
      reply_to_address: false,
    },
  ]
}

/** A value on the wire. Text that nobody filled in is the empty text, a number or date null. */
export function wire(field: Field, value: Value, zone: number): unknown {
  switch (field.type) {
    case 'bool':
      return value === true
    case 'int':
    case 'float':
      return value === null ? null : Number(value)
    case 'currency':
      return value === null ? null : Number(value).toFixed(6)
    case 'decimal':
      return value === null ? null : Number(value).toFixed(field.precision ?? 6)
    case 'date':
      return value
    case 'datetime':
    case 'datetimecombo':
      return value === null ? null : instantText(Number(value), zone)
    case 'multienum':
      return value ?? []
    default:
      return value ?? ''
  }
}
