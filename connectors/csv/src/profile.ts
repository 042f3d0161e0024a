import type { Kind } from '@assay/shared'
import { readAs, readAttribute, dateHint, type Column } from './columns.ts'
import { type ColumnCounter, columnCounter, type ColumnProfile } from './columnProfile.ts'
import { currencyCounter, type CurrencyCount, dealCounter, type DealCount } from './dealNotes.ts'
import type { TableHead } from './detect.ts'
import { idSet } from './idSet.ts'
import { readMapping } from './mapping.ts'
import type { Mapping, Section } from './model.ts'
import { type Part, partsOf } from './read.ts'
import { type KeyCounter, keyCounter, type Orphans, REFERENCES, type Targets, targets } from './references.ts'
import { readRows } from './rows.ts'
import { SECTION_NAMES, type SectionName } from './sections.ts'
import { isSentinel } from './blanks.ts'
import { valueReader } from './values.ts'

const EXAMPLES = 10

export interface RefusedExample {
  readonly file: string
  readonly line: number
  readonly why: string
}

export interface FileProfile {
  readonly file: string
  readonly sections: readonly SectionName[]
  readonly bytes: number
  readonly compressed: boolean
  readonly encoding: string
  readonly byteOrderMark: boolean
  readonly delimiter: string
  readonly rows: number
  /** Rows that say in every column what an earlier row said. They are data: a customer may buy the same thing twice. */
  readonly exactDuplicates: number
  /** Where and why the file broke off; null when it did not. */
  readonly broken: string | null
  readonly columns: readonly ColumnProfile[]
}

/** What the rows of one section became. */
export interface SectionProfile {
  readonly section: SectionName
  readonly kind: Kind | null
  readonly file: string
  readonly records: number
  /** True when the file has an id of its own for it; else the row's number is the id. */
  readonly hasId: boolean
  /** Rows that name neither an account nor a contact; null for sections whose records hang on none. */
  readonly withoutCustomer: number | null
  readonly refused: number
  /** The first ten. */
  readonly refusedExamples: readonly RefusedExample[]
}

/** What a folder holds and what is wrong with it. Plain JSON. */
export interface Profile {
  readonly files: readonly FileProfile[]
  readonly sections: readonly SectionProfile[]
  readonly orphans: readonly Orphans[]
  readonly unused: Mapping['unused']
  /** What was decided without being told, and what the rows then showed to be amiss. */
  readonly notes: readonly string[]
  /** Why fewer deals count as won than should, by the look of them; null when all is well. */
  readonly unsaid: string | null
}

interface SectionCount {
  readonly section: Section
  readonly part: Part | null
  readonly ids: Targets
  readonly keys: readonly {
    readonly index: number
    readonly read: ReturnType<typeof valueReader>
    readonly counter: KeyCounter
    readonly to: SectionName
  }[]
  /** Columns that name a customer. */
  readonly customer: readonly number[]
  readonly deals: DealCount | null
  readonly currencies: CurrencyCount
  records: number
  withoutCustomer: number
  refused: number
  readonly examples: RefusedExample[]
}

const HANG_ON_CUSTOMERS: readonly SectionName[] = ['deals', 'activities', 'cases', 'subscriptions']
const CODES: readonly string[] = ['id', 'product', 'sku', 'deal', 'account', 'contact']

/** The roles of a column over all sections of its file. */
function rolesOf(sections: readonly Section[], index: number): string[] {
  const roles = sections.flatMap(({ name, columns }) =>
    Object.entries(columns).flatMap(([key, column]) => (column.index === index ? [`${name}.${key}`] : [])),
  )
  if (sections.some(({ outcome, head }) => outcome !== null && outcome.from === null && head.header.indexOf(outcome.attribute) === index))
    roles.push('outcome')
  else if (roles.length === 0)
    roles.push(sections.some(({ attributes }) => attributes.some((column) => column.index === index)) ? 'attribute' : 'not read')
  return roles
}

function countersOf(head: TableHead, sections: readonly Section[]): ColumnCounter[] {
  const hint = dateHint(head)
  return head.header.map((_, index) => {
    const known: Column | undefined = sections
      .flatMap((section) => [...Object.values(section.columns), ...section.attributes])
      .find((column) => column.index === index)
    const roles = rolesOf(sections, index)
    // An id that is made of digits is still no number.
    const keyed = roles.some((role) => CODES.includes(role.slice(role.indexOf('.') + 1)))
    const column = known ?? (keyed ? readAs(head, index, 'text', hint) : readAttribute(head, index, hint))
    return columnCounter(column, { roles, isCode: keyed })
  })
}

async function sectionCount(mapping: Mapping, section: Section, until: number): Promise<SectionCount> {
  // History is read with the deals.
  const kind = section.kind === 'dealHistory' ? 'deal' : section.kind
  const part = kind === null ? null : ((await partsOf(mapping, kind)).find((entry) => entry.section === section) ?? null)
  const keys = Object.entries(section.columns).flatMap(([key, column]) => {
    const to = REFERENCES[key]
    const target = to === undefined ? undefined : mapping.sections[to]
    // Within one file a key cannot miss, and rows that are numbered cannot be named.
    if (to === undefined || target === undefined || target.head.file === section.head.file || target.columns['id'] === undefined) return []
    return [{ index: column.index, read: valueReader(column.format), to, counter: keyCounter(`${section.name}.${key}`) }]
  })
  const customer = HANG_ON_CUSTOMERS.includes(section.name)
    ? ['account', 'contact'].flatMap((key) => section.columns[key]?.index ?? [])
    : []
  return {
    section,
    part,
    ids: targets(),
    keys,
    customer,
    deals: section.name === 'deals' ? dealCounter(section, until) : null,
    currencies: currencyCounter(section),
    records: 0,
    withoutCustomer: 0,
    refused: 0,
    examples: [],
  }
}

