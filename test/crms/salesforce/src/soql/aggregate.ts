import { ok, type Reply } from '../reply.ts'
import type { Row, Value } from '../values.ts'
import { refuse } from '../reply.ts'
import type { Aggregate } from './parse.ts'
import type { Asking, Plan } from './plan.ts'
import { jsonValue } from './present.ts'
import { resolve, type Column } from './resolve.ts'

/** `COUNT()`, and `COUNT(Id)`, `MIN(CreatedDate)` … over all rows or by group. */
export function aggregated(plan: Plan, { org, userId, asOf }: Asking): Reply {
  const { query, object } = plan
  if (query.isCount) {
    let count = 0
    const rows = plan.rows(null)[Symbol.iterator]()
    while (rows.next().done !== true) count += 1
    return ok({ totalSize: query.limit === null ? count : Math.min(query.limit, count), done: true, records: [] })
  }
  const keys = query.groupBy.map((path) => resolve(org, userId, object, path, query.soql))
  const loose = plan.columns.find((column) => !keys.some((key) => key.path === column.path))
  if (loose !== undefined) throw refuse(400, 'MALFORMED_QUERY', `Field must be grouped or aggregated: ${loose.path}`)
  const sums = query.aggregates.map((aggregate) => ({
    aggregate,
    column: aggregate.field === null ? null : resolve(org, userId, object, aggregate.field, query.soql),
  }))
  const groups = new Map<string, { readonly key: readonly Value[]; readonly rows: Row[] }>()
  if (keys.length === 0) groups.set('[]', { key: [], rows: [] })
  for (const row of plan.rows(null)) {
    const key = keys.map((column) => column.read(row, asOf))
    const text = JSON.stringify(key)
    const group = groups.get(text) ?? { key, rows: [] }
    groups.set(text, group)
    group.rows.push(row)
  }
  const records = [...groups.values()].map(({ key, rows }) => {
    const made: Record<string, unknown> = { attributes: { type: 'AggregateResult' } }
    for (const [position, column] of keys.entries()) made[column.field.name] = jsonValue(column, key[position] ?? null)
    for (const { aggregate, column } of sums) made[aggregate.alias] = over(aggregate, column, rows, asOf)
    return made
  })
  const most = query.limit ?? records.length
  return ok({ totalSize: Math.min(most, records.length), done: true, records: records.slice(0, most) })
}

function over({ name }: Aggregate, column: Column | null, rows: readonly Row[], asOf: number | undefined): Value {
  if (column === null) return rows.length
  const values = rows.map((row) => column.read(row, asOf)).filter((value) => value !== null)
  const numbers = values.filter((value) => typeof value === 'number')
  const sum = numbers.reduce((left, right) => left + right, 0)
  switch (name) {
    case 'COUNT':
      return values.length
    case 'COUNT_DISTINCT':
      return new Set(values).size
    case 'SUM':
      return numbers.length === 0 ? null : sum
    case 'AVG':
      return numbers.length === 0 ? null : sum / numbers.length
    default: {
      let best: Value = null
      for (const value of values) if (best === null || (name === 'MIN' ? value < best : value > best)) best = value
      return jsonValue(column, best)
    }
  }
}
