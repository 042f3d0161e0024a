import type { Kind } from '@assay/shared'
import { testClock, testHost, type ConnectorHarness, type CrmLevers } from '@assay/conformance'
import type { CsvSettings } from '../src/index.ts'
import { folderWith } from './folder.ts'

/** What the stand-in's exports carry, and in which of the columns a text can be changed. */
const TABLES: Readonly<Partial<Record<Kind, { readonly file: string; readonly columns: readonly string[]; readonly shown: string }>>> = {
  account: { file: 'accounts.csv', columns: ['name', 'industry', 'createdAt'], shown: 'name' },
  contact: { file: 'contacts.csv', columns: ['accountId', 'name', 'email', 'createdAt'], shown: 'name' },
  lead: { file: 'leads.csv', columns: ['name', 'company', 'createdAt'], shown: 'name' },
  deal: {
    file: 'deals.csv',
    columns: ['name', 'accountId', 'stage', 'isClosed', 'isWon', 'amount', 'createdAt', 'closedAt'],
    shown: 'name',
  },
  lineItem: { file: 'lineItems.csv', columns: ['dealId', 'productId', 'name', 'quantity', 'unitPrice', 'createdAt'], shown: 'name' },
  product: { file: 'products.csv', columns: ['name', 'sku', 'price', 'createdAt'], shown: 'name' },
  activity: { file: 'activities.csv', columns: ['type', 'accountId', 'happenedAt', 'createdAt', 'outcome'], shown: 'outcome' },
  case: { file: 'cases.csv', columns: ['accountId', 'subject', 'status', 'createdAt'], shown: 'subject' },
  subscription: { file: 'subscriptions.csv', columns: ['accountId', 'status', 'startedAt', 'monthlyAmount', 'createdAt'], shown: 'status' },
  user: { file: 'users.csv', columns: ['name', 'email', 'isActive', 'createdAt'], shown: 'name' },
}
const HISTORY = ['id', 'dealId', 'field', 'value', 'isClosed', 'isWon', 'changedAt']

const VALUES: Readonly<Record<string, string>> = {
  name: 'Some, "name"',
  industry: 'Steel',
  accountId: '17',
  stage: 'won',
  isClosed: 'true',
  isWon: 'true',
  amount: '12.5',
  quantity: '2',
  unitPrice: '3.5',
  price: '3.5',
  type: 'call',
  isActive: 'true',
  monthlyAmount: '9.5',
}

const quoted = (value: string): string => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)

/** A company that exports all of its records anew whenever something changes: the stand-in of a folder of files. */
export function exportedFolder(): Promise<ConnectorHarness<CsvSettings>> {
  const clock = testClock(Date.UTC(2026, 0, 1))
  const folder = folderWith({})
  const tables = new Map<Kind, Map<string, Record<string, string>>>()
  const history: string[][] = []
  const merges: string[][] = []
  const deletions: string[][] = []
  let ids = 0
  const now = (): string => new Date(clock.now()).toISOString()
  const write = (file: string, header: readonly string[], rows: Iterable<readonly string[]>): void =>
    folder.write(file, `${[header, ...rows].map((row) => row.map(quoted).join(',')).join('\r\n')}\r\n`)

  const exportKind = (kind: Kind): void => {
    const { file, columns } = TABLES[kind]!
    const rows = [...(tables.get(kind) ?? [])].map(([id, record]) => [id, ...columns.map((column) => record[column] ?? '')])
    write(file, ['id', ...columns], rows)
  }
  const exportAll = (): void => {
    for (const kind of Object.keys(TABLES) as Kind[]) exportKind(kind)
    write('dealHistory.csv', HISTORY, history)
    write('merges.csv', ['kind', 'id', 'mergedInto', 'mergedAt'], merges)
    write('deletions.csv', ['kind', 'id', 'deletedAt'], deletions)
  }
  const table = (kind: Kind): Map<string, Record<string, string>> => {
    const known = tables.get(kind) ?? new Map<string, Record<string, string>>()
    tables.set(kind, known)
    return known
  }
  exportAll()

  const crm: CrmLevers = {
    kinds: Object.keys(TABLES) as Kind[],
    severalPages: 9_000,
    searchCap: null,
    settleMs: 1_000,
    create(kind, count) {
      const made: string[] = []
      for (let index = 0; index < count; index += 1) {
        ids += 1
        const id = String(ids)
        made.push(id)
        table(kind).set(
          id,
          Object.fromEntries(TABLES[kind]!.columns.map((column) => [column, column.endsWith('At') ? now() : (VALUES[column] ?? 'x')])),
        )
        if (kind === 'deal') history.push([`${id}-stage`, id, 'stage', 'won', 'true', 'true', now()])
      }
      exportAll()
      return Promise.resolve(made)
    },
    createBare(kind) {
      ids += 1
      table(kind).set(String(ids), {})
      exportAll()
      return Promise.resolve(String(ids))
    },
    change(kind, id, text) {
      table(kind).get(id)![TABLES[kind]!.shown] = text
      exportAll()
      return Promise.resolve()
    },
    archive(kind, id) {
      table(kind).delete(id)
      deletions.push([kind, id, now()])
      exportAll()
      return Promise.resolve()
    },
    mergeKinds: ['account', 'contact'],
    merge(kind, winner, loser) {
      table(kind).delete(loser)
      merges.push([kind, loser, winner, now()])
      exportAll()
      return Promise.resolve(winner)
    },
    passTime: (ms) => clock.advance(ms),
    calls: () => 0,
    faults: [],
    inject: () => undefined,
    waits: [],
    fields: () => Promise.resolve([]),
    makeTextField: () => Promise.resolve(),
    fieldName: ({ name }) => name,
    value: () => null,
    fillIn: () => Promise.resolve(),
    tasks: () => [],
  }
  return Promise.resolve({
    settings: { folder: folder.path },
    secrets: [],
    host: testHost(clock),
    crm,
    close: () => Promise.resolve(folder.remove()),
  })
}
