import { AssayError } from '@assay/shared'
import { type Column, comesAgain, dateHint, holds, indexOf, readAs, readAttribute, sampleOf } from './columns.ts'
import type { DateOrder } from './dates.ts'
import type { TableHead } from './detect.ts'
import type { GivenMapping, GivenSection } from './given.ts'
import type { Outcome, Section } from './model.ts'
import { ownField } from './ownFields.ts'
import { currencyOf } from './numbers.ts'
import { OUTCOME_NAMES, plainName, type SectionName, wordsOf } from './sections.ts'

/** Finer kinds: a file that holds them has several rows per record of the other sections that read it. */
const FINER: readonly SectionName[] = ['lineItems', 'dealHistory', 'activities', 'deals']

const POSITIVE = ['yes', 'true', '1', 'y', 't', 'left', 'churned', 'ja', 'oui', 'si']

interface Place {
  readonly name: SectionName
  readonly mapping: GivenMapping
  readonly head: TableHead
  /** The other sections that read the same file. */
  readonly sharing: readonly SectionName[]
  readonly headOf: (file: string) => TableHead
  readonly notes: string[]
}

/** The columns of a section: those that are named, then those found by their headers. A column is taken once. */
function columnsOf(name: SectionName, given: GivenSection, head: TableHead, hint: DateOrder | null): Record<string, Column> {
  const { fields } = wordsOf(name)
  const columns: Record<string, Column> = {}
  const taken = new Set<number>()
  const namedFor = (key: string): unknown =>
    key === 'stage' && typeof given.stage === 'object' && given.stage !== null ? given.stage.column : given[key]
  if (given.outcome?.file === undefined && given.outcome?.column !== undefined)
    taken.add(indexOf(head, given.outcome.column, `${name}.outcome.column`))
  for (const column of given.ignore ?? []) taken.add(indexOf(head, column, `${name}.ignore`))
  for (const column of given.stable ?? []) indexOf(head, column, `${name}.stable`)
  for (const [key, field] of Object.entries(fields)) {
    const column = namedFor(key)
    if (typeof column !== 'string') continue
    const index = indexOf(head, column, `${name}.${key}`)
    columns[key] = readAs(head, index, field.type, hint)
    taken.add(index)
  }
  const headers = head.header.map(plainName)
  // With `order: "file"` and no id, rows are numbered, and no column is guessed to be the id.
  const numbered = given.order === 'file' && given['id'] === undefined
  for (const [key, field] of Object.entries(fields)) {
    if (columns[key] !== undefined || namedFor(key) === null || (key === 'id' && numbered)) continue
    // Where names are the keys (`account` in a list of accounts), one column is both.
    const isFree = (index: number): boolean => !taken.has(index) || (key === 'name' && index === columns['id']?.index)
    const found = field.names
      .map((word) => headers.indexOf(word))
      .find((index) => index >= 0 && isFree(index) && holds(head, index, field.type))
    if (found === undefined) continue
    columns[key] = readAs(head, found, field.type, hint)
    taken.add(found)
  }
  if (isWhoBought(name, given, head, columns)) {
    columns['account'] = columns['id']!
    delete columns['id']
  }
  return columns
}

/** A bare "id" of purchases that comes again and again, where no column names the customer, is the customer's. */
function isWhoBought(name: SectionName, given: GivenSection, head: TableHead, columns: Readonly<Record<string, Column>>): boolean {
  const { id, account, contact } = columns
  return (
    id !== undefined &&
    given['id'] === undefined &&
    plainName(id.name) === 'id' &&
    account === undefined &&
    given['account'] !== null &&
    contact === undefined &&
    impliesWon(name, columns) &&
    comesAgain(head, id.index)
  )
}

