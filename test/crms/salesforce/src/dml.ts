import { coerced } from './coerce.ts'
import type { Field } from './fields.ts'
import { canonicalId, objectOfId } from './ids.ts'
import { OBJECTS, type ObjectName } from './objects.ts'
import type { Org, Write } from './org.ts'
import { setupProblem } from './permission-rules.ts'
import type { Problem } from './reply.ts'
import type { Obstacles } from './rules.ts'
import { plainText, type Row, type Value } from './values.ts'

/** What became of one row that somebody wanted to write. */
export type Outcome =
  | { readonly ok: true; readonly id: string; readonly created: boolean }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** Writing with all the checks Salesforce makes; REST, collections and bulk jobs all come through here. */
export interface Dml {
  create(object: ObjectName, values: Raw, who: Writer): Outcome
  update(object: ObjectName, id: string, values: Raw, who: Writer): Outcome
  /** By the value of an external id field, or by Id. */
  upsert(object: ObjectName, field: Field, value: unknown, values: Raw, who: Writer): Outcome
  delete(object: ObjectName, id: string, who: Writer): Outcome
  /** The rows that have this value in an external id field. */
  matching(object: ObjectName, field: Field, value: unknown): readonly string[]
}

export type Raw = Readonly<Record<string, unknown>>
export interface Writer {
  readonly userId: string
  readonly by: Write['by']
}

const failed = (code: string, message: string, fields: readonly string[] = []): Outcome => ({
  ok: false,
  problems: [{ code, message, fields }],
})

