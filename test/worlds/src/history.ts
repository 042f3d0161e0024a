import type { LiveRecord } from '@assay/shared'

type Field = LiveRecord<'dealHistory'>['body']['field']

export interface Change {
  readonly at: number
  readonly field: Field
  readonly value: string | null
  readonly isClosed?: boolean
  readonly isWon?: boolean
}

/** Changes of one deal as records, by instant. Two changes of one field never share an instant: the later moves by a millisecond. */
export function historyRecords(dealId: string, changes: readonly Change[]): LiveRecord<'dealHistory'>[] {
  const last = new Map<Field, number>()
  return changes
    .toSorted((a, b) => a.at - b.at)
    .map((change) => {
      const at = Math.max(Math.floor(change.at), (last.get(change.field) ?? -1) + 1)
      last.set(change.field, at)
      return {
        kind: 'dealHistory',
        id: `${dealId}-${change.field}-${at}`,
        version: at,
        knownAt: at,
        deleted: false,
        body: {
          dealId,
          field: change.field,
          value: change.value,
          isClosed: change.isClosed ?? null,
          isWon: change.isWon ?? null,
          changedAt: at,
        },
        attributes: {},
      }
    })
}
