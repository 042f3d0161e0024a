import type { Baskets } from '@assay/shared'

/** Products by code, ascending: the numbering that a model keeps. */
export interface Catalogue {
  readonly codes: readonly string[]
  readonly names: readonly (string | null)[]
}

/** Code and name of what is sold, in a frame's baskets; sorted, so that the order of a file says nothing. */
export function catalogueOf(baskets: Baskets): Catalogue {
  const order = baskets.codes.map((_, i) => i).sort((a, b) => (baskets.codes[a]! < baskets.codes[b]! ? -1 : 1))
  return { codes: order.map((i) => baskets.codes[i]!), names: order.map((i) => baskets.names[i] ?? null) }
}

/** For each code of a frame its number in a model; -1 where the model does not know or does not offer it. */
export function translation(baskets: Baskets, codes: readonly string[]): Int32Array {
  const numbers = new Map(codes.map((code, i) => [code, i]))
  return Int32Array.from(baskets.codes, (code) => numbers.get(code) ?? -1)
}

/** Baskets in a model's numbers; what it does not know, and orders in which nothing is left, are gone. */
export interface History {
  /** Row r owns orders `rows[r] .. rows[r + 1]`, oldest first. */
  readonly rows: Int32Array
  readonly times: Float64Array
  readonly offsets: Int32Array
  readonly items: Int32Array
}

export function historyOf(baskets: Baskets, numbers: Int32Array): History {
  const rows = new Int32Array(baskets.rows.length)
  const times: number[] = []
  const offsets: number[] = [0]
  const items = new Int32Array(baskets.items.length)
  let size = 0
  for (let row = 0; row + 1 < baskets.rows.length; row++) {
    for (let b = baskets.rows[row]!; b < baskets.rows[row + 1]!; b++) {
      const from = size
      for (let i = baskets.offsets[b]!; i < baskets.offsets[b + 1]!; i++) {
        const item = numbers[baskets.items[i]!]!
        if (item >= 0) items[size++] = item
      }
      if (size === from) continue
      times.push(baskets.times[b]!)
      offsets.push(size)
    }
    rows[row + 1] = times.length
  }
  return { rows, times: Float64Array.from(times), offsets: Int32Array.from(offsets), items: items.slice(0, size) }
}

/** Takes the last order away from the rows marked, to see whether it can be foretold. */
export function withoutLast(history: History, marked: Uint8Array): History {
  const rows = new Int32Array(history.rows.length)
  const times: number[] = []
  const offsets: number[] = [0]
  const items = new Int32Array(history.items.length)
  let size = 0
  for (let row = 0; row + 1 < history.rows.length; row++) {
    for (let b = history.rows[row]!; b < history.rows[row + 1]! - marked[row]!; b++) {
      const basket = history.items.subarray(history.offsets[b], history.offsets[b + 1])
      items.set(basket, size)
      size += basket.length
      times.push(history.times[b]!)
      offsets.push(size)
    }
    rows[row + 1] = times.length
  }
  return { rows, times: Float64Array.from(times), offsets: Int32Array.from(offsets), items: items.slice(0, size) }
}

export const orderCount = (history: History, row: number): number => history.rows[row + 1]! - history.rows[row]!
