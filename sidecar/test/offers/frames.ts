import type { Baskets, Column, Frame } from '@assay/shared'

/** A frame with number columns only, ids ascending. */
export function frameOf(ids: readonly string[], numbers: Readonly<Record<string, ArrayLike<number>>>, asOf: number | null = null): Frame {
  const columns = Object.entries(numbers).map(([name, values]): Column => ({
    type: 'number',
    info: { name, label: name, unit: 'number', phrase: '{value}', sourceFields: [], restricted: false },
    values: Float64Array.from(values),
  }))
  return { asOf, ids, columns, outcome: null, baskets: null, next: null }
}

export interface Order {
  readonly customer: string
  readonly at: number
  readonly codes: readonly string[]
}

/** Orders (any order) packed for the given customers; names are looked up by code. */
export function basketsOf(ids: readonly string[], orders: readonly Order[], names: ReadonlyMap<string, string> = new Map()): Baskets {
  const codes = [...new Set(orders.flatMap((order) => order.codes))].sort()
  const numbers = new Map(codes.map((code, i) => [code, i]))
  const byCustomer = Map.groupBy(orders, (order) => order.customer)
  const rows = [0]
  const times: number[] = []
  const offsets = [0]
  const items: number[] = []
  for (const id of ids) {
    for (const order of (byCustomer.get(id) ?? []).toSorted((a, b) => a.at - b.at)) {
      times.push(order.at)
      for (const code of new Set(order.codes)) items.push(numbers.get(code)!)
      offsets.push(items.length)
    }
    rows.push(times.length)
  }
  return {
    rows: Int32Array.from(rows),
    times: Float64Array.from(times),
    offsets: Int32Array.from(offsets),
    items: Int32Array.from(items),
    codes,
    names: codes.map((code) => names.get(code) ?? null),
  }
}

/** Each customer's last order is what has to be foretold from the others. */
export function lastOrderFrame(orders: readonly Order[], asOf: number | null, names?: ReadonlyMap<string, string>): Frame {
  const byCustomer = Map.groupBy(orders, (order) => order.customer)
  const ids = [...byCustomer.keys()].sort()
  const sorted = ids.map((id) => byCustomer.get(id)!.toSorted((a, b) => a.at - b.at))
  return {
    asOf,
    ids,
    columns: [],
    outcome: null,
    baskets: basketsOf(
      ids,
      sorted.flatMap((own) => own.slice(0, -1)),
      names,
    ),
    next: basketsOf(
      ids,
      sorted.flatMap((own) => own.slice(-1)),
      names,
    ),
  }
}
