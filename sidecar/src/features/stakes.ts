import { instant } from '../store/instant.ts'
import type { DealDays } from '../store/deal-days.ts'
import type { CustomerUnit } from './history.ts'
import { queryText } from './query.ts'

/** What a warning about a customer is about. */
export interface Stake {
  readonly id: string
  readonly name: string | null
  /** Null where there is no owner, or the owner has left. */
  readonly ownerId: string | null
  /** What the customer spent in the last year. */
  readonly money: number
}

const PAGE = 4_000

export async function stakes(
  days: DealDays,
  connection: string,
  unit: CustomerUnit,
  asOf: number,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Stake>> {
  const found = new Map<string, Stake>()
  const day = ids.length === 0 ? '' : await days.on(connection, asOf)
  for (let start = 0; start < ids.length; start += PAGE) {
    const params = { connection, unit, as_of: instant(asOf), day, ids: ids.slice(start, start + PAGE) }
    for await (const block of days.driver.blocks(queryText('stakes'), params)) {
      const text = (name: string): readonly (string | null)[] => block.columns[name] as readonly (string | null)[]
      const number = (name: string): Float64Array => block.columns[name] as Float64Array
      for (let i = 0; i < block.size; i++) {
        const gone = number('owner_is_active')[i] === 0
        found.set(text('id')[i]!, {
          id: text('id')[i]!,
          name: text('name')[i] ?? null,
          ownerId: gone ? null : (text('owner_id')[i] ?? null),
          money: number('money')[i]! || 0,
        })
      }
    }
  }
  return found
}
