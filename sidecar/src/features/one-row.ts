import type { Driver } from '../store/store.ts'
import { queryText } from './query.ts'

/** The first row of a feature file's answer, by column; NULL is null. Empty where there is none. */
export async function oneRow(
  driver: Driver,
  file: string,
  params: Record<string, string>,
): Promise<Readonly<Record<string, number | string | null>>> {
  for await (const block of driver.blocks(queryText(file), params)) {
    if (block.size === 0) continue
    return Object.fromEntries(
      Object.entries(block.columns).map(([name, values]) => {
        const value = values[0] ?? null
        return [name, Number.isNaN(value) ? null : value]
      }),
    )
  }
  return {}
}
