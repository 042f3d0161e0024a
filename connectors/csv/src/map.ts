import { ASSAY_TASK_MARK, type Attribute, BODIES, type CrmRecord, type Kind, ROW_ATTRIBUTE } from '@assay/shared'
import type { Column } from './columns.ts'
import type { Section } from './model.ts'
import { currencyOf } from './numbers.ts'
import { wordsOf } from './sections.ts'
import { attributeReader, NONE, typeInWords, type Value, valueReader } from './values.ts'

/** What became of one row. */
export type Mapped = { readonly record: CrmRecord } | { readonly refused: string } | null

/** An outcome that stands in another file: by record id. */
export type JoinedOutcomes = ReadonlyMap<string, { readonly value: string; readonly at: number | null }>

interface Reader {
  readonly key: string
  readonly member: string | null
  readonly index: number
  readonly name: string
  readonly read: (value: string) => Value | typeof NONE
  readonly expected: string
}

const ACTIVITY_TYPES: readonly (readonly [RegExp, string])[] = [
  [/call|phone/, 'call'],
  [/mail/, 'email'],
  [/meet|event|appointment|demo/, 'meeting'],
  [/note/, 'note'],
  [/task|to.?do/, 'task'],
]
const HISTORY_FIELDS: readonly (readonly [RegExp, string])[] = [
  [/stage/, 'stage'],
  [/amount|likely/, 'amount'],
  [/clos/, 'closedAt'],
  [/owner|assigned/, 'ownerId'],
]

const wordFor = (table: readonly (readonly [RegExp, string])[], text: string): string | null => {
  const lower = text.toLowerCase()
  return table.find(([pattern]) => pattern.test(lower))?.[1] ?? null
}

/** "Closed won (Sales Pipeline)" is how HubSpot exports a stage where there are several pipelines. */
const withoutPipeline = (stage: string): string => stage.trim().replace(/(?<=\S)\s*\([^()]*\)$/, '')

/** "Closed Won" and "closedwon" are won; "Lost" and "Closed - lost" are lost; so are their words in German, French and Spanish. */
const wonByWord = (stage: string): boolean =>
  /(won|gewonnen|gagnée?|ganad[ao])$|^(won|gewonnen|gagnée?|ganad[ao])(?!\p{L})/iu.test(withoutPipeline(stage))
const lostByWord = (stage: string): boolean =>
  /(lost|verloren|perdue?|perdid[ao])$|^(lost|verloren|perdue?|perdid[ao])(?!\p{L})/iu.test(withoutPipeline(stage))

/** Every member of that kind's body, absent. */
const emptyBody = (kind: Kind): Record<string, Value> => Object.fromEntries(Object.keys(BODIES[kind].shape).map((member) => [member, null]))

/** Fills in whether the deal is closed and won, from what the file has: flags, stages, or the word of the admin. */
function closeDeal(section: Section, body: Record<string, Value>): void {
  const stage = body['stage']
  if (section.won) {
    // Without a day it has not been bought yet.
    body['isClosed'] = body['closedAt'] !== null
    body['isWon'] = body['isClosed']
  } else if (typeof stage === 'string' && body['isWon'] === null && body['isClosed'] === null) {
    const won = section.stages === null ? wonByWord(stage) : section.stages.won.has(stage)
    const lost = section.stages === null ? lostByWord(stage) : section.stages.lost.has(stage)
    body['isWon'] = won
    body['isClosed'] = won || lost
  } else if (body['isClosed'] === null && body['isWon'] === true) body['isClosed'] = true
  else if (body['isWon'] === null && body['isClosed'] === false) body['isWon'] = false
  else if (body['isWon'] === null && body['isClosed'] === true && typeof stage === 'string') body['isWon'] = wonByWord(stage)
  else if (body['isClosed'] === null && body['isWon'] === false && typeof stage === 'string') body['isClosed'] = lostByWord(stage)
}

/** The first instant at which any of these was so; null when none is said. */
function earliest(...instants: readonly (Value | undefined)[]): number | null {
  let first: number | null = null
  for (const at of instants) if (typeof at === 'number' && (first === null || at < first)) first = at
  return first
}

/**
 * When the company knew a record. A deal: the earlier of opened and closed, because a migrated CRM's creation day is the
 * import day. An activity: when it was logged. Others: when they were created, else when they took place. 0 when the
 * file does not say: known from the beginning.
 */
function knownSince(kind: Kind, body: Readonly<Record<string, Value>>, also: readonly Value[]): number {
  if (kind === 'deal') return earliest(...also, body['createdAt'], body['isClosed'] === true ? body['closedAt'] : null) ?? 0
  const when = body['createdAt'] ?? body['changedAt'] ?? body['happenedAt'] ?? body['startedAt']
  return typeof when === 'number' ? when : (earliest(...also) ?? 0)
}

/**
 * Makes the function that turns a row of that section into a record. Pure but for the caches of its value readers: made once per
 * reading. Rows that cannot be read give the reason instead.
 */
