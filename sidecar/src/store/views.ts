import { KINDS, type Kind } from '@assay/shared'
import { columnsOf, versionTable } from './columns.ts'
import { dealOnDayView, dealStateView, dealView, orderLineView } from './deal-views.ts'
import { AS_OF, ATTRIBUTES, latest, mergeJoins, NEWER, shown, unlessLater } from './known.ts'
import { identifier } from './params.ts'
import { ON_EVERY_NODE } from './store.ts'

/** What one kind shows differently on an earlier day: expressions by column (null leaves it out), more columns, a condition. */
interface Special {
  readonly columns?: Readonly<Record<string, string>>
  readonly more?: Readonly<Record<string, string>>
  readonly where?: string
}

/** An end whose row was written no earlier than a day before it: it happened. Any other may be a plan, whatever the clock says. */
const TOLD_END = `if(k.ended_at > ${AS_OF} OR k.version + 86400000 < toUnixTimestamp64Milli(assumeNotNull(k.ended_at)), NULL, k.ended_at)`

const notYet = (column: string): string => `k.${column} > ${AS_OF}`
const plan = (column: string): string => `if(${notYet(column)} AND NOT (${NEWER}), k.${column}, NULL)`

const SPECIAL: Readonly<Partial<Record<Kind, Special>>> = {
  lineItem: { more: { value: 'coalesce(k.amount, k.quantity * k.unit_price)' } },
  // What a lead became is not known before it did.
  lead: {
    columns: {
      converted_at: unlessLater('converted_at'),
      status: `if(${notYet('converted_at')} AND ${NEWER}, NULL, k.status)`,
      account_id: `if(ifNull(${notYet('converted_at')}, 0), NULL, ${shown('account_id')})`,
      contact_id: `if(ifNull(${notYet('converted_at')}, 0), NULL, ${shown('contact_id')})`,
    },
  },
  // A planned meeting is no event.
  activity: { where: `ifNull(k.happened_at <= ${AS_OF}, 1)` },
  case: {
    columns: { closed_at: unlessLater('closed_at'), status: `if(${notYet('closed_at')} AND ${NEWER}, NULL, k.status)` },
  },
  subscription: {
    columns: {
      ended_at: unlessLater('ended_at'),
      status: `if(${NEWER} AND NOT ifNull(k.ended_at <= ${AS_OF}, 0), NULL, k.status)`,
      renews_at: `if(${NEWER}, NULL, k.renews_at)`,
    },
    more: { planned_end_at: plan('ended_at'), told_end_at: TOLD_END },
  },
  campaignMember: {
    columns: { responded_at: unlessLater('responded_at'), status: `if(${notYet('responded_at')} AND ${NEWER}, NULL, k.status)` },
  },
}

/**
 * From losers to winners of the merges known on the day. A winner may have been merged in turn: each round of the fold goes
 * one step further, five at most. Merges are few, so they travel as two arrays, which is far cheaper than joining them with themselves.
 */
function mergeView(database: string, kind: 'account' | 'contact'): string {
  const table = `${identifier(database)}.${identifier(versionTable(kind))}`
  const losers = `SELECT id FROM ${table} WHERE connection = {connection:String} AND known_at <= ${AS_OF} AND merged_into IS NOT NULL`
  const known = latest(database, kind, ['id', 'deleted', 'merged_into'], ` AND id GLOBAL IN (${losers})`)
  return `WITH (SELECT (groupArray(id), groupArray(assumeNotNull(merged_into))) FROM (${known})
    WHERE deleted AND merged_into IS NOT NULL AND merged_into != id) AS merges
  SELECT id, winner FROM (SELECT 1) ARRAY JOIN merges.1 AS id,
    arrayFold((reached, step) -> arrayMap(one -> transform(one, merges.1, merges.2, one), reached), range(5), merges.2) AS winner`
}

function kindView(database: string, kind: Kind): string {
  const columns = columnsOf(kind).map((column) => column.name)
  const special = SPECIAL[kind] ?? {}
  const own = columns.map((column) => `${special.columns?.[column] ?? shown(column)} AS ${column}`)
  const more = Object.entries(special.more ?? {}).map(([column, value]) => `${value} AS ${column}`)
  const inner = latest(database, kind, ['id', 'version', 'deleted', ...columns, 'attributes'])
  return `SELECT k.id AS id, ${[...own, ...more].join(', ')}, ${ATTRIBUTES} AS attributes
  FROM (${inner}) AS k${mergeJoins(database, columns)}
  WHERE k.deleted = 0${special.where === undefined ? '' : ` AND ${special.where}`}`
}

/** Statements that make the as-of views: one text for one node and for shards. They read the tables, never each other's rows twice. */
export function viewStatements(database: string): readonly string[] {
  const views: [string, string][] = [
    ['account_merge_as_of', mergeView(database, 'account')],
    ['contact_merge_as_of', mergeView(database, 'contact')],
    ...KINDS.filter((kind) => kind !== 'deal').map((kind): [string, string] => [`${kind}_as_of`, kindView(database, kind)]),
    ['deal_state_as_of', dealStateView(database)],
    ['deal_as_of', dealView(database)],
    ['deal_on_day', dealOnDayView(database)],
    ['order_line_on_day', orderLineView(database)],
  ]
  return views.map(([name, text]) => `CREATE OR REPLACE VIEW ${identifier(name)} ${ON_EVERY_NODE} AS ${text}`)
}
