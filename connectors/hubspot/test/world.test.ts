import { isDeepStrictEqual } from 'node:util'
import { testHost } from '@assay/conformance'
import { startHubSpot } from '@assay/crm-hubspot'
import type { CrmRecord } from '@assay/shared'
import { b2bWorld, type World } from '@assay/worlds'
import { expect, it } from 'vitest'
import { hubspot } from '../src/index.ts'
import { settings } from '../src/settings.ts'

/** Everything a world says, by kind and id. */
const recordsOf = (world: World): Map<string, CrmRecord> => {
  const all = new Map<string, CrmRecord>()
  const keep = (records: readonly unknown[]) => {
    for (const record of records as readonly CrmRecord[]) all.set(`${record.kind} ${record.id}`, record)
  }
  keep([...world.users, ...world.products])
  for (let index = 0; index < world.size; index += 1) {
    const { account, merged, deleted, contacts, deals, dealHistory, lineItems, activities, cases, subscriptions } = world.bundle(index)
    keep([account, ...contacts, ...deals, ...dealHistory, ...lineItems, ...activities, ...cases, ...subscriptions, ...merged, ...deleted])
  }
  return all
}

it(
  'a world read through HubSpot is the world: bodies, attributes, versions, history, deletions and merges',
  { timeout: 60_000 },
  async () => {
    const world = b2bWorld({ accounts: 60, seed: 6, years: 1 })
    const expected = recordsOf(world)
    const standIn = await startHubSpot({ world, limits: 'off', now: () => world.today, shortPages: true })
    try {
      const fast = { callsPerTenSeconds: 1_000_000, searchesPerSecond: 1_000_000 }
      const session = hubspot.open(settings.parse({ token: standIn.token, baseUrl: standIn.url, ...fast }), testHost(standIn.clock))
      const read = new Map<string, CrmRecord>()
      for (const kind of hubspot.capabilities.kinds) {
        for await (const page of session.read(kind, null))
          for (const record of page.records) read.set(`${record.kind} ${record.id}`, record)
      }
      const gone = [...expected.values()].filter((record) => record.deleted)
      expect(gone.some(({ mergedInto }) => mergedInto !== null) && gone.some(({ mergedInto }) => mergedInto === null)).toBe(true)
      for (const kind of hubspot.capabilities.kinds)
        expect(
          [...expected.values()].some((record) => record.kind === kind),
          kind,
        ).toBe(true)
      expect([...read.keys()].sort()).toEqual([...expected.keys()].sort())
      // One by one only where something differs: an assertion for each of so many records takes longer than reading them.
      const different = [...expected].filter(([key, record]) => !isDeepStrictEqual(read.get(key), record))
      for (const [key, record] of different.slice(0, 5)) expect(read.get(key), key).toEqual(record)
      expect(different).toHaveLength(0)
    } finally {
      await standIn.close()
    }
  },
)
