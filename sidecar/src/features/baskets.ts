import type { Baskets, Frame } from '@assay/shared'
import type { DealDays } from '../store/deal-days.ts'
import { type FrameRequest, parameters } from './frames.ts'
import { queryText } from './query.ts'

/** Every order of the frame's customers, as baskets; the frame's rows in the frame's order. */
export async function readBaskets(days: DealDays, frame: Frame, request: FrameRequest): Promise<Baskets> {
  const onDay = { ...parameters(request), day: await days.on(request.connection, request.asOf) }
  const rowOf = new Map(frame.ids.map((id, row) => [id, row]))
  const codeOf = new Map<string, number>()
  const codes: string[] = []
  const names: (string | null)[] = []
  const items = growing()
  const offsets = growing()
  const times = growing()
  const rows = growing()
  let order = ''
  let line = ''
  for await (const block of days.driver.blocks(queryText('baskets'), onDay)) {
    const customers = block.columns['customer_id'] as readonly string[]
    const deals = block.columns['deal_id'] as readonly string[]
    const at = block.columns['at'] as Float64Array
    const products = block.columns['product'] as readonly string[]
    const productNames = block.columns['name'] as readonly (string | null)[]
    for (let i = 0; i < block.size; i++) {
      const row = rowOf.get(customers[i]!)
      if (row === undefined) continue
      const key = `${customers[i]}\u0000${deals[i]}`
      if (key !== order) {
        order = key
        offsets.push(items.size)
        times.push(at[i]!)
        rows.push(row)
        line = ''
      }
      if (products[i] === line) continue
      line = products[i]!
      let code = codeOf.get(products[i]!)
      if (code === undefined) {
        code = codes.push(products[i]!) - 1
        codeOf.set(products[i]!, code)
        names.push(productNames[i] ?? null)
      }
      items.push(code)
    }
  }
  offsets.push(items.size)
  return byRow(frame.ids.length, rows.numbers(), times.numbers(), offsets.numbers(), items.numbers(), codes, names)
}

/** Baskets come customer by customer in the engine's order; this puts the customers into the frame's. */
function byRow(
  size: number,
  rowOfBasket: Float64Array,
  times: Float64Array,
  offsets: Float64Array,
  items: Float64Array,
  codes: readonly string[],
  names: readonly (string | null)[],
): Baskets {
  const counts = new Int32Array(size + 1)
  for (const row of rowOfBasket) counts[row + 1]!++
  for (let row = 0; row < size; row++) counts[row + 1]! += counts[row]!
  const place = counts.slice()
  const order = new Int32Array(rowOfBasket.length)
  for (let basket = 0; basket < rowOfBasket.length; basket++) order[place[rowOfBasket[basket]!]!++] = basket
  const packed = sharedIntegers(items.length)
  const packedOffsets = sharedIntegers(order.length + 1)
  const packedTimes = new Float64Array(new SharedArrayBuffer(order.length * 8))
  let filled = 0
  for (let i = 0; i < order.length; i++) {
    const basket = order[i]!
    packedTimes[i] = times[basket]!
    for (let k = offsets[basket]!; k < offsets[basket + 1]!; k++) packed[filled++] = items[k]!
    packedOffsets[i + 1] = filled
  }
  const rows = sharedIntegers(size + 1)
  rows.set(counts)
  return { rows, times: packedTimes, offsets: packedOffsets, items: packed, codes, names }
}

const sharedIntegers = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(length * 4))

/** All but the last basket of every customer with at least `least` of them; the last one as the target. */
export function holdOutLast(frame: Frame, least: number): { rows: Int32Array; baskets: Baskets; next: Baskets } {
  const from = frame.baskets!
  const rows: number[] = []
  for (let row = 0; row < frame.ids.length; row++) if (from.rows[row + 1]! - from.rows[row]! >= least) rows.push(row)
  return {
    rows: Int32Array.from(rows),
    baskets: slice(from, rows, (first, end) => [first, end - 1]),
    next: slice(from, rows, (_, end) => [end - 1, end]),
  }
}

function slice(from: Baskets, rows: readonly number[], range: (first: number, end: number) => [number, number]): Baskets {
  const starts = sharedIntegers(rows.length + 1)
  const times = growing()
  const offsets = growing()
  const items = growing()
  offsets.push(0)
  for (let i = 0; i < rows.length; i++) {
    const [first, end] = range(from.rows[rows[i]!]!, from.rows[rows[i]! + 1]!)
    for (let basket = first; basket < end; basket++) {
      times.push(from.times[basket]!)
      for (let k = from.offsets[basket]!; k < from.offsets[basket + 1]!; k++) items.push(from.items[k]!)
      offsets.push(items.size)
    }
    starts[i + 1] = times.size
  }
  return {
    rows: starts,
    times: times.numbers(),
    offsets: Int32Array.from(offsets.numbers()),
    items: Int32Array.from(items.numbers()),
    codes: from.codes,
    names: from.names,
  }
}

interface Growing {
  readonly size: number
  push(value: number): void
  numbers(): Float64Array
}

/** Numbers that arrive one by one, kept in one doubling array. */
function growing(): Growing {
  let values = new Float64Array(1024)
  let size = 0
  return {
    get size() {
      return size
    },
    push(value) {
      if (size === values.length) {
        const wider = new Float64Array(values.length * 2)
        wider.set(values)
        values = wider
      }
      values[size++] = value
    },
    numbers: () => values.slice(0, size),
  }
}
