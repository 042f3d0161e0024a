/** Remembers which texts it has seen, by their 64-bit hash: 13 to 27 bytes each instead of the text. */
export interface IdSet {
  /** Remembers `id`. True when it is new; also true, without remembering it, once the set is full. */
  add(id: string): boolean
  has(id: string): boolean
  readonly size: number
  /** True once ids have gone by that were not remembered. */
  readonly full: boolean
}

/** Two 32-bit halves of a 64-bit hash of the first characters (the mixing of MurmurHash3's finaliser over two multiplicative streams). */
const hash = (text: string, characters: number, out: Uint32Array): void => {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  const end = Math.min(text.length, characters)
  for (let index = 0; index < end; index += 1) {
    const code = text.charCodeAt(index)
    a = Math.imul(a ^ code, 0x9e3779b1)
    b = Math.imul(b ^ code, 0x5f356495)
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  out[0] = a
  // Zero in both halves marks a free place.
  out[1] = b >>> 0 === 0 && a >>> 0 === 0 ? 1 : b
}

export interface IdSetLimits {
  /** Ids that are remembered at most; without it, memory grows with them. */
  readonly most?: number
  /** Only so many characters of an id count. */
  readonly characters?: number
}

/** An empty set. Open addressing, doubled at 60 % load. */
export const openIdSet = ({ most = Infinity, characters = Infinity }: IdSetLimits = {}): IdSet => {
  let places = 1 << 10
  let table = new Uint32Array(places * 2)
  let size = 0
  let full = false
  const key = new Uint32Array(2)

  /** Index of the place that holds `key`, or of the free place where it belongs. */
  const place = (): number => {
    let at = (key[0]! ^ (key[1]! >>> 7)) & (places - 1)
    while (table[at * 2] !== 0 || table[at * 2 + 1] !== 0) {
      if (table[at * 2] === key[0] && table[at * 2 + 1] === key[1]) break
      at = (at + 1) & (places - 1)
    }
    return at
  }
  const taken = (at: number): boolean => table[at * 2] !== 0 || table[at * 2 + 1] !== 0
  const grow = (): void => {
    const old = table
    places *= 2
    table = new Uint32Array(places * 2)
    for (let index = 0; index < old.length; index += 2) {
      if (old[index] === 0 && old[index + 1] === 0) continue
      key[0] = old[index]!
      key[1] = old[index + 1]!
      const at = place()
      table[at * 2] = key[0]!
      table[at * 2 + 1] = key[1]!
    }
  }
  return {
    add(id) {
      hash(id, characters, key)
      let at = place()
      if (taken(at)) return false
      if (size >= most) {
        full = true
        return true
      }
      if (size >= places * 0.6) {
        grow()
        hash(id, characters, key)
        at = place()
      }
      table[at * 2] = key[0]!
      table[at * 2 + 1] = key[1]!
      size += 1
      return true
    },
    has(id) {
      hash(id, characters, key)
      return taken(place())
    },
    get size() {
      return size
    },
    get full() {
      return full
    },
  }
}
