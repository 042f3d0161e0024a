import type { ObjectType } from './object-types.ts'
import type { Source } from './source.ts'

/** Ids and modification instants of all the source's records of one type, ascending by id. */
export interface SearchIndex {
  readonly ids: readonly string[]
  readonly modifiedAt: Float64Array
}

/** No other request waits longer than this for a pass to give way. */
const TURN_MS = 20

/** Built by one pass over the source when a search first needs it, for all types at once; gives way to other requests in between. */
export function createIndexes(source: () => Source): (type: ObjectType) => Promise<SearchIndex> {
  let of = source()
  let built: Promise<ReadonlyMap<ObjectType, SearchIndex>> | null = null
  return async (type) => {
    if (source() !== of) {
      built = null
      of = source()
    }
    built ??= build(of)
    return (await built).get(type) ?? EMPTY
  }
}

const EMPTY: SearchIndex = { ids: [], modifiedAt: new Float64Array() }

async function build(source: Source): Promise<ReadonlyMap<ObjectType, SearchIndex>> {
  const growing = new Map<ObjectType, { ids: string[]; modified: number[] }>()
  let turn = performance.now()
  for (const [type, record] of source.everything()) {
    let list = growing.get(type)
    if (list === undefined) growing.set(type, (list = { ids: [], modified: [] }))
    list.ids.push(record.id)
    list.modified.push(record.version)
    if (performance.now() - turn < TURN_MS) continue
    await new Promise((resolve) => setImmediate(resolve))
    turn = performance.now()
  }
  return new Map([...growing].map(([type, { ids, modified }]) => [type, { ids, modifiedAt: Float64Array.from(modified) }]))
}
