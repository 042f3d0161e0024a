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

type Result = { readonly record: CrmRecord } | { readonly refused: string } | null

/** The outcomes of another file, by id. Held in memory: it has one row per record that has the outcome. */
export async function joinOutcomes(outcome: Outcome): Promise<JoinedOutcomes> {
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

interface Part {
  readonly section: Section
  readonly map: (row: readonly string[], rowNumber: number) => Result
}

async function partsOf(mapping: Mapping, kind: Kind): Promise<Part[]> {
  const parts: Part[] = []
  const name = sectionOf(kind)
  const section = name === null ? undefined : mapping.sections[name]
  if (section !== undefined) {
    const joined = section.outcome?.from === undefined || section.outcome.from === null ? null : await joinOutcomes(section.outcome)
    parts.push({ section, map: once(section, rowMapper(section, { currency: mapping.currency, joined })) })
  }
  for (const other of ['merges', 'deletions'] as const) {
    const graves = mapping.sections[other]
    if (graves !== undefined) parts.push({ section: graves, map: tombstoneMapper(graves, kind) })
  }
  return parts
}

/**
 * All records of a kind, in file order, then the merges and deletions that concern it. Memory grows with the number of distinct ids
 * (8 to 16 bytes each, bounded by `MOST_IDS`) and with nothing else. A cursor skips what was read when the files are the same, and reads everything
 * again when they are not.
 */
export async function* readKind(mapping: Mapping, kind: Kind, since: Cursor | null, signal: AbortSignal): AsyncGenerator<Page> {
  const parts = await partsOf(mapping, kind)
  const stamp = parts.map(({ section }) => `${section.head.file}.${section.head.stamp}`).join('|')
  const start = fromCursor(since, stamp)
  let records: CrmRecord[] = []
  let refused: RefusedRecord[] = []
  for (const [part, { section, map }] of parts.entries()) {
    if (part < start.part) continue
    const skip = part === start.part ? start.row : 0
    let row = 0
    for await (const batch of readRows(section.head)) {
      signal.throwIfAborted()
      for (let index = 0; index < batch.rows.length; index += 1) {
        row = batch.firstRow + index
        const result = map(batch.rows[index]!, row)
        // Rows that were read before still say which ids are taken.
        if (result === null || row <= skip) continue
        if ('record' in result) records.push(result.record)
        else refused.push({ kind, where: `line ${batch.lines[index]} of ${section.head.file}`, why: result.refused })
        if (records.length + refused.length >= PAGE_RECORDS) {
          yield { records, refused, next: toCursor({ stamp, part, row }) }
          records = []
          refused = []
        }
      }
      if (batch.broken !== null) {
        refused.push({
          kind,
          where: `line ${batch.broken.line} of ${section.head.file}`,
          why: `${batch.broken.why}. Everything before it was read`,
        })
      }
    }
    if (records.length + refused.length > 0) {
      yield { records, refused, next: toCursor({ stamp, part, row }) }
      records = []
      refused = []
    }
  }
}
