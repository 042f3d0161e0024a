import type { Dml, Outcome, Raw, Writer } from '../dml.ts'
import type { Exchange, Route } from '../exchange.ts'
import type { Fault } from '../faults.ts'
import { canonicalId, objectOfId } from '../ids.ts'
import type { ObjectName } from '../objects.ts'
import type { Org } from '../org.ts'
import { members, methodNotAllowed, notFound, ok, refuse, type Problem, type Reply } from '../reply.ts'
import { LOCKED, type Obstacles } from '../rules.ts'
import { plainText } from '../values.ts'
import { shown } from './sobjects.ts'

const MOST_RECORDS = 200
const MOST_READ = 2000
const MOST_CHUNKS = 10

/** How writes that go on at the same time get in each other's way. */
export interface Contention {
  /** How long a write keeps hold of its rows and their parents (real milliseconds). 0 lets nobody wait. */
  readonly holdMs: number
}

/** One row of a collection, before it is written. */
interface Item {
  readonly object: ObjectName | null
  readonly id: string | null
  readonly write: (who: Writer) => Outcome
}

/** `/composite/sobjects`: up to 200 records at once, each with an answer of its own. */
export function collectionsRoute(org: Org, dml: Dml, obstacles: Obstacles, contention: () => Contention): Route {
  const typeOf = (record: Raw): ObjectName => {
    const name = (record['attributes'] as { type?: unknown } | undefined)?.type
    const object = typeof name === 'string' ? org.schema.object(name) : null
    if (object === null) throw refuse(400, 'INVALID_TYPE', `sObject type '${String(name)}' is not supported.`)
    return object
  }
  const idIn = (record: Raw): string => plainText(record['id'] ?? record['Id'])

  const items = (exchange: Exchange): { readonly items: Item[]; readonly allOrNone: boolean; readonly isUpsert: boolean } => {
    const { method, rest, query } = exchange
    if (method === 'DELETE') {
      const ids = (query.get('ids') ?? '').split(',').filter((id) => id !== '')
      atMost(ids.length)
      return {
        allOrNone: query.get('allOrNone') === 'true',
        isUpsert: false,
        items: ids.map((id) => {
          const object = objectOfId(canonicalId(id) ?? '')
          return { object, id: canonicalId(id), write: (who) => (object === null ? malformed(id) : dml.delete(object, id, who)) }
        }),
      }
    }
    const body = members(exchange.json())
    const records = body['records']
    if (!Array.isArray(records)) throw refuse(400, 'JSON_PARSER_ERROR', 'The Records array is required')
    atMost(records.length)
    const allOrNone = body['allOrNone'] === true
    const rows = records as Raw[]
    const isUpsert = rest.length === 4
    if (isUpsert) {
      const object = org.schema.object(rest[2] ?? '')
      const field = object === null ? null : org.schema.field(object, rest[3] ?? '')
      if (
        object === null ||
        field === null ||
        !org.access.canRead(exchange.userId, object, field) ||
        (field.externalId !== true && field.type !== 'id')
      )
        throw refuse(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${rest[3] ?? ''}`)
      return {
        allOrNone,
        isUpsert,
        items: rows.map((row) => {
          const value = field.type === 'id' ? idIn(row) : (row[field.name] ?? null)
          const { [field.name]: _key, ...others } = row
          return { object, id: null, write: (who) => dml.upsert(object, field, value, others, who) }
        }),
      }
    }
    const types = rows.map(typeOf)
    if (types.filter((type, position) => type !== types[position - 1]).length > MOST_CHUNKS)
      throw refuse(400, 'LIMIT_EXCEEDED', 'The request has too many chunks of different types; at most 10 are allowed.')
    return {
      allOrNone,
      isUpsert,
      items: rows.map((row, position) => {
        const object = types[position] ?? 'Account'
        const id = canonicalId(idIn(row))
        return {
          object,
          id,
          write: (who) => (method === 'POST' ? dml.create(object, row, who) : dml.update(object, idIn(row), row, who)),
        }
      }),
    }
  }

  const write = async (exchange: Exchange): Promise<Reply> => {
    const { items: rows, allOrNone, isUpsert } = items(exchange)
    const who: Writer = { userId: exchange.userId, by: 'rest' }
    const parents = rows.map(({ object, id }) => heldBy(org, object, id))
    const busy = parents.map((ids) => ids.some((id) => obstacles.isHeld(id)))
    const letGo = obstacles.hold(new Set(parents.flat()))
    const { holdMs } = contention()
    if (holdMs > 0) await new Promise((resolve) => setTimeout(resolve, holdMs))
    const snapshot = org.store.snapshot()
    const written = org.writes.length
    const seen = new Set<string>()
    const outcomes = rows.map((row, position): Outcome => {
      const forced = forcedProblem(exchange.fault, row.id, position)
      if (forced !== null) return { ok: false, problems: [forced] }
      if (busy[position] === true) return { ok: false, problems: [LOCKED] }
      if (row.id !== null && seen.has(row.id)) return { ok: false, problems: [twice(row.id)] }
      if (row.id !== null) seen.add(row.id)
      return row.write(who)
    })
    letGo()
    snapshot.close()
    if (!allOrNone || outcomes.every((outcome) => outcome.ok)) return ok(answers(outcomes, isUpsert))
    org.store.rollback(snapshot)
    org.writes.length = written
    return ok(answers(outcomes.map(rolledBack), isUpsert))
  }

  return (exchange) => {
    const { method, rest, query, userId } = exchange
    if (rest.length === 3 && (method === 'GET' || method === 'POST')) {
      const object = org.schema.object(rest[2] ?? '')
      if (object === null || !org.access.allows(userId, object, 'read')) throw notFound()
      const body = method === 'POST' ? members(exchange.json()) : {}
      const ids = method === 'POST' ? (body['ids'] as string[]) : (query.get('ids') ?? '').split(',')
      const fields = method === 'POST' ? (body['fields'] as string[]) : (query.get('fields') ?? '').split(',')
      if (ids.length > MOST_READ) throw refuse(400, 'LIMIT_EXCEEDED', `At most ${MOST_READ} ids are allowed.`)
      const asked = { ...exchange, query: new URLSearchParams({ fields: fields.join(',') }) }
      return ok(
        ids.map((id) => {
          const row = org.store.row(object, canonicalId(id) ?? '')
          return row === null || row['IsDeleted'] === true ? null : shown(org, object, row, asked)
        }),
      )
    }
    if (!['POST', 'PATCH', 'DELETE'].includes(method)) throw methodNotAllowed(method)
    return write(exchange)
  }
}

function atMost(count: number): void {
  if (count > MOST_RECORDS)
    throw refuse(400, 'EXCEEDED_ID_LIMIT', `record limit reached. cannot submit more than ${MOST_RECORDS} records into this call`)
}

const malformed = (id: string): Outcome => ({ ok: false, problems: [{ code: 'MALFORMED_ID', message: `malformed id ${id}`, fields: [] }] })
const twice = (id: string): Problem => ({ code: 'DUPLICATE_VALUE', message: `Duplicate id in list: ${id}`, fields: [] })

/** The record and what it hangs on: what a write has to itself while it goes on. */
export function heldBy(org: Org, object: ObjectName | null, id: string | null): string[] {
  if (object === null || id === null) return []
  const row = org.store.row(object, id)
  const parents = ['AccountId', 'OpportunityId', 'CampaignId'].map((name) => row?.[name])
  return [id, ...parents.filter((parent) => typeof parent === 'string')]
}

/** What a planted fault makes of a row. */
export function forcedProblem(fault: Fault | null, id: string | null, position: number): Problem | null {
  if (fault?.kind !== 'partial' || !fault.rows.some((row) => row === position || (id !== null && row === id))) return null
  if (fault.code === undefined) return LOCKED
  return { code: fault.code, message: fault.message ?? 'The row was refused.', fields: [] }
}

/** A good row of a call in which another one was not. */
function rolledBack(outcome: Outcome): Outcome {
  if (!outcome.ok) return outcome
  const message = 'Record rolled back because not all records were valid and the request was using AllOrNone header'
  return { ok: false, problems: [{ code: 'ALL_OR_NONE_OPERATION_ROLLED_BACK', message, fields: [] }] }
}

function answers(outcomes: readonly Outcome[], isUpsert: boolean): unknown[] {
  return outcomes.map((outcome) =>
    outcome.ok
      ? { id: outcome.id, success: true, errors: [], ...(isUpsert ? { created: outcome.created } : {}) }
      : {
          success: false,
          errors: outcome.problems.map(({ code, message, fields }) => ({ statusCode: code, message, fields: fields ?? [] })),
          ...(isUpsert ? { created: false } : {}),
        },
  )
}
