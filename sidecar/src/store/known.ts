import { ASSAY_PREFIX, type Kind } from '@assay/shared'
import { versionTable } from './columns.ts'
import { identifier, literal } from './params.ts'

export const AS_OF = '{as_of:DateTime64(3)}'
const PARAMETERS = `connection = {connection:String}, as_of = ${AS_OF}`

/** How one view reads another for the same connection and day. */
export const asOf = (database: string, view: string): string => `${identifier(database)}.${identifier(view)}(${PARAMETERS})`

/** True where this version was made after the day and is only dated back to it: what people change later says nothing about that day. */
export const NEWER = `k.version > toUnixTimestamp64Milli(${AS_OF})`

/** The latest version of every record that was known on the day, tombstones included. */
export const latest = (database: string, kind: Kind, columns: readonly string[], where = ''): string => `SELECT ${columns.join(', ')}
    FROM ${identifier(database)}.${identifier(versionTable(kind))}
    WHERE connection = {connection:String} AND known_at <= ${AS_OF}${where}
    ORDER BY id, version DESC, received_at DESC
    LIMIT 1 BY id`

/** Assay's own fields are never visible, whatever CRM they come from. */
export const ATTRIBUTES = `mapFilter((name, held) -> NOT startsWith(lower(name), ${literal(ASSAY_PREFIX)}), k.attributes)`

/** NULL where the instant is later than the day. */
export const unlessLater = (column: string): string => `if(k.${column} > ${AS_OF}, NULL, k.${column})`

/** Ids of merged accounts and contacts are those of the winner. */
const MERGES = [
  { column: 'account_id', merges: 'account_merge_as_of' },
  { column: 'contact_id', merges: 'contact_merge_as_of' },
] as const

export const mergeJoins = (database: string, columns: readonly string[]): string =>
  MERGES.filter((merge) => columns.includes(merge.column))
    .map(({ column, merges }) => `\n  GLOBAL LEFT JOIN ${asOf(database, merges)} AS ${column}_merge ON k.${column} = ${column}_merge.id`)
    .join('')

/**
 * A column as it is shown when nothing special holds for it. Ids follow merges; in a migrated CRM the creation day is the
 * import day, which may come after what it dates.
 */
export function shown(column: string): string {
  if (MERGES.some((merge) => merge.column === column)) return `coalesce(nullIf(${column}_merge.winner, ''), k.${column})`
  return column === 'created_at' ? unlessLater(column) : `k.${column}`
}
