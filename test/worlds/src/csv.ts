import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BODIES, type Kind, type LiveRecord } from '@assay/shared'
import { type Cell, openTable, type Table } from './table.ts'
import type { World } from './world.ts'

/** Kinds that a folder of exports holds: their section in mapping.json and their file. */
export const EXPORTS = {
  account: { section: 'accounts', file: 'accounts.csv' },
  contact: { section: 'contacts', file: 'contacts.csv' },
  deal: { section: 'deals', file: 'deals.csv' },
  dealHistory: { section: 'dealHistory', file: 'deal-history.csv' },
  lineItem: { section: 'lineItems', file: 'line-items.csv.gz' },
  product: { section: 'products', file: 'products.csv' },
  activity: { section: 'activities', file: 'activities.csv' },
  case: { section: 'cases', file: 'cases.csv' },
  subscription: { section: 'subscriptions', file: 'subscriptions.csv' },
  user: { section: 'users', file: 'users.csv' },
} as const satisfies Partial<Record<Kind, { section: string; file: string }>>
type Exported = keyof typeof EXPORTS

const ACCOUNT_ATTRIBUTES = ['region', 'lead_source', 'sites', 'cancellation_reason'] as const
const INSTANTS = new Set(['createdAt', 'closedAt', 'changedAt', 'happenedAt', 'startedAt', 'endedAt', 'renewsAt'])

export interface CsvOptions {
  /** More for mapping.json: `horizonDays`, `judgeAt`. */
  readonly mapping?: Readonly<Record<string, unknown>>
  /** Bundles to write; all of them when left out. */
  readonly accounts?: number
}

/** The columns of one file: `id`, `updatedAt` (the version; a change of a deal has none), every body member, then attributes. */
export const columnsOf = (kind: Exported): string[] => [
  'id',
  ...(kind === 'dealHistory' ? [] : ['updatedAt']),
  ...Object.keys(BODIES[kind].shape),
  ...(kind === 'account' ? ACCOUNT_ATTRIBUTES : []),
]

const iso = (instant: number): string => new Date(instant).toISOString()

function cellsOf(kind: Exported, record: LiveRecord, columns: readonly string[]): Cell[] {
  const body = record.body as Readonly<Record<string, Cell>>
  const { attributes } = record
  return columns.map((column) => {
    if (column === 'id') return record.id
    if (column === 'updatedAt') return iso(record.version)
    const value = (kind === 'account' && column in attributes ? attributes[column] : body[column]) ?? null
    return typeof value === 'number' && INSTANTS.has(column) ? iso(value) : value
  })
}

/**
 * Writes the world as the CSV exports of a company, bundle by bundle (memory does not grow), with their mapping.json. Headers are
 * the names of body members; instants are ISO 8601 UTC with milliseconds, numbers have all their digits, blank is null. `merges.csv` and
 * `deletions.csv` tell of what is gone. Returns the number of rows by file. Rejects when the folder cannot be written.
 */
export async function writeCsv(world: World, folder: string, options: CsvOptions = {}): Promise<Readonly<Record<string, number>>> {
  mkdirSync(folder, { recursive: true })
  const tables: Table[] = []
  const rows: Record<string, number> = {}
  const open = (file: string, header: readonly string[]): ((cells: readonly Cell[]) => void) => {
    const table = openTable(join(folder, file), header)
    tables.push(table)
    rows[file] = 0
    return (cells) => {
      table.row(cells)
      rows[file]!++
    }
  }
  const writer = (kind: Exported): ((records: readonly LiveRecord[]) => void) => {
    const columns = columnsOf(kind)
    const row = open(EXPORTS[kind].file, columns)
    return (records) => {
      for (const record of records) row(cellsOf(kind, record, columns))
    }
  }
  const write = Object.fromEntries((Object.keys(EXPORTS) as Exported[]).map((kind) => [kind, writer(kind)])) as Record<
    Exported,
    (records: readonly LiveRecord[]) => void
  >
  const merge = open('merges.csv', ['kind', 'id', 'mergedInto', 'mergedAt'])
  const deletion = open('deletions.csv', ['kind', 'id', 'deletedAt'])

  write.user(world.users)
  write.product(world.products)
  for (let index = 0; index < (options.accounts ?? world.size); index++) {
    const bundle = world.bundle(index)
    write.account([bundle.account])
    write.contact(bundle.contacts)
    write.deal(bundle.deals)
    write.dealHistory(bundle.dealHistory)
    write.lineItem(bundle.lineItems)
    write.activity(bundle.activities)
    write.case(bundle.cases)
    write.subscription(bundle.subscriptions)
    for (const { kind, id, mergedInto, knownAt } of bundle.merged) merge([kind, id, mergedInto, iso(knownAt)])
    for (const { kind, id, knownAt } of bundle.deleted) deletion([kind, id, iso(knownAt)])
    for (const table of tables) await table.drain()
  }
  for (const table of tables) await table.close()
  writeFileSync(join(folder, 'mapping.json'), `${JSON.stringify(mappingOf(world, options), null, 2)}\n`)
  return rows
}

function mappingOf(world: World, options: CsvOptions): Record<string, unknown> {
  const sections = Object.values(EXPORTS).map(({ section, file }) => [
    section,
    section === 'accounts' ? { file, stable: ['region'] } : { file },
  ])
  return {
    currency: world.currency,
    today: iso(world.today),
    ...options.mapping,
    ...Object.fromEntries(sections),
    merges: { file: 'merges.csv' },
    deletions: { file: 'deletions.csv' },
  }
}