const isNothing = (value: string): boolean => value === '' || isSentinel(value, 'text')

/** Takes one row for one section: what it became, whom it names. */
function countRow(count: SectionCount, row: readonly string[], rowNumber: number, line: number): void {
  const { section, part } = count
  const result = part === null ? null : part.map(row, rowNumber)
  if (result !== null && 'refused' in result) {
    count.refused += 1
    if (count.examples.length < EXAMPLES) count.examples.push({ file: section.head.file, line, why: result.refused })
    return
  }
  if (result !== null) {
    count.records += 1
    count.ids.add(result.record.id)
    count.deals?.add(result.record)
    count.currencies.add(result.record)
  }
  if (count.customer.length > 0 && count.customer.every((index) => isNothing((row[index] ?? '').trim()))) count.withoutCustomer += 1
  for (const { index, read, counter } of count.keys) {
    const key = read((row[index] ?? '').trim())
    if (typeof key === 'string') counter.add(key)
  }
}

async function profileFile(head: TableHead, counts: readonly SectionCount[]): Promise<FileProfile> {
  const sections = counts.map(({ section }) => section)
  const columns = countersOf(head, sections)
  const lines = idSet()
  let rows = 0
  let exactDuplicates = 0
  let broken: string | null = null
  for await (const batch of readRows(head)) {
    for (let index = 0; index < batch.rows.length; index += 1) {
      const row = batch.rows[index]!
      rows += 1
      if (!lines.add(row.join('\u001F'))) exactDuplicates += 1
      for (let column = 0; column < columns.length; column += 1) {
        const value = row[column]
        if (value !== undefined) columns[column]!.add(value)
      }
      for (const count of counts) countRow(count, row, batch.firstRow + index, batch.lines[index]!)
    }
    if (batch.broken !== null) broken = `line ${batch.broken.line}: ${batch.broken.why}`
  }
  return {
    file: head.file,
    sections: sections.map(({ name }) => name),
    bytes: head.bytes,
    compressed: head.compressed,
    encoding: head.encoding,
    byteOrderMark: head.byteOrderMark,
    delimiter: head.delimiter,
    rows,
    exactDuplicates,
    broken,
    columns: columns.map((column) => column.result()),
  }
}

/** One sentence for each column of numbers or dates in which some cells are none. */
const oddNumbers = (files: readonly FileProfile[]): string[] =>
  files.flatMap(({ file, columns }) =>
    columns
      .filter(({ roles, type, notOfType }) => roles.includes('attribute') && type !== 'text' && notOfType > 0)
      .slice(0, 10)
      .map(({ name, type, notOfType }) => `${notOfType} of the values in "${name}" of ${file} are no ${type}s; they count as not said.`),
  )

/**
 * Reads every file once and counts what is in it and what is wrong with it. Memory is bounded: hashes of ids and lines (see `idSet`), at most 1,000
 * values of a column, 100,000 keys of a reference. `now` in epoch ms: the clock, where mapping.json names no day. Rejects as
 * `readMapping` does.
 */
export async function profile(folder: string, known?: Mapping, now = Infinity): Promise<Profile> {
  const mapping = known ?? (await readMapping(folder))
  const until = mapping.today === null ? now : Date.parse(mapping.today)
  const counts: SectionCount[] = []
  for (const name of SECTION_NAMES) {
    const section = mapping.sections[name]
    if (section !== undefined) counts.push(await sectionCount(mapping, section, until))
  }
  const heads = new Map(counts.map(({ section }) => [section.head.file, section.head]))
  const files: FileProfile[] = []
  for (const head of [...heads.values()].sort((a, b) => (a.file < b.file ? -1 : 1))) {
    files.push(
      await profileFile(
        head,
        counts.filter(({ section }) => section.head.file === head.file),
      ),
    )
  }
  const idsOf = (name: SectionName): Targets => counts.find(({ section }) => section.name === name)!.ids
  const unsaid = counts.find(({ deals }) => deals !== null)?.deals?.result() ?? null
  const mixed = new Set(counts.flatMap(({ currencies }) => currencies.result() ?? []))
  return {
    files,
    sections: counts.map(({ section, records, withoutCustomer, customer, refused, examples }) => ({
      section: section.name,
      kind: section.kind,
      file: section.head.file,
      records,
      hasId: section.columns['id'] !== undefined,
      withoutCustomer: customer.length === 0 ? null : withoutCustomer,
      refused,
      refusedExamples: examples,
    })),
    orphans: counts.flatMap(({ keys }) => keys.map(({ to, counter }) => counter.against(to, idsOf(to)))).filter(({ rows }) => rows > 0),
    unused: mapping.unused,
    notes: [...(unsaid === null ? [] : [unsaid]), ...mixed, ...oddNumbers(files), ...mapping.notes],
    unsaid,
  }
}
