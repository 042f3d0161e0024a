import { columnsOf } from './columns.ts'
import { AS_OF, asOf, ATTRIBUTES, latest, mergeJoins, NEWER, shown } from './known.ts'
import { identifier } from './params.ts'

/** Change histories carry dates as ISO 8601 text or as epoch ms. */
const parsedInstant = (value: string): string =>
  `if(match(${value}, '^-?[0-9]{11,}$'), fromUnixTimestamp64Milli(toInt64OrZero(${value}), 'UTC'), parseDateTime64BestEffortOrNull(${value}, 3, 'UTC'))`

/** Orders the changes of a deal: by instant, and by id where two have the same. One number, which is three times faster than a tuple. */
const ORDER =
  'bitShiftLeft(toUInt64(toUnixTimestamp64Milli(assumeNotNull(changed_at)) + 2208988800000), 20) + bitAnd(cityHash64(id), 1048575)'

/** Stands for a field that was emptied, because an aggregate passes over a NULL: what is known to be empty is not unknown. */
const EMPTIED = "'\\0'"
const lastValue = (field: string): string =>
  `argMaxIf(ifNull(value, ${EMPTIED}), ${ORDER}, field = '${field}') AS ${field}_value, countIf(field = '${field}') > 0 AS ${field}_known`
const lastFlag = (flag: string): string => `argMaxIf(ifNull(${flag}, 2), ${ORDER}, field = 'stage') AS stage_${flag}`

/** A day of a million deals is worked out slice by slice: whole, the changes and line items of all deals lay in memory at once. */
const sliced = (id: string): string => `cityHash64(${id}) % {slices:UInt32} = {slice:UInt32}`
const SLICED = 'connection = {connection:String}, as_of = {as_of:DateTime64(3)}, slice = {slice:UInt32}, slices = {slices:UInt32}'

/** By deal, what its history says about the day: the last change of each field that has any. */
function historyText(database: string): string {
  const known = latest(database, 'dealHistory', ['id', 'deleted', 'deal_id', 'field', 'value', 'is_closed', 'is_won', 'changed_at'])
  return `SELECT assumeNotNull(deal_id) AS deal_id, ${lastValue('stage')}, ${lastFlag('is_closed')}, ${lastFlag('is_won')},
      maxIf(assumeNotNull(changed_at), field = 'stage') AS stage_at,
      ${lastValue('amount')}, ${lastValue('closedAt')}, ${lastValue('ownerId')}
    FROM (${known}) WHERE deleted = 0 AND changed_at <= ${AS_OF} AND deal_id IS NOT NULL AND ${sliced('deal_id')} GROUP BY deal_id`
}
const valueOf = (field: string): string => `nullIf(h.${field}_value, ${EMPTIED})`

/** When a deal that is closed without a date was closed at the latest: when this version of it was made. */
const CLOSED_BY = 'coalesce(k.closed_at, fromUnixTimestamp64Milli(toInt64(least(k.version, 9000000000000))))'

/**
 * Deals on the day, without what hangs on them. `…_dated` is 1 where the history tells what it was on that day; else only the row does,
 * which may say more than was known then. History wins over the row, which may be newer knowledge; a deal that
 * closes later is open, and neither its final stage nor its real closing day show through.
 */
export function dealStateView(database: string): string {
  const columns = columnsOf('deal').map((column) => column.name)
  const base = latest(database, 'deal', ['id', 'version', 'deleted', ...columns, 'attributes'], ` AND ${sliced('id')}`)
  return `WITH
    h.stage_known AND h.stage_is_closed < 2 AS closed_by_history,
    if(k.is_closed = 1, ${CLOSED_BY} <= ${AS_OF}, k.is_closed) AS row_closed,
    if(closed_by_history, h.stage_is_closed, row_closed) AS closed,
    if(closed = 1, if(closed_by_history, nullIf(h.stage_is_won, 2), k.is_won), closed) AS won,
    if(h.closedAt_known, ${parsedInstant(valueOf('closedAt'))}, k.closed_at) AS close_date,
    if(close_date <= ${AS_OF}, close_date, if(closed_by_history, h.stage_at, NULL)) AS closing_day,
    if(closed = 1, closing_day, NULL) AS closed_on,
    if(h.amount_known, toFloat64OrNull(${valueOf('amount')}), k.amount) AS amount_then
  SELECT
    k.id AS id,
    k.name AS name,
    ${shown('account_id')} AS account_id,
    ${shown('contact_id')} AS contact_id,
    if(h.ownerId_known, ${valueOf('ownerId')}, k.owner_id) AS owner_id,
    k.pipeline AS pipeline,
    if(h.stage_known, ${valueOf('stage')}, if(k.is_closed = 1 AND closed = 0, NULL, k.stage)) AS stage,
    closed AS is_closed,
    won AS is_won,
    amount_then AS amount,
    k.currency AS currency,
    if(NOT h.amount_known OR amount_then = k.amount, k.home_amount, k.home_amount * amount_then / nullIf(k.amount, 0)) AS home_amount,
    k.type AS type,
    ${shown('created_at')} AS created_at,
    closed_on AS closed_at,
    if(closed = 1, NULL, if(h.closedAt_known, close_date, if(k.is_closed = 1 OR ${NEWER}, NULL, k.closed_at))) AS planned_close_at,
    if(won = 1, closed_on, NULL) AS won_at,
    if(h.stage_known, h.stage_at, NULL) AS stage_since,
    h.stage_known AS stage_dated,
    h.amount_known AS amount_dated,
    h.closedAt_known AS plan_dated,
    h.ownerId_known AS owner_dated,
    ${ATTRIBUTES} AS attributes
  FROM (${base}) AS k
  GLOBAL LEFT JOIN (${historyText(database)}) AS h ON k.id = h.deal_id${mergeJoins(database, columns)}
  WHERE k.deleted = 0`
}

/** Deals with what their line items come to, and one value: in home currency where there is one. */
export const dealView = (database: string): string => `SELECT k.*, l.line_amount AS line_amount,
    coalesce(k.home_amount, k.amount, l.line_amount) AS value
  FROM ${identifier(database)}.deal_state_as_of(${SLICED}) AS k
  GLOBAL LEFT JOIN (SELECT assumeNotNull(deal_id) AS deal_id, sum(value) AS line_amount
    FROM ${asOf(database, 'lineItem_as_of')} WHERE deal_id IS NOT NULL AND ${sliced('deal_id')} GROUP BY deal_id) AS l ON k.id = l.deal_id`

/** What one run has written down of a day, see `DealDays`. */
export const dealOnDayView = (database: string): string => `SELECT * FROM ${identifier(database)}.deal_day WHERE day = {day:String}`

/** What was bought: line items of won deals. `value` is in home currency where the deal has a rate. */
export const orderLineView = (database: string): string => `SELECT
    k.id AS id,
    coalesce(k.product_id, k.sku, k.name) AS product,
    k.name AS name,
    k.quantity AS quantity,
    k.value * if(d.home_amount IS NULL OR d.amount IS NULL OR d.amount = 0, 1, d.home_amount / d.amount) AS value,
    assumeNotNull(k.deal_id) AS deal_id,
    d.account_id AS account_id,
    d.contact_id AS contact_id,
    d.won_at AS won_at
  FROM ${asOf(database, 'lineItem_as_of')} AS k
  GLOBAL INNER JOIN (SELECT id, amount, home_amount, account_id, contact_id, won_at
    FROM ${identifier(database)}.deal_day WHERE day = {day:String} AND is_won = 1 AND won_at IS NOT NULL) AS d ON k.deal_id = d.id`
