import { createAccess, type Access } from './access.ts'
import type { Audit } from './audit.ts'
import type { Field } from './fields.ts'
import { LINKED_CONTACT, MODULES, type ModuleName } from './modules.ts'
import { createSchema, type Schema } from './schema.ts'
import { createStore, type Store } from './store.ts'
import type { Source } from './source.ts'
import { BASE_CURRENCY, statusOfStage } from './to-sugar.ts'
import { instantOf, wholeSecond, type Row, type Value } from './values.ts'
import { ownUsers } from './people.ts'

/** What came in through the API and changed something. */
export interface Write {
  readonly method: 'create' | 'update' | 'delete'
  readonly module: ModuleName
  readonly id: string
  readonly values: Row
  readonly userId: string
  readonly at: number
}

/** Where this Sugar differs from others, or nobody could tell what Sugar does. */
export interface Quirks {
  /** The option `deleted`: gives deleted records too, is ignored, or is refused. */
  readonly deleted: 'given' | 'ignored' | 'refused'
  /** Minutes east of Greenwich in which instants are shown. */
  readonly zone: number
  /** Text that is longer than its field: cut in silence, or refused. */
  readonly overlong: 'cut' | 'refused'
  /** Seconds of instants that are written are lost. */
  readonly cutSeconds: boolean
  /** The most records on a page; a larger `max_num` is reduced. */
  readonly maxListLimit: number
  /** The most requests in a bulk call; beyond it the gateway gives up with 504 after carrying out so many. */
  readonly bulkLimit: number
  /** How an unknown platform is refused. */
  readonly platformRefusal: { readonly status: number; readonly error: string }
  /** With what status a refresh token that is no longer good is refused. */
  readonly refreshRefusal: 400 | 401
  /** Uploading packages is switched off, as in the smallest edition. */
  readonly packages: boolean
}

export const QUIRKS: Quirks = {
  deleted: 'given',
  zone: 0,
  overlong: 'cut',
  cutSeconds: false,
  maxListLimit: 1000,
  bulkLimit: 100,
  platformRefusal: { status: 400, error: 'invalid_parameter' },
  refreshRefusal: 400,
  packages: true,
}

/** One Sugar: its rows, its fields, its roles. What HTTP knows nothing of. */
export interface Instance {
  readonly store: Store
  readonly schema: Schema
  readonly access: Access
  readonly writes: Write[]
  quirks: Quirks
  now(): number
  load(source: Source): void
  /** What a field shows, computed where it is not kept. */
  value(module: ModuleName, row: Row, name: string): Value
  create(module: ModuleName, values: Row, userId: string, id?: string): string
  update(module: ModuleName, id: string, values: Row, userId: string): void
  delete(module: ModuleName, id: string, userId: string): void
}

