import { isDeepStrictEqual } from 'node:util'
import { testHost } from '@assay/conformance'
import { heldBySalesforce, salesforceId, startSalesforce, type ObjectName } from '@assay/crm-salesforce'
import type { CrmRecord, Kind } from '@assay/shared'
import { b2bWorld, type World } from '@assay/worlds'
import { expect, it } from 'vitest'
import { salesforce } from '../src/index.ts'
import { settings } from '../src/settings.ts'

const OBJECTS: Readonly<Partial<Record<Kind, ObjectName>>> = {
  user: 'User',
  account: 'Account',
  contact: 'Contact',
  product: 'Product2',
  deal: 'Opportunity',
  lineItem: 'OpportunityLineItem',
  case: 'Case',
}
const REFERENCES: Readonly<Record<string, ObjectName>> = {
  accountId: 'Account',
  parentId: 'Account',
  contactId: 'Contact',
  dealId: 'Opportunity',
  productId: 'Product2',
  ownerId: 'User',
}
/** What Salesforce has no place for, or says in another way; compared by tests of their own. */
const ELSEWHERE: ReadonlySet<string> = new Set(['pipeline', 'ownerId', 'category', 'name', 'status'])
const DAY = 86_400_000
const BIN = 15 * DAY
const isHistory = (record: CrmRecord): boolean => record.kind === 'dealHistory'

/** A world's record with Salesforce's ids and names. */
const translated = (record: CrmRecord): CrmRecord => {
  const meeting = record.kind === 'activity' && !record.deleted && record.body.type === 'meeting'
  const object = OBJECTS[record.kind] ?? (meeting ? 'Event' : 'Task')
  const head = { ...record, id: salesforceId(object, record.id) }
  if (head.deleted) return { ...head, mergedInto: head.mergedInto === null ? null : salesforceId(object, head.mergedInto) }
  const body = Object.fromEntries(
    Object.entries(head.body).map(([name, value]) => {
      const target = REFERENCES[name]
      return [name, target !== undefined && typeof value === 'string' ? salesforceId(target, value) : value]
    }),
  )
  return { ...head, body } as unknown as CrmRecord
}

const comparable = (record: CrmRecord): unknown => {
  if (record.deleted) return record
  const body: Record<string, unknown> = Object.fromEntries(Object.entries(record.body).filter(([name]) => !ELSEWHERE.has(name)))
  const version = record.kind === 'product' ? 0 : record.version
  // Of a deal that was closed before it was entered Salesforce knows the day; of one closed on that day, no hour.
  const isDeal = record.kind === 'deal'
  const knownAt = isDeal ? Math.floor(record.knownAt / DAY) : record.knownAt
  if (isDeal) body['closedAt'] = Math.floor(Number(body['closedAt']) / DAY)
  return { ...record, version, knownAt, body, attributes: Object.values(record.attributes).map(String).sort() }
}

const expectedOf = (world: World): Map<string, CrmRecord> => {
  const all = new Map<string, CrmRecord>()
  const keep = (records: readonly unknown[]) => {
    for (const record of records as readonly CrmRecord[]) {
      const made = translated(record)
      all.set(`${made.kind} ${made.id}`, made)
    }
  }
  keep([...world.users, ...world.products])
  for (let index = 0; index < world.size; index += 1) {
    const { account, merged, deleted, contacts, deals, lineItems, activities, cases } = world.bundle(index)
    keep([account, ...contacts, ...deals, ...lineItems, ...activities, ...cases, ...merged, ...deleted])
  }
  return all
}

/** What a history says, whatever its rows are called: by deal and field, the values with their instants. */
const told = (records: Iterable<CrmRecord>): Map<string, string[]> => {
  const all = new Map<string, { at: number; said: string }[]>()
  for (const record of records) {
    if (record.kind !== 'dealHistory' || record.deleted) continue
    const { dealId, field, value, changedAt, isWon } = record.body
    const key = `${dealId} ${field}`
    const shown = field === 'closedAt' && value !== null ? new Date(value).toISOString().slice(0, 10) : value
    all.set(key, [...(all.get(key) ?? []), { at: changedAt, said: `${shown} ${isWon}` }])
  }
  return new Map(
    [...all].map(([key, changes]) => {
      const ordered = changes.sort((left, right) => left.at - right.at)
      // A date that moved within its day did not change for Salesforce.
      const moved = ordered.filter(({ said }, place) => said !== ordered[place - 1]?.said)
      return [key, moved.map(({ at, said }) => `${Math.floor(at / 1000)} ${said}`)]
    }),
  )
}

it('a world read through Salesforce is the world, as far as Salesforce can hold it', { timeout: 60_000 }, async () => {
  const world = heldBySalesforce(b2bWorld({ accounts: 60, seed: 6, years: 1 }))
  const standIn = await startSalesforce({
    world,
    now: () => world.today,
    pages: { short: true },
    jobs: { pageRows: 700, shortPages: true },
  })
  try {
    const session = salesforce.open(
      settings.parse({ loginUrl: standIn.url, clientCredentials: { clientId: 'consumer-key', clientSecret: 'consumer-secret' } }),
      testHost(standIn.clock),
    )
    const read = new Map<string, CrmRecord>()
    for (const kind of salesforce.capabilities.kinds)
      for await (const page of session.read(kind, null)) {
        expect(page.refused ?? []).toEqual([])
        for (const record of page.records) {
          const key = `${record.kind} ${record.id}`
          // The newest version wins, as in the store.
          if ((read.get(key)?.version ?? -Infinity) <= record.version) read.set(key, record)
        }
      }
    const expected = expectedOf(world)
    const strangers = [...read].filter(([key, record]) => !expected.has(key) && !isHistory(record)).map(([key]) => key)
    // Three users of the org itself, whom no world knows.
    expect(strangers.filter((key) => !key.startsWith('user '))).toEqual([])
    const missing = [...expected].filter(([key]) => !read.has(key))
    // The recycle bin keeps fifteen days; of what was deleted before that nothing is left to be read.
    expect(missing.filter(([, record]) => !record.deleted || record.version > world.today - BIN).map(([key]) => key)).toEqual([])
    const different = [...expected].filter(([key, record]) => {
      const found = read.get(key)
      return found !== undefined && !isDeepStrictEqual(comparable(found), comparable(record))
    })
    for (const [key, record] of different.slice(0, 5)) {
      const found = read.get(key)
      expect(found === undefined ? null : comparable(found), key).toEqual(comparable(record))
    }
    expect(different).toHaveLength(0)

    const histories: CrmRecord[] = []
    for (let index = 0; index < world.size; index += 1)
      for (const change of world.bundle(index).dealHistory) {
        const value =
          change.body.field === 'ownerId' && change.body.value !== null ? salesforceId('User', change.body.value) : change.body.value
        histories.push({ ...change, body: { ...change.body, dealId: salesforceId('Opportunity', change.body.dealId), value } })
      }
    const [ours, theirs] = [told([...read.values()].filter(isHistory)), told(histories)]
    const apart = [...theirs].filter(([key, values]) => !isDeepStrictEqual(values, ours.get(key)))
    for (const [key, values] of apart.slice(0, 5)) expect(ours.get(key), key).toEqual(values)
    expect(apart).toHaveLength(0)
  } finally {
    await standIn.close()
  }
})
