import type { CrmRecord } from '@assay/shared'
import { firstOwner, instant, isOwnerChange, ownerChanges, stageChanges, type Context, type DealState } from './map.ts'
import { FIELD_HISTORY, FIELD_HISTORY_FIELDS, STAGE_HISTORY, STAGE_HISTORY_FIELDS } from './objects.ts'
import type { Org } from './org.ts'
import { rowsByIds } from './query.ts'
import type { WireRecord } from './wire.ts'

/** Rows of one deal follow each other, oldest first: a change is seen by the row before. */
const ORDER = 'OpportunityId, CreatedDate, Id'
const OWNER = "Field = 'Owner'"

export const STAGE_QUERY = `SELECT ${STAGE_HISTORY_FIELDS.join(', ')} FROM ${STAGE_HISTORY} ORDER BY ${ORDER}`
export const OWNER_QUERY = `SELECT ${FIELD_HISTORY_FIELDS.join(', ')} FROM ${FIELD_HISTORY} WHERE ${OWNER} ORDER BY ${ORDER}`

/** Turns rows of a history, in their order, into changes. `carry` continues where an earlier reader of the same order stopped. */
export interface HistoryReader {
  read(rows: readonly WireRecord[]): CrmRecord[]
  carry(): string
}

export const stageReader = (stages: Context['stages'], carry: string | null): HistoryReader => {
  let before = carry === null ? null : (JSON.parse(carry) as DealState | null)
  return {
    read(rows) {
      const records: CrmRecord[] = []
      for (const row of rows) {
        const changed = stageChanges(row, before, stages)
        if (changed === null) continue
        before = changed.after
        records.push(...changed.records)
      }
      return records
    },
    carry: () => JSON.stringify(before),
  }
}

export const ownerReader = (carry: string | null): HistoryReader => {
  let dealId = carry
  return {
    read(rows) {
      const records: CrmRecord[] = []
      for (const row of rows) {
        if (!isOwnerChange(row)) continue
        records.push(...ownerChanges(row, row['OpportunityId'] !== dealId))
        dealId = String(row['OpportunityId'])
      }
      return records
    },
    carry: () => dealId ?? '',
  }
}

/** The first owners of deals, as far as nothing but the deals themselves is known; none where nobody writes down changes of owner. */
export const firstOwners = async (org: Org, deals: readonly WireRecord[]): Promise<CrmRecord[]> => {
  if (deals.length === 0 || !(await org.ownersTracked())) return []
  const records: CrmRecord[] = []
  for (const deal of deals) {
    const [id, owner, created] = [deal['Id'], deal['OwnerId'], instant(deal['CreatedDate'])]
    if (typeof id === 'string' && typeof owner === 'string' && created !== null) records.push(firstOwner(id, owner, created, 'by none'))
  }
  return records
}

/** The whole history of these deals. */
export const historyOf = async (org: Org, deals: readonly WireRecord[], stages: Context['stages']): Promise<CrmRecord[]> => {
  const ids = deals.map((deal) => String(deal['Id']))
  if (ids.length === 0) return []
  const staged =
    (await org.describe(STAGE_HISTORY)) === null
      ? []
      : stageReader(stages, null).read(
          await rowsByIds(org.client, STAGE_HISTORY_FIELDS, STAGE_HISTORY, 'OpportunityId', ids, { orderBy: ORDER }),
        )
  const owned = !(await org.ownersTracked())
    ? []
    : ownerReader(null).read(
        await rowsByIds(org.client, FIELD_HISTORY_FIELDS, FIELD_HISTORY, 'OpportunityId', ids, { where: OWNER, orderBy: ORDER }),
      )
  // What a change says of a first owner stands in for what the deal itself says.
  const told = new Set(owned.map(({ id }) => id))
  const first = (await firstOwners(org, deals)).filter(({ id }) => !told.has(id))
  return [...first, ...staged, ...owned]
}