function outcomeOf({ name, head, headOf, notes }: Place, given: GivenSection): Outcome | null {
  const said = given.outcome
  if (said?.file !== undefined) {
    const other = headOf(said.file)
    const key = `${name}.outcome`
    const idName = said.id ?? (typeof given['id'] === 'string' ? given['id'] : null)
    if (idName === null) {
      throw new AssayError('config', `"${key}" reads ${said.file} but names no "id" to join by`, {
        hint: `Its columns: ${other.header.join(', ')}`,
      })
    }
    return {
      meaning: said.meaning,
      attribute: said.column ?? 'outcome',
      positive: said.positive ?? 'yes',
      from: {
        head: other,
        id: indexOf(other, idName, `${key}.id`),
        value: said.column === undefined ? null : indexOf(other, said.column, `${key}.column`),
        at: said.at === undefined ? null : readAs(other, indexOf(other, said.at, `${key}.at`), 'instant', dateHint(other)),
      },
      found: false,
    }
  }
  const index =
    said?.column === undefined
      ? head.header.findIndex((header) => plainName(header) in OUTCOME_NAMES)
      : indexOf(head, said.column, `${name}.outcome.column`)
  if (index < 0 || (said === undefined && !['accounts', 'contacts', 'leads'].includes(name))) return null
  const values = [...new Set(sampleOf(head, index).map((value) => value.trim()))].filter((value) => value !== '').sort()
  const positive = said?.positive ?? values.find((value) => POSITIVE.includes(value.toLowerCase()))
  const column = head.header[index]!
  if (positive === undefined || (said === undefined && values.length !== 2)) {
    if (said === undefined) return null
    throw new AssayError('config', `"${name}.outcome" does not say which value of "${column}" means that it happened`, {
      hint: `Add "positive". Values there: ${values.slice(0, 10).join(', ')}`,
    })
  }
  const meaning = said?.meaning ?? OUTCOME_NAMES[plainName(column)]!
  if (said === undefined) notes.push(`The column "${column}" of ${head.file} was taken for the outcome: "${positive}" means ${meaning}.`)
  return { meaning, attribute: column, positive, from: null, found: said === undefined }
}

/** Every column that stands for nothing else, less what Assay wrote there itself. */
function attributesOf(head: TableHead, used: ReadonlySet<number>, hint: DateOrder | null, outcome: string | null): Column[] {
  return head.header.flatMap((header, index) => {
    const own = ownField(header, head.header)
    if (used.has(index) || own?.name === null) return []
    // An odd word among the numbers of an outcome may be the one that says it happened.
    const column = readAttribute(head, index, hint, header === outcome)
    return [own === undefined ? column : { ...column, name: own.name }]
  })
}

/** Completes one section: columns, formats, outcome, attributes. Throws `config` for a column that the file has not. */
export function resolveSection(place: Place): Section {
  const { name, mapping, head, sharing, notes } = place
  const given = mapping.sections[name] ?? {}
  const hint = dateHint(head)
  const outcome = outcomeOf(place, given)
  const columns = columnsOf(
    name,
    outcome?.found === true ? { ...given, outcome: { meaning: outcome.meaning, column: outcome.attribute } } : given,
    head,
    hint,
  )
  const others = sharing.map((other) => columnsOf(other, mapping.sections[other] ?? {}, head, hint))
  const distinct = sharing.some(
    (other) => FINER.indexOf(other) >= 0 && (FINER.indexOf(other) < FINER.indexOf(name) || FINER.indexOf(name) < 0),
  )
  const lines = sharing.includes('lineItems') ? others[sharing.indexOf('lineItems')]! : null
  // A total of a line is no total of the invoice: what an invoice is worth, its lines add up to.
  if (name === 'deals' && lines !== null && worth(lines)) dropAmounts(place, given, columns, lines)
  const returned = name === 'deals' ? returnedOf(place, columns, lines) : null
  const ignore = given.ignore ?? []
  const used = new Set(Object.values(columns).map((column) => column.index))
  for (const column of ignore) used.add(head.header.indexOf(column))
  // In a shared file a column that another section understands is that section's.
  for (const other of others) for (const column of Object.values(other)) used.add(column.index)
  const attributes = wordsOf(name).kind === null ? [] : attributesOf(head, used, hint, outcome?.from === null ? outcome.attribute : null)
  const won = given.won ?? impliesWon(name, columns)
  if (won && given.won === undefined)
    notes.push(`${head.file} has neither stages nor won flags, so that every deal counts as won on the day it closes.`)
  for (const [key, column] of Object.entries(columns)) {
    if (column.format.type === 'date' && column.format.ambiguous) {
      notes.push(
        `Dates in "${column.name}" of ${head.file} (${name}.${key}) fit day first and month first alike; ${column.format.order} was taken.`,
      )
    }
    if (
      column.format.type === 'text' &&
      column.format.several === true &&
      sampleOf(head, column.index).some((value) => value.includes(';'))
    ) {
      notes.push(`"${column.name}" of ${head.file} (${name}.${key}) names several at times; the first of them is taken.`)
    }
    if (column.format.type === 'number' && column.format.ambiguous) {
      notes.push(
        `Numbers in "${column.name}" of ${head.file} (${name}.${key}) can be read with either decimal sign; "${column.format.decimal}" was taken.`,
      )
    }
  }
  if (
    name === 'deals' &&
    columns['id'] === undefined &&
    plainName(columns['account']?.name ?? '') === 'id' &&
    given['account'] === undefined
  )
    notes.push(
      `"${columns['account']!.name}" of ${head.file} comes again in many rows and no column names the customer, so that it was taken for the customer and every row for an order of its own.`,
    )
  const stage = typeof given.stage === 'object' && given.stage !== null ? given.stage : null
  const deal = others[sharing.indexOf('deals')]
  return {
    name,
    kind: wordsOf(name).kind,
    head,
    columns,
    attributes,
    order: given.order ?? null,
    ignore,
    stable: given.stable ?? [],
    outcome,
    won,
    stages: stage?.won === undefined && stage?.lost === undefined ? null : { won: new Set(stage.won), lost: new Set(stage.lost) },
    distinct,
    returned,
    money: moneyOf(name, head, columns, lines),
    when:
      name === 'lineItems' && deal !== undefined
        ? [deal['openedAt'], deal['createdAt'], deal['closedAt']].filter((column) => column !== undefined)
        : [],
  }
}