export function createDml(org: Org, obstacles: Obstacles): Dml {
  const { store, schema, access } = org

  /** Checked values by field name, or everything that is wrong with them. */
  const checked = (
    object: ObjectName,
    values: Raw,
    isNew: boolean,
    userId: string,
  ): { row: Record<string, Value>; problems: Problem[] } => {
    const row: Record<string, Value> = {}
    const problems: Problem[] = []
    const closed: string[] = []
    for (const [name, raw] of Object.entries(values)) {
      if (name === 'attributes' || name.toLowerCase() === 'id') continue
      const field = schema.field(object, name)
      if (field === null || !access.canRead(userId, object, field)) {
        problems.push({ code: 'INVALID_FIELD', message: `No such column '${name}' on sobject of type ${object}`, fields: [] })
        continue
      }
      const isFixed = field.readOnly === true || (field.readOnly === 'after creation' && !isNew)
      if (isFixed || !access.canEdit(userId, object, field)) {
        closed.push(field.name)
        continue
      }
      const made = coerced(field, raw)
      if ('problem' in made) problems.push(made.problem)
      else if (typeof made.value === 'string' && field.type === 'reference') {
        const target = objectOfId(made.value)
        const found = target === null ? null : store.row(target, made.value)
        if (found === null)
          problems.push({ code: 'INVALID_CROSS_REFERENCE_KEY', message: 'invalid cross reference id', fields: [field.name] })
        else if (found['IsDeleted'] === true)
          problems.push({ code: 'ENTITY_IS_DELETED', message: 'entity is deleted', fields: [field.name] })
        else row[field.name] = made.value
      } else row[field.name] = made.value
    }
    if (closed.length > 0)
      problems.push({
        code: 'INVALID_FIELD_FOR_INSERT_UPDATE',
        message: `Unable to create/update fields: ${closed.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
        fields: closed,
      })
    return { row, problems }
  }

  const missing = (object: ObjectName, row: Row, isNew: boolean): Problem[] => {
    const isPerson = object === 'Account' && org.traits.personAccounts && typeof row['LastName'] === 'string'
    const names = [...schema.fields(object).values()]
      .filter((field) => field.required === true && (isNew || field.name in row))
      .filter((field) => (row[field.name] ?? null) === null && !(isPerson && field.name === 'Name'))
      .map((field) => field.name)
    return names.length === 0
      ? []
      : [{ code: 'REQUIRED_FIELD_MISSING', message: `Required fields are missing: [${names.join(', ')}]`, fields: names }]
  }

  const duplicates = (object: ObjectName, id: string | null, row: Row): Problem[] =>
    [...schema.fields(object).values()].flatMap((field) => {
      const value = row[field.name]
      if (field.unique !== true || value === undefined || value === null) return []
      const other = matching(object, field, value).find((each) => each !== id)
      return other === undefined
        ? []
        : [
            {
              code: 'DUPLICATE_VALUE',
              message: `duplicate value found: ${field.name} duplicates value on record with id: ${other.slice(0, 15)}`,
              fields: [field.name],
            },
          ]
    })

  const matching: Dml['matching'] = (object, field, value) => {
    const made = coerced(field, value)
    if ('problem' in made || made.value === null) return []
    const wanted = typeof made.value === 'string' ? made.value.toLowerCase() : made.value
    const found: string[] = []
    const isOwn = field.custom === true && field.granted === 'permissionSets'
    // What was deployed here can only have values that were written here.
    const rows = isOwn ? [...store.touched(object)].map((id) => store.row(object, id)) : store.after(object, null, false)
    for (const row of rows) {
      if (row === null || row['IsDeleted'] === true) continue
      const own = row[field.name] ?? null
      if ((typeof own === 'string' ? own.toLowerCase() : own) === wanted) found.push(String(row['Id']))
    }
    return found
  }

  const parentsOf = (row: Row): string[] =>
    ['AccountId', 'OpportunityId', 'CampaignId', 'WhatId', 'WhoId'].flatMap((name) => (typeof row[name] === 'string' ? [row[name]] : []))

  const log = (write: Omit<Write, 'at'>): void => void org.writes.push({ ...write, at: org.now() })

  const insert: Dml['create'] = (object, values, who) => {
    if (OBJECTS[object].readOnly === true || !access.allows(who.userId, object, 'create'))
      return failed('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type cannot be inserted: ${object}`)
    const { row, problems } = checked(object, values, true, who.userId)
    if (problems.length === 0) problems.push(...missing(object, row, true), ...duplicates(object, null, row))
    const setup = problems.length > 0 ? null : setupProblem(org, object, null, row, who.userId)
    if (setup !== null) problems.push(setup)
    const obstacle = problems.length > 0 ? null : obstacles.check(object, null, row, parentsOf(row))
    if (obstacle !== null) problems.push(obstacle)
    if (problems.length > 0) return { ok: false, problems }
    const id = org.create(object, row, who.userId)
    log({ object, id, operation: 'create', values: row, ...who })
    return { ok: true, id, created: true }
  }

  const existing = (object: ObjectName, text: string): { id: string; row: Row } | Outcome => {
    const id = canonicalId(text)
    if (id === null || objectOfId(id) !== object) return failed('MALFORMED_ID', `malformed id ${text}`)
    const row = store.row(object, id)
    if (row === null || !org.isInBin(row)) return failed('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id')
    return row['IsDeleted'] === true ? failed('ENTITY_IS_DELETED', 'entity is deleted') : { id, row }
  }

  const update: Dml['update'] = (object, text, values, who) => {
    const found = existing(object, text)
    if (!('row' in found)) return found
    if (OBJECTS[object].readOnly === true || !access.allows(who.userId, object, 'edit'))
      return failed('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id')
    if (object === 'Lead' && found.row['IsConverted'] === true)
      return failed('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead')
    const { row, problems } = checked(object, values, false, who.userId)
    if (problems.length === 0) problems.push(...missing(object, row, false), ...duplicates(object, found.id, row))
    const setup = problems.length > 0 ? null : setupProblem(org, object, found.id, { ...found.row, ...row }, who.userId)
    if (setup !== null) problems.push(setup)
    const obstacle = problems.length > 0 ? null : obstacles.check(object, found.id, { ...found.row, ...row }, parentsOf(found.row))
    if (obstacle !== null) problems.push(obstacle)
    if (problems.length > 0) return { ok: false, problems }
    org.update(object, found.id, row, who.userId)
    log({ object, id: found.id, operation: 'update', values: row, ...who })
    return { ok: true, id: found.id, created: false }
  }

  return {
    matching,
    create: insert,
    update,
    upsert(object, field, value, values, who) {
      if (field.type === 'id')
        return value === null || value === '' ? insert(object, values, who) : update(object, plainText(value), values, who)
      if (value === null || value === undefined || value === '') return failed('MISSING_ARGUMENT', `${field.name} not specified`)
      const found = matching(object, field, value)
      if (found.length > 1)
        return failed('DUPLICATE_EXTERNAL_ID', `Id: more than one record found for external id field: [${found.join(', ')}]`)
      const [id] = found
      const own = { ...values, [field.name]: value }
      return id === undefined ? insert(object, own, who) : update(object, id, values, who)
    },
    delete(object, text, who) {
      const found = existing(object, text)
      if (!('row' in found)) return found
      if (OBJECTS[object].readOnly === true || !access.allows(who.userId, object, 'delete'))
        return failed('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id')
      const setup = setupProblem(org, object, found.id, null, who.userId)
      if (setup !== null) return { ok: false, problems: [setup] }
      const obstacle = obstacles.check(object, found.id, found.row, parentsOf(found.row))
      if (obstacle !== null) return { ok: false, problems: [obstacle] }
      org.delete(object, found.id, who.userId)
      log({ object, id: found.id, operation: 'delete', values: {}, ...who })
      return { ok: true, id: found.id, created: false }
    },
  }
}
