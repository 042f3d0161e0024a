/** Remembers which ids it has seen: 16 bytes each at most, instead of the text. */
export interface IdSet {
  add(id: string): void
  has(id: string): boolean
  readonly size: number
}

const FIRST_PLACES = 1 << 12

/** 53 bits of a hash as one number, never zero: two multiplicative streams, mixed into each other (the finaliser of MurmurHash3). */
const hash = (id: string): number => {
  let high = 0x9747b28c
  let low = 0x3c6ef372
  for (let at = 0; at < id.length; at += 1) {
    const code = id.charCodeAt(at)
    high = Math.imul(high ^ code, 0x85ebca6b)
    low = Math.imul(low ^ code, 0xc2b2ae35)
    high ^= high >>> 13
    low ^= low >>> 16
  }
  high = Math.imul(high ^ (high >>> 15) ^ low, 0x2c1b3c6d)
  low = Math.imul(low ^ (low >>> 13) ^ high, 0x297a2d39)
  return (high >>> 0) * 0x200000 + (low >>> 11) || 1
}

/** An empty set: open addressing in one table, doubled when half full. */
export const openIdSet = (): IdSet => {
  let table = new Float64Array(FIRST_PLACES)
  let size = 0
  const place = (key: number): number => {
    let at = key % table.length
    while (table[at] !== 0 && table[at] !== key) at = (at + 1) % table.length
    return at
  }
  const grow = () => {
    const old = table
    table = new Float64Array(old.length * 2)
    for (const key of old) if (key !== 0) table[place(key)] = key
  }
  return {
    add(id) {
      const key = hash(id)
      const at = place(key)
      if (table[at] === key) return
      table[at] = key
      size += 1
      if (size * 2 > table.length) grow()
    },
    has: (id) => table[place(hash(id))] !== 0,
    get size() {
      return size
    },
  }
}
