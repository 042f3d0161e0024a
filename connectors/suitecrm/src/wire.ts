/** SuiteCRM's shapes, as far as Assay reads them. */

/** A record by field name, values as the wire has them; what hangs on it by the name of the link, as ids. */
export interface WireRecord {
  readonly id: string
  readonly values: Readonly<Record<string, unknown>>
  readonly links: Readonly<Record<string, readonly string[]>>
}

export interface WireField {
  readonly name: string
  readonly type: string
  /** `custom_fields`, `non-db`; only V8 tells. */
  readonly source?: string
  readonly len?: string | number
}

/** A failure of v4_1, which comes with status 200. */
export interface WireFault {
  readonly name: string
  readonly number: number
  readonly description: string
}

export interface WireEntry {
  readonly id?: unknown
  /** An object by name; PHP writes an empty one as a list. */
  readonly name_value_list?: unknown
}
interface WireLinked {
  readonly name?: unknown
  readonly records?: unknown
}
export interface WireList {
  readonly entry_list: readonly WireEntry[]
  readonly relationship_list?: readonly { readonly link_list?: readonly WireLinked[] }[]
  /** A text; -1 where counting is switched off. */
  readonly total_count?: unknown
}

type Named = Readonly<Record<string, { readonly name?: unknown; readonly value?: unknown } | undefined>>

/** Names and values: of an object by name, or of a list of both. */
const valuesIn = (list: unknown): Record<string, unknown> => {
  if (typeof list !== 'object' || list === null) return {}
  return Object.fromEntries(
    Object.entries(list as Named).map(([key, entry]) => [typeof entry?.name === 'string' ? entry.name : key, entry?.value]),
  )
}

/** Ids in one link of a record: each record of it is wrapped in `link_value`. */
const idsIn = (records: unknown): string[] =>
  (Array.isArray(records) ? (records as readonly unknown[]) : []).flatMap((record) => {
    const wrapped = typeof record === 'object' && record !== null && 'link_value' in record ? record.link_value : record
    const { id } = valuesIn(wrapped)
    return typeof id === 'string' && id !== '' ? [id] : []
  })

/** The rows of a list, each with what hangs on it. */
export const recordsIn = ({ entry_list: entries, relationship_list: linked = [] }: WireList): WireRecord[] =>
  entries.map((entry, at) => ({
    id: typeof entry.id === 'string' ? entry.id : '',
    values: valuesIn(entry.name_value_list),
    links: Object.fromEntries(
      (linked[at]?.link_list ?? []).flatMap(({ name, records }) => (typeof name === 'string' ? [[name, idsIn(records)] as const] : [])),
    ),
  }))

/** A failure that v4_1 reports with status 200; null for anything else. */
export const faultIn = (body: unknown): WireFault | null => {
  if (typeof body !== 'object' || body === null || !('number' in body) || !('description' in body)) return null
  const { name, number, description } = body as { name?: unknown; number?: unknown; description?: unknown }
  const code = Number(number)
  return Number.isFinite(code) && code !== 0 && typeof description === 'string'
    ? { name: typeof name === 'string' ? name : '', number: code, description }
    : null
}