export function createInstance(source: Source, now: () => number, quirks: Quirks): Instance {
  const store = createStore(source)
  const schema = createSchema()
  const access = createAccess()
  const load: Instance['load'] = (loaded) => {
    store.load(loaded)
    schema.load(loaded)
    for (const { id, ...row } of ownUsers(0)) store.insert('Users', row, String(id))
  }
  load(source)

  const nameOf = (module: ModuleName, id: Value): Value => {
    const found = typeof id === 'string' && id !== '' ? store.row(module, id) : null
    return found === null || found['deleted'] === true ? null : value(module, found, 'name')
  }

  const value: Instance['value'] = (module, row, name) => {
    const field = schema.field(module, name)
    const isPerson = schema.field(module, 'last_name') !== null
    if (isPerson && (name === 'name' || name === 'full_name'))
      return [row['first_name'], row['last_name']].filter((part) => part !== null && part !== undefined && part !== '').join(' ')
    if (field?.type === 'relate' && field.idName !== undefined && field.module !== undefined)
      return nameOf(field.module as ModuleName, row[field.idName] ?? null)
    if (field?.type === 'parent') {
      const parent = schema.module(String(row['parent_type'] ?? ''))
      return parent === null ? null : nameOf(parent, row['parent_id'] ?? null)
    }
    return row[name] ?? null
  }

  const auditLines = (module: ModuleName, before: Row, values: Row, userId: string, at: number): Audit[] =>
    Object.entries(values).flatMap(([name, after]) => {
      const field: Field | null = schema.field(module, name)
      if (field?.audited !== true || (before[name] ?? null) === after) return []
      return [{ field: name, type: field.type, before: before[name] ?? null, after, at, userId }]
    })

  /** In the larger edition an opportunity is the sum of its lines. */
  const rollUp = (dealId: Value, userId: string): void => {
    if (!schema.enterprise || typeof dealId !== 'string') return
    const deal = store.row('Opportunities', dealId)
    if (deal === null) return
    const lines = [...(store.below('RevenueLineItems', [dealId]) ?? [])].filter(
      (line) => line['opportunity_id'] === dealId && line['deleted'] !== true,
    )
    if (lines.length === 0) return
    const sum = (name: string): number => lines.reduce((total, line) => total + Number(line[name] ?? 0), 0)
    const open = lines.filter((line) => line['sales_stage'] !== 'Closed Won' && line['sales_stage'] !== 'Closed Lost')
    const won = lines.filter((line) => line['sales_stage'] === 'Closed Won')
    const stage = (open[0] ?? won[0] ?? lines[0])?.['sales_stage'] ?? null
    const dates = lines.map((line) => String(line['date_closed'] ?? '')).sort()
    const counted = lines.filter((line) => line['sales_stage'] !== 'Closed Lost')
    const amount = (counted.length === 0 ? lines : counted).reduce((total, line) => total + Number(line['likely_case'] ?? 0), 0)
    modify(
      'Opportunities',
      dealId,
      { amount, best_case: sum('best_case'), worst_case: sum('worst_case'), sales_stage: stage, date_closed: dates.at(-1) || null },
      userId,
    )
  }

  const derived = (module: ModuleName, before: Row | null, values: Row): Row => {
    const after = (name: string): Value => values[name] ?? before?.[name] ?? null
    if (module === 'Opportunities') {
      const stage = after('sales_stage')
      const probability = stage === 'Closed Won' ? 100 : stage === 'Closed Lost' ? 0 : 50
      return schema.enterprise && stage !== null ? { sales_status: statusOfStage(stage), probability } : {}
    }
    if (module === 'RevenueLineItems') {
      const deal = store.row('Opportunities', String(after('opportunity_id') ?? ''))
      return { account_id: deal?.['account_id'] ?? null }
    }
    if (module === 'Cases') {
      const isClosed = ['Closed', 'Rejected', 'Duplicate'].includes(String(after('status')))
      return { resolved_datetime: isClosed ? (before?.['resolved_datetime'] ?? wholeSecond(now())) : null }
    }
    return {}
  }

  function modify(module: ModuleName, id: string, values: Row, userId: string): void {
    const before = store.row(module, id) ?? {}
    const all = { ...values, ...derived(module, before, values) }
    const at = wholeSecond(now())
    store.addAudit(module, id, auditLines(module, before, all, userId, at))
    store.write(module, id, { date_modified: at, modified_user_id: userId, ...all })
    if (module === 'RevenueLineItems') rollUp(store.row(module, id)?.['opportunity_id'] ?? null, userId)
  }

  return {
    store,
    schema,
    access,
    writes: [],
    quirks,
    now,
    load,
    value,
    create(module, values, userId, id) {
      const at = wholeSecond(now())
      const currency: Row = schema.field(module, 'currency_id') === null ? {} : { currency_id: BASE_CURRENCY, base_rate: 1 }
      const given: Row = { ...currency, ...values }
      const made = store.insert(
        module,
        {
          deleted: false,
          date_entered: at,
          date_modified: at,
          created_by: userId,
          modified_user_id: userId,
          ...(module === 'Cases' ? { case_number: 1 + [...store.touched('Cases')].length } : {}),
          ...given,
          ...derived(module, null, given),
        },
        id,
      )
      if (module === 'RevenueLineItems') rollUp(given['opportunity_id'] ?? null, userId)
      return made
    },
    update: modify,
    delete(module, id, userId) {
      const row = store.row(module, id)
      store.write(module, id, { deleted: true, date_modified: wholeSecond(now()), modified_user_id: userId })
      if (module === 'RevenueLineItems') rollUp(row?.['opportunity_id'] ?? null, userId)
    },
  }
}

/** Row values given by a test: instants may be texts, the linked contact is `contact_id` wherever the module keeps no such field. */
export function innerValues(schema: Schema, module: ModuleName, values: Row): Row {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const field = schema.field(module, name)
      if ((field?.type === 'datetime' || field?.type === 'datetimecombo') && typeof value === 'string') return [name, instantOf(value)]
      if (field === null && name === 'contact_id' && MODULES[module].fields.some((each) => each.name === 'contacts'))
        return [LINKED_CONTACT, value]
      return [name, value]
    }),
  )
}
