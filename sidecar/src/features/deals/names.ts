import { instant } from '../../store/instant.ts'
import type { Driver } from '../../store/store.ts'
import { queryText } from '../query.ts'

/** Names of deals, by id; an id without a name is left out. */
export async function dealNames(
  driver: Driver,
  connection: string,
  asOf: number,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await driver.rows<{ id: string; name: string | null }>(queryText('deals/names'), { connection, as_of: instant(asOf), ids })
  return new Map(rows.flatMap((row) => (row.name === null ? [] : [[row.id, row.name] as const])))
}
