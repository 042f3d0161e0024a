import { createHash } from 'node:crypto'
import type { CrmRecord, Cursor, Kind, Page, RefusedRecord } from '@assay/shared'
import { idSet } from './idSet.ts'
import { type JoinedOutcomes, rowMapper } from './map.ts'
import type { Mapping, Outcome, Section } from './model.ts'
import { readRows } from './rows.ts'
import { sectionOf } from './sections.ts'
import { tombstoneMapper } from './tombstones.ts'
import { NONE, valueReader } from './values.ts'

const PAGE_RECORDS = 2_000

/** How far a reading of one kind has come: which file, how many of its rows, and what the files looked like. */
interface Place {
  readonly stamp: string
  readonly part: number
  readonly row: number
}
const toCursor = (place: Place): Cursor => JSON.stringify(place) as Cursor

/** A place in these very files; the beginning when they have changed since, because rows have no time of change. */
function fromCursor(cursor: Cursor | null, stamp: string): Place {
  const start: Place = { stamp, part: 0, row: 0 }
  if (cursor === null) return start
  try {
    const place = JSON.parse(cursor) as Place
    return place.stamp === stamp ? place : start
  } catch {
    return start
  }
}

/** What became of one row; null: it says nothing of its own. */
type Result = { readonly record: CrmRecord } | { readonly refused: string } | null

/** The outcomes of another file, by id. Held in memory: it has one row per record that has the outcome. */
async function joinOutcomes(outcome: Outcome): Promise<JoinedOutcomes> {
  const joined = new Map<string, { value: string; at: number | null }>()
  const { from } = outcome
  if (from === null) return joined
  const readAt = from.at === null ? null : valueReader(from.at.format)
  for await (const { rows } of readRows(from.head)) {
    for (const row of rows) {
      const id = (row[from.id] ?? '').trim()
      if (id === '' || joined.has(id)) continue
      const at = readAt === null ? null : readAt((row[from.at!.index] ?? '').trim())
      joined.set(id, {
        value: from.value === null ? outcome.positive : (row[from.value] ?? '').trim(),
        at: at === NONE || typeof at !== 'number' ? null : at,
      })
    }
  }
  return joined
}

/** Adds to a mapper that each id is given once: the first row is kept; a second is refused, or passed over where rows are lines of one record. */
function once(
  section: Section,
  map: (row: readonly string[], rowNumber: number) => Result,
): (row: readonly string[], rowNumber: number) => Result {
  const id = section.columns['id']
  if (id === undefined) return map
  const seen = idSet()
  const { index } = id
  return (row, rowNumber) => {
    const value = (row[index] ?? '').trim()
    // Known ids of a line file are passed over before anything is read of the row: most of its rows are such.
    if (section.distinct && row.length === section.head.header.length && value !== '' && seen.has(value)) return null
    const result = map(row, rowNumber)
    if (result === null || 'refused' in result || seen.add(value)) return result
    return section.distinct ? null : { refused: `the id "${value}" was there before; the first row is kept` }
  }
}

/** One file that tells of a kind, and what its rows become. */
export interface Part {
  readonly section: Section
  /** The kind of its records: history comes with the deals. */
  readonly kind: Kind
  readonly map: (row: readonly string[], rowNumber: number) => Result
}

/** What is read for one kind: its own file, for deals the history, then merges and deletions. */
export async function partsOf(mapping: Mapping, kind: Kind): Promise<Part[]> {
  const parts: Part[] = []
  const name = sectionOf(kind)
  const section = name === null || name === 'dealHistory' ? undefined : mapping.sections[name]
  if (section !== undefined) {
    const { outcome } = section
    const joined = outcome === null || outcome.from === null ? null : await joinOutcomes(outcome)
    parts.push({ section, kind, map: once(section, rowMapper(section, { currency: mapping.currency, joined })) })
  }
  const history = mapping.sections.dealHistory
  if (kind === 'deal' && history !== undefined) {
    parts.push({
      section: history,
      kind: 'dealHistory',
      map: once(history, rowMapper(history, { currency: mapping.currency, joined: null })),
    })
  }
  for (const other of ['merges', 'deletions'] as const) {
    const graves = mapping.sections[other]
    if (graves !== undefined) parts.push({ section: graves, kind, map: tombstoneMapper(graves, kind) })
  }
  return parts
}

/** Says whether the same rows would be read in the same way: the files and what their columns stand for. */
function stampOf(parts: readonly Part[]): string {
  const hash = createHash('sha256')
  for (const { section } of parts) {
    const { head, outcome, columns, attributes, order, won, stages } = section
    hash.update(
      JSON.stringify([head.file, head.stamp, columns, attributes, order, won, [...(stages?.won ?? [])], [...(stages?.lost ?? [])]]),
    )
    hash.update(JSON.stringify([outcome?.attribute, outcome?.positive, outcome?.from?.head.file, outcome?.from?.head.stamp]))
  }
  return hash.digest('hex').slice(0, 16)
}

/**
 * All records of a kind, in file order, then the merges and deletions that concern it; at least one page. The history of
 * deals comes with the deals. Memory grows with the number of distinct ids (8 to 16 bytes each, bounded by `MOST_IDS`) and with nothing else.
 * A cursor skips what was read when the files are the same, and reads everything again when they are not.
 */
export async function* readKind(mapping: Mapping, kind: Kind, since: Cursor | null, signal: AbortSignal): AsyncGenerator<Page> {
  const parts = await partsOf(mapping, kind)
  const stamp = stampOf(parts)
  const start = fromCursor(since, stamp)
  let records: CrmRecord[] = []
  let refused: RefusedRecord[] = []
  const page = (part: number, row: number): Page => {
    const full = { records, refused, next: toCursor({ stamp, part, row }) }
    records = []
    refused = []
    return full
  }
  for (let part = start.part; part < parts.length; part += 1) {
    const { section, map, kind: kindThere } = parts[part]!
    const skip = part === start.part ? start.row : 0
    for await (const batch of readRows(section.head)) {
      for (let index = 0; index < batch.rows.length; index += 1) {
        const row = batch.firstRow + index
        const result = map(batch.rows[index]!, row)
        // Rows that were read before still say which ids are taken.
        if (result === null || row <= skip) continue
        if ('record' in result) records.push(result.record)
        else refused.push({ kind: kindThere, where: `line ${batch.lines[index]} of ${section.head.file}`, why: result.refused })
        if (records.length + refused.length < PAGE_RECORDS) continue
        yield page(part, row)
        signal.throwIfAborted()
      }
      if (batch.broken !== null) {
        const { line, why } = batch.broken
        refused.push({ kind: kindThere, where: `line ${line} of ${section.head.file}`, why: `${why}. What stands before it was read` })
      }
      signal.throwIfAborted()
    }
  }
  signal.throwIfAborted()
  yield page(parts.length, 0)
}
