import type { ScoreObject } from '@assay/shared'
import { latest } from './known.ts'
import type { Store } from './store.ts'

/** A record by name, and the customers it may hang on. */
export interface RecordName {
  readonly object: ScoreObject
  readonly id: string
  readonly name: string | null
  /** The account of a contact; the account and the contact of a deal: whose scores it shows when it has none of its own. */
  readonly customers: readonly { readonly object: ScoreObject; readonly id: string }[]
}

/** Merges that were merged again; a longer chain ends where it is. */
const MOST_MERGES = 5
const PARENTS: Readonly<Record<ScoreObject, readonly ('account_id' | 'contact_id')[]>> = {
  account: [],
  contact: ['account_id'],
  deal: ['account_id', 'contact_id'],
}

/** One record as known on that day (epoch ms), followed to the winner where it was merged; null where it is unknown or gone. */
export async function recordName(
  store: Store,
  connection: string,
  object: ScoreObject,
  id: string,
  asOf: number,
): Promise<RecordName | null> {
  const { driver } = store
  const parents = PARENTS[object]
  // The id goes inside, unlike in the as-of views: one record is read, not all of them.
  const sql = `SELECT * FROM (${latest(driver.database, object, ['id', 'name', 'deleted', 'merged_into', ...parents], ' AND id = {id:String}')})`
  let meant = id
  for (let hops = 0; hops <= MOST_MERGES; hops++) {
    const rows = await driver.rows<Record<string, string | number | null>>(sql, { connection, id: meant, as_of: asOf })
    const row = rows[0]
    if (row === undefined) return null
    const winner = row['merged_into']
    if (!row['deleted']) {
      const customers = parents.flatMap((column) => {
        const value = row[column]
        return typeof value === 'string' && value !== ''
          ? [{ object: column === 'account_id' ? ('account' as const) : ('contact' as const), id: value }]
          : []
      })
      return { object, id: meant, name: typeof row['name'] === 'string' && row['name'] !== '' ? row['name'] : null, customers }
    }
    if (typeof winner !== 'string' || winner === '' || winner === meant) return null
    meant = winner
  }
  return null
}
