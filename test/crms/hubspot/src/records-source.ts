import type { LiveRecord } from '@assay/shared'
import type { ObjectType } from './object-types.ts'
import { EMPTY_SOURCE, type Source } from './source.ts'
import { objectTypeOfRecord, parentsOf } from './to-hubspot.ts'
import { compareIds } from './values.ts'

/** A short list of hand-made records as a portal. Ids are decimal texts. */
export function recordsSource(records: readonly LiveRecord[], currency = 'USD'): Source {
  const byType = new Map<ObjectType, LiveRecord[]>()
  for (const record of records) {
    if (!/^[1-9]\d*$/.test(record.id) && record.kind !== 'dealHistory')
      throw new Error(`HubSpot ids are decimal: ${record.kind} ${record.id}`)
    const type = objectTypeOfRecord(record)
    if (type === null) continue
    const list = byType.get(type) ?? []
    byType.set(type, list)
    list.push(record)
  }
  for (const list of byType.values()) list.sort((left, right) => compareIds(left.id, right.id))
  const all = (type: ObjectType): readonly LiveRecord[] => byType.get(type) ?? []
  const get = (type: ObjectType, id: string): LiveRecord | null => all(type).find((record) => record.id === id) ?? null
  const changes = records.filter((record): record is LiveRecord<'dealHistory'> => record.kind === 'dealHistory')

  return {
    ...EMPTY_SOURCE,
    today: Math.max(0, ...records.map((record) => record.version)),
    currency,
    rates: { [currency]: 1 },
    users: records.filter((record): record is LiveRecord<'user'> => record.kind === 'user'),
    get,
    after: (type, id) => all(type).filter((record) => id === null || compareIds(record.id, id) > 0),
    *everything() {
      for (const [type, list] of byType) for (const record of list) yield [type, record]
    },
    linked(from, id, to) {
      const record = get(from, id)
      if (record === null) return []
      if (from === 'companies' && to === 'companies') {
        const parent = (record as LiveRecord<'account'>).body.parentId
        return parent === null ? [] : [parent]
      }
      const up = parentsOf(record).find(([type]) => type === to)
      if (up !== undefined) return [up[1]]
      return all(to)
        .filter((child) => parentsOf(child).some(([type, parent]) => type === from && parent === id))
        .map((child) => child.id)
    },
    history: (dealId) =>
      changes.filter((change) => change.body.dealId === dealId).sort((left, right) => left.body.changedAt - right.body.changedAt),
    sample: () => records,
  }
}
