import { BODIES, KINDS, type LiveRecord, type Tombstone } from '@assay/shared'
import { describe, expect, it, vi } from 'vitest'
import { b2bWorld, type BundleKind } from '../src/index.ts'
import { bundlesOf, liveOf } from './bundles.ts'

vi.setConfig({ testTimeout: 60_000 })

const world = b2bWorld({ accounts: 300 })
const bundles = bundlesOf(world)

describe('a world', () => {
  it('makes the same bundles in any order, from any instance, whatever the size', () => {
    const backwards = Array.from({ length: world.size }, (_, index) => world.size - 1 - index)
    expect(bundlesOf(b2bWorld({ accounts: 300 }), backwards).toReversed()).toEqual(bundles)
    expect(b2bWorld({ accounts: 5000 }).bundle(123)).toEqual(bundles[123])
    expect(b2bWorld({ accounts: 300, seed: 2 }).bundle(123)).not.toEqual(bundles[123])
  })

  it('refuses a bundle that it does not have', () => {
    for (const index of [-1, 300, 1.5]) expect(() => world.bundle(index)).toThrow(RangeError)
  })

  it('gives bodies that the contract accepts, whole and with nothing beside', () => {
    const schemas = new Map(KINDS.map((kind) => [kind, BODIES[kind].strict()]))
    const refused = [...world.users, ...world.products, ...bundles.flatMap(liveOf)].flatMap((record) => {
      const checked = schemas.get(record.kind)!.safeParse(record.body)
      return checked.success ? [] : [`${record.kind} ${record.id}: ${checked.error.message}`]
    })
    expect(refused).toEqual([])
  })

  it('has rising ids that belong to one kind and are found by arithmetic', () => {
    const seen = new Map<string, string>()
    const last = new Map<string, string>()
    const keep = (record: LiveRecord | Tombstone): void => {
      expect(seen.get(record.id), record.id).toBeUndefined()
      seen.set(record.id, record.kind)
    }
    for (const [index, bundle] of bundles.entries()) {
      for (const record of liveOf(bundle)) {
        keep(record)
        if (record.kind === 'dealHistory') continue
        const { id, kind } = record
        expect(id).toMatch(/^\d{11}$/)
        expect(id > (last.get(kind) ?? ''), `${kind} ${id}`).toBe(true)
        last.set(kind, id)
        expect(world.locate(kind as BundleKind, id)).toBe(index)
      }
      for (const gone of [...bundle.merged, ...bundle.deleted]) {
        keep(gone)
        expect(world.locate(gone.kind, gone.id)).toBe(index)
      }
    }
    expect(world.locate('deal', bundles[0]!.account.id)).toBeNull()
    expect(world.locate('deal', 'D-1')).toBeNull()
    expect(b2bWorld({ accounts: 200 }).locate('account', bundles[250]!.account.id)).toBeNull()
  })

  it('lets nothing happen after today, and no version before it was known', () => {
    const wrong = bundles
      .flatMap((bundle) => [...liveOf(bundle), ...bundle.merged, ...bundle.deleted])
      .filter(
        ({ version, knownAt }) =>
          !Number.isSafeInteger(version) ||
          !Number.isSafeInteger(knownAt) ||
          version >= world.today ||
          version < knownAt ||
          knownAt < world.startsAt,
      )
    expect(wrong).toEqual([])
  })

  it.each([{ accounts: 1 }, { accounts: 60, years: 1 }, { accounts: 60, years: 6, today: Date.UTC(2024, 1, 29), plain: true }])(
    'can be small, short, long or plain: %o',
    (options) => {
      const other = b2bWorld(options)
      const records = bundlesOf(other).flatMap(liveOf)
      expect(records.length).toBeGreaterThan(options.accounts)
      expect(records.filter((one) => one.version >= other.today || one.version < one.knownAt)).toEqual([])
    },
  )

  it('points only at records that exist', () => {
    const users = new Set(world.users.map((user) => user.id))
    const products = new Set(world.products.map((product) => product.id))
    for (const bundle of bundles) {
      const deals = new Set(bundle.deals.map((deal) => deal.id))
      const contacts = new Set(bundle.contacts.map((contact) => contact.id))
      for (const { kind, body } of liveOf(bundle)) {
        const at = body as Readonly<Record<string, unknown>>
        if (kind !== 'account' && 'accountId' in at) expect(at['accountId']).toBe(bundle.account.id)
        for (const [member, known] of [
          ['ownerId', users],
          ['productId', products],
          ['dealId', deals],
          ['contactId', contacts],
        ] as const)
          if (typeof at[member] === 'string') expect(known.has(at[member]), `${kind}.${member}`).toBe(true)
      }
      for (const merged of bundle.merged) expect(merged.mergedInto).toBe(bundle.account.id)
    }
  })
})

describe('the history of a deal', () => {
  it('ends with what the deal says, in order, no two changes of a field at once', () => {
    for (const { deals, dealHistory } of bundles) {
      expect(dealHistory.map((row) => row.body.dealId)).toEqual(
        deals.flatMap((deal) => dealHistory.filter((row) => row.body.dealId === deal.id).map(() => deal.id)),
      )
      for (const { id, body, version } of deals) {
        const rows = dealHistory.filter((row) => row.body.dealId === id)
        expect(rows.map((row) => row.knownAt)).toEqual(rows.map((row) => row.knownAt).toSorted((a, b) => a - b))
        const end = (field: string) => rows.findLast((row) => row.body.field === field)?.body
        expect(end('stage')).toMatchObject({ value: body.stage, isClosed: body.isClosed, isWon: body.isWon })
        expect(end('amount')?.value ?? null).toBe(body.amount === null ? null : String(body.amount))
        expect(end('closedAt')?.value).toBe(new Date(body.closedAt!).toISOString())
        expect(end('ownerId')?.value ?? null).toBe(body.ownerId)
        expect(Math.min(...rows.map((row) => row.knownAt))).toBe(body.createdAt)
        expect(version).toBeGreaterThanOrEqual(rows.at(-1)!.version)
      }
    }
  })

  it('adds up: a won deal is the sum of its lines, home money is amount times rate', () => {
    for (const { deals, lineItems } of bundles)
      for (const { id, body } of deals) {
        if (body.amount !== null)
          expect(body.homeAmount).toBe(body.currency === world.currency ? body.amount : body.amount * world.rates[body.currency!]!)
        const lines = lineItems.filter((line) => line.body.dealId === id)
        if (body.isWon === true) expect(lines.length).toBeGreaterThan(0)
        if (lines.length > 0) expect(lines.reduce((sum, line) => sum + line.body.amount!, 0)).toBeCloseTo(body.amount!, 2)
      }
  })
})
