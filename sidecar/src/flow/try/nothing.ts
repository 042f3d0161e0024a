import type { LeftOut } from '../../features/flat.ts'
import type { exportsFolder } from '../../registry.ts'

/** What the files hold: columns, types, what is missing, odd or double, what was kept aside. */
export type Profile = Awaited<ReturnType<typeof exportsFolder.profile>>

/** An outcome is one of so few words. */
const MOST_WORDS = 3
const MOST_COLUMNS = 5

/** What is missing where a folder has neither orders, subscriptions nor an outcome: said, with the columns that might be one. */
export function nothingToMine(profile: Profile): string[] {
  const columns = profile.files
    .flatMap((file) => file.columns)
    .filter(
      (column) => column.roles.includes('attribute') && column.distinct >= 2 && column.distinct <= MOST_WORDS && !column.distinctCapped,
    )
    .sort((a, b) => a.distinct - b.distinct)
    .slice(0, MOST_COLUMNS)
    .map((column) => `${column.name} (${column.examples.toSorted().join(', ')})`)
  return [
    'Nothing can be mined yet: there are no orders (deals with a day and a customer), no subscriptions, and no column is said to be what became of somebody.',
    `Put an export of the orders or subscriptions beside it, or name the column in mapping.json: "outcome": { "column": "…", "positive": "…", "meaning": "left" }${
      columns.length > 0 ? `; columns with few words: ${columns.join('; ')}` : ''
    }.`,
  ]
}

/** Columns without a single value: the store never hears of them, so that the files have to say it. */
export const emptyColumns = (profile: Profile): LeftOut[] =>
  profile.files.flatMap(({ rows, columns }) =>
    columns
      .filter((column) => rows > 0 && column.roles.includes('attribute') && column.blank + column.sentinel === rows)
      .map(({ name }) => ({ column: name, why: 'empty in every row' })),
  )