export function rowMapper(
  section: Section,
  options: { readonly currency: string | null; readonly joined: JoinedOutcomes | null },
): (row: readonly string[], rowNumber: number) => Mapped {
  const kind = section.kind!
  const { fields } = wordsOf(section.name)
  const readerOf = (key: string, column: Column): Reader => ({
    key,
    member: fields[key]!.member,
    index: column.index,
    name: column.name,
    read: valueReader(column.format),
    expected: typeInWords(column.format),
  })
  const steering = (key: string): Reader | null => (section.columns[key] === undefined ? null : readerOf(key, section.columns[key]))
  const bodyReaders = Object.entries(section.columns).flatMap(([key, column]) =>
    fields[key]!.member === null ? [] : [readerOf(key, column)],
  )
  const [idReader, versionReader, knownReader, deletedReader] = [
    steering('id'),
    steering('updatedAt'),
    steering('knownAt'),
    steering('deleted'),
  ]
  const attributeReaders = section.attributes.map((column) => ({ name: column.name, index: column.index, read: attributeReader(column) }))
  const whenReaders = section.when.map((column) => ({ index: column.index, read: valueReader(column.format) }))
  const isReturn =
    section.returned === null
      ? null
      : { index: section.returned.index, name: section.returned.name, read: valueReader(section.returned.format) }
  const template = emptyBody(kind)
  const columns = section.head.header.length
  const hasCurrency = 'currency' in template
  const carriesSku = kind === 'lineItem' && section.columns['sku'] === undefined
  const { outcome } = section

  /** The value of a steering column; null when it has none or is blank or wrong. */
  const steer = (reader: Reader | null, row: readonly string[]): Value => {
    if (reader === null) return null
    const value = reader.read((row[reader.index] ?? '').trim())
    return value === NONE ? null : value
  }

  return (row, rowNumber) => {
    if (row.length !== columns) return { refused: `it has ${row.length} columns where the header has ${columns}` }
    // A task that Assay made is nobody's work.
    if (kind === 'activity' && row.some((cell) => cell.includes(ASSAY_TASK_MARK))) return null
    // Not `read`: in an id, "NA" and "-" are ids.
    let id = idReader === null ? String(rowNumber) : row[idReader.index]!.trim()
    if (id === '') return section.distinct ? null : { refused: `it has no id ("${idReader!.name}" is blank)` }
    const body = { ...template }
    let opened: Value = null
    for (const reader of bodyReaders) {
      const value = reader.read(row[reader.index]!.trim())
      if (value === NONE) {
        return { refused: `"${row[reader.index]!.trim().slice(0, 60)}" in the column "${reader.name}" is not a ${reader.expected}` }
      }
      if (reader.key === 'openedAt') opened = value
      // A deal's creation day in the CRM gives way to the day on which it was opened.
      if (reader.key === 'createdAt' && opened !== null) continue
      body[reader.member!] = value
    }
    if (kind === 'deal') {
      closeDeal(section, body)
      const pieces = isReturn === null ? null : isReturn.read(row[isReturn.index]!.trim())
      if (typeof pieces === 'number' && pieces < 0 && !(typeof body['amount'] === 'number' && body['amount'] < 0)) {
        return section.distinct ? null : { refused: `it is a return and no order ("${isReturn!.name}" is ${pieces})` }
      }
    } else if (kind === 'activity') {
      if (typeof body['type'] === 'string') body['type'] = wordFor(ACTIVITY_TYPES, body['type']) ?? 'other'
      if (typeof body['direction'] === 'string') body['direction'] = /^(in|incoming)/i.test(body['direction']) ? 'inbound' : 'outbound'
    } else if (kind === 'dealHistory') {
      const field = typeof body['field'] === 'string' ? wordFor(HISTORY_FIELDS, body['field']) : null
      if (body['dealId'] === null) return { refused: 'it names no deal' }
      if (body['changedAt'] === null) return { refused: 'it does not say when the field changed' }
      // Histories tell of many fields; four of them are understood.
      if (field === null) return null
      body['field'] = field
      // A change is named by what it changed, so that the same history read from a CRM has the same ids.
      if (idReader === null) id = `${body['dealId']}-${field}-${body['changedAt']}`
    }
    if (carriesSku) body['sku'] = body['productId']!
    if (hasCurrency && body['currency'] === null) {
      for (const index of section.money) body['currency'] ??= currencyOf(row[index]!.trim(), options.currency)
      body['currency'] ??= options.currency
    }
    const attributes: Record<string, Attribute> = {}
    for (const { name, index, read } of attributeReaders) attributes[name] = read(row[index]!.trim())
    // Without an id of their own rows are numbered, and the number is the id.
    if (section.order === 'file' && idReader !== null) attributes[ROW_ATTRIBUTE] = rowNumber
    if (outcome?.from !== undefined && outcome.from !== null) {
      const found = options.joined?.get(id)
      attributes[outcome.attribute] = found === undefined ? (outcome.from.value === null ? 'no' : null) : found.value
      if (kind === 'lead' && found !== undefined && body['convertedAt'] === null) body['convertedAt'] = found.at
    }
    const updated = steer(versionReader, row)
    const known = steer(knownReader, row)
    const when = whenReaders.map(({ index, read }) => {
      const value = read(row[index]!.trim())
      return value === NONE ? null : value
    })
    const head = {
      kind,
      id,
      version: typeof updated === 'number' ? updated : kind === 'dealHistory' ? (body['changedAt'] as number) : 1,
      knownAt: typeof known === 'number' ? known : knownSince(kind, body, when),
    }
    if (steer(deletedReader, row) === true) {
      return {
        record: { ...head, knownAt: typeof updated === 'number' ? updated : head.knownAt, deleted: true, mergedInto: null } as CrmRecord,
      }
    }
    return { record: { ...head, deleted: false, body, attributes } as unknown as CrmRecord }
  }
}