/** Whether lines say what they are worth. */
const worth = (lines: Readonly<Record<string, Column>>): boolean =>
  lines['amount'] !== undefined || (lines['quantity'] !== undefined && lines['unitPrice'] !== undefined)

const MONEY = ['amount', 'unitPrice', 'price', 'monthlyAmount'] as const

/** Where the currency of a row is written with its money and nowhere else. */
function moneyOf(
  name: SectionName,
  head: TableHead,
  columns: Readonly<Record<string, Column>>,
  lines: Readonly<Record<string, Column>> | null,
): number[] {
  if (wordsOf(name).fields['currency'] === undefined || columns['currency'] !== undefined) return []
  const places = MONEY.flatMap((key) => columns[key]?.index ?? (name === 'deals' ? lines?.[key]?.index : undefined) ?? [])
  return places.filter((index) => sampleOf(head, index).some((value) => currencyOf(value.trim(), null) !== null))
}

/** Takes away the amounts of deals in a file of lines, save for one that mapping.json names and that is not the amount of a line. */
function dropAmounts(
  { head, notes }: Place,
  given: GivenSection,
  columns: Record<string, Column>,
  lines: Readonly<Record<string, Column>>,
): void {
  for (const key of ['amount', 'homeAmount']) {
    const column = columns[key]
    if (column === undefined || (typeof given[key] === 'string' && column.index !== lines['amount']?.index)) continue
    delete columns[key]
    notes.push(
      `"${column.name}" of ${head.file} stands on every line, so that a deal is worth what its lines add up to, not what "${column.name}" says on the first.`,
    )
  }
}

/** The quantity of deals, where a return could be taken for an order: no line says what it is worth. Says so where rows are lines of no invoice. */
function returnedOf(
  { head, notes }: Place,
  columns: Readonly<Record<string, Column>>,
  lines: Readonly<Record<string, Column>> | null,
): Column | null {
  const find = (key: 'product' | 'quantity'): number => {
    const names = head.header.map(plainName)
    return (
      wordsOf('lineItems')
        .fields[key]!.names.map((word) => names.indexOf(word))
        .find((index) => index >= 0) ?? -1
    )
  }
  const quantity = lines?.['quantity']?.index ?? find('quantity')
  if (quantity < 0 || !holds(head, quantity, 'number') || (lines !== null && worth(lines))) return null
  if (columns['id'] === undefined && find('product') >= 0) {
    notes.push(
      `${head.file} has one row a line and no invoice number was found, so that every row counts as an order of its own. Say "deals": { "id": … } in mapping.json if a column names the invoice.`,
    )
  }
  return readAs(head, quantity, 'number', null)
}

/** Orders and invoices have no stages: what is in the file was bought. */
function impliesWon(name: SectionName, columns: Readonly<Record<string, Column>>): boolean {
  return (
    name === 'deals' &&
    columns['closedAt'] !== undefined &&
    columns['stage'] === undefined &&
    columns['isClosed'] === undefined &&
    columns['isWon'] === undefined
  )
}
