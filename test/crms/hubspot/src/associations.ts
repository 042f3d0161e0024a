import { pairTypes, parentCompanyType, reverseOf, type AssociationType } from './association-types.ts'
import { OBJECT_TYPES, type ObjectType } from './object-types.ts'
import type { Store } from './store.ts'
import { compareIds } from './values.ts'

export interface Link {
  readonly id: string
  readonly types: readonly AssociationType[]
}

/** Who hangs together with whom: the source's links, minus what was taken away, plus what was added. */
export interface Associations {
  /** Live ends only, ascending by id. */
  links(from: ObjectType, id: string, to: ObjectType): Link[]
  add(from: ObjectType, id: string, to: ObjectType, toId: string, types: readonly AssociationType[]): void
  remove(from: ObjectType, id: string, to: ObjectType, toId: string): void
  /** All links of the loser become links of the winner. */
  move(type: ObjectType, loser: string, winner: string): void
  clear(): void
}

/** One direction: (from type, from id, to type) → to id → types; an empty list marks a link of the source as taken away. */
type Written = Map<string, Map<string, readonly AssociationType[]>>

export function createAssociations(store: Store): Associations {
  const written: Written = new Map()
  const key = (from: ObjectType, id: string, to: ObjectType): string => `${from}/${id}>${to}`

  const sourceTypes = (from: ObjectType, to: ObjectType): readonly AssociationType[] => {
    if (from === 'companies' && to === 'companies') return [parentCompanyType]
    const pair = pairTypes(from, to)
    if (pair === null) return []
    return pair.primary === null ? [pair.plain] : [pair.primary, pair.plain]
  }

  const typesOf = (from: ObjectType, id: string, to: ObjectType): Map<string, readonly AssociationType[]> => {
    const types = sourceTypes(from, to)
    const found = new Map<string, readonly AssociationType[]>()
    for (const toId of store.source.linked(from, id, to)) found.set(toId, types)
    for (const [toId, own] of written.get(key(from, id, to)) ?? []) {
      if (own.length === 0) found.delete(toId)
      else found.set(toId, own)
    }
    return found
  }

  const set = (from: ObjectType, id: string, to: ObjectType, toId: string, types: readonly AssociationType[]): void => {
    const name = key(from, id, to)
    const ends = written.get(name) ?? new Map<string, readonly AssociationType[]>()
    written.set(name, ends)
    ends.set(toId, types)
  }

  /** A record has one primary company: a new one takes the mark from the old. */
  const demote = (from: ObjectType, id: string, to: ObjectType, except: string): void => {
    const primary = pairTypes(from, to)?.primary
    if (to !== 'companies' || !primary) return
    for (const [toId, types] of typesOf(from, id, to)) {
      if (toId === except || !types.some((type) => type.typeId === primary.typeId)) continue
      const rest = types.filter((type) => type.typeId !== primary.typeId)
      set(from, id, to, toId, rest)
      set(
        to,
        toId,
        from,
        id,
        rest.map((type) => reverseOf(from, to, type)),
      )
    }
  }

  const add: Associations['add'] = (from, id, to, toId, types) => {
    const before = typesOf(from, id, to).get(toId) ?? []
    const plain = pairTypes(from, to)?.plain
    const all = [...before]
    for (const type of [...types, ...(plain === undefined ? [] : [plain])])
      if (!all.some((each) => each.typeId === type.typeId && each.category === type.category)) all.push(type)
    const primary = (type: AssociationType): boolean => type.label === 'Primary'
    if (types.some(primary)) {
      demote(from, id, to, toId)
      demote(to, toId, from, id)
    }
    set(from, id, to, toId, all)
    set(
      to,
      toId,
      from,
      id,
      all.map((type) => reverseOf(from, to, type)),
    )
    if (from === 'contacts' && to === 'companies' && types.some(primary)) store.calculate('contacts', id, { associatedcompanyid: toId })
    if (from === 'companies' && to === 'contacts' && types.some(primary)) store.calculate('contacts', toId, { associatedcompanyid: id })
  }

  const remove: Associations['remove'] = (from, id, to, toId) => {
    set(from, id, to, toId, [])
    set(to, toId, from, id, [])
    const [contact, company] = from === 'contacts' ? [id, toId] : [toId, id]
    const pair = [from, to].sort().join()
    if (pair === 'companies,contacts' && store.view('contacts', contact)?.value('associatedcompanyid') === company)
      store.calculate('contacts', contact, { associatedcompanyid: null })
  }

  return {
    links: (from, id, to) =>
      [...typesOf(from, id, to)]
        .filter(([toId]) => store.isLive(to, toId))
        .map(([toId, types]) => ({ id: toId, types }))
        .sort((left, right) => compareIds(left.id, right.id)),
    add,
    remove,
    move(type, loser, winner) {
      for (const to of OBJECT_TYPES)
        for (const [toId, types] of typesOf(type, loser, to)) {
          remove(type, loser, to, toId)
          if (!(to === type && toId === winner)) add(type, winner, to, toId, types)
        }
    },
    clear: () => written.clear(),
  }
}
