import type { ObjectType } from './object-types.ts'
import type { Source } from './source.ts'

/** Ids and modification instants of all the source's records of one type, ascending by id. */
export interface SearchIndex {
  readonly ids: readonly string[]
  readonly modifiedAt: Float64Array
}

/** No other request waits longer than this for a pass to give way. */
const TURN_MS = 20

/** Built by one pass over the source when a search first needs it; gives way to other requests in between. */
export function createIndexes(source: () => Source): (type: ObjectType) => Promise<SearchIndex> {
  let built = new Map<ObjectType, Promise<SearchIndex>>()
  let of = source()
  return (type) => {
    if (source() !== of) {
      built = new Map()
      of = source()
    }
    const known = built.get(type)
    if (known !== undefined) return known
    const made = build(of, type)
    built.set(type, made)
    return made
  }
}

async function build(source: Source, type: ObjectType): Promise<SearchIndex> {
  const ids: string[] = []
  const modified: number[] = []
  let turn = performance.now()
  for (const record of source.after(type, null)) {
    ids.push(record.id)
    modified.push(record.version)
    if (performance.now() - turn < TURN_MS) continue
    await new Promise((resolve) => setImmediate(resolve))
    turn = performance.now()
  }
  return { ids, modifiedAt: Float64Array.from(modified) }
}
