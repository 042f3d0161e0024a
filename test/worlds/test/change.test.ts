import { BODIES, type LiveRecord } from '@assay/shared'
import { expect, it, vi } from 'vitest'
import { b2bWorld, change } from '../src/index.ts'
import { bundlesOf, liveOf } from './bundles.ts'

vi.setConfig({ testTimeout: 60_000 })

const world = b2bWorld({ accounts: 400, plain: true })
const at = world.today + 7 * 86_400_000
const later = change(world, { share: 0.1, at, seed: 5 })
const touched = (index: number): boolean => later.bundle(index).account.version > world.today

it('touches about the share asked for and leaves the rest as it was', () => {
  const all = Array.from({ length: world.size }, (_, index) => index)
  const moved = all.filter(touched)
  expect(moved.length).toBeGreaterThan(20)
  expect(moved.length).toBeLessThan(65)
  for (const index of all) if (!touched(index)) expect(later.bundle(index)).toEqual(world.bundle(index))
  expect(bundlesOf(later, moved)).toEqual(bundlesOf(change(world, { share: 0.1, at, seed: 5 }), moved))
})

it('adds records with new ids and versions after the old today, and keeps the order of ids', () => {
  for (let index = 0; index < world.size; index++) {
    if (!touched(index)) continue
    const [before, after] = [world.bundle(index), later.bundle(index)]
    const old = new Map<string, LiveRecord>(liveOf(before).map((record) => [record.id, record]))
    for (const record of liveOf(after)) {
      expect(BODIES[record.kind].safeParse(record.body).success).toBe(true)
      if (record.version !== old.get(record.id)?.version) {
        expect(record.version).toBeGreaterThan(world.today)
        expect(record.version).toBeLessThanOrEqual(at)
      } else expect(record).toEqual(old.get(record.id))
    }
    for (const records of [after.deals, after.lineItems, after.activities, after.cases]) {
      const ids = records.map((record) => record.id)
      expect(ids).toEqual(ids.toSorted())
      expect(new Set([...ids, ...after.deleted.map((gone) => gone.id)]).size).toBeGreaterThanOrEqual(ids.length)
    }
    const gone = new Set(after.deleted.map((one) => one.id))
    expect(after.deals.some((deal) => gone.has(deal.id))).toBe(false)
    expect(after.deals.length).toBe(before.deals.length + 1)
    expect(after.lineItems.length).toBeGreaterThan(before.lineItems.length)
    expect(after.cases.length).toBe(before.cases.length + 1)
    expect(after.activities.length).toBe(before.activities.length + 2)
  }
})

it('can be changed again, and never backwards', () => {
  const twice = change(later, { share: 1, at: at + 86_400_000, seed: 6 })
  expect(twice.bundle(3).deals.length).toBe(later.bundle(3).deals.length + 1)
  expect(() => change(world, { share: 1, at: world.today, seed: 1 })).toThrow(RangeError)
})

it('lets people tidy up where that is asked for: deletions and merges, and everything else as without them', () => {
  const busy = change(world, { share: 0.5, at, seed: 5 })
  const tidy = change(world, { share: 0.5, at, seed: 5, mistakes: 0.8 })
  const count = { deal: 0, contact: 0, account: 0 }
  for (let index = 0; index < world.size; index++) {
    const [before, after, without] = [world.bundle(index), tidy.bundle(index), busy.bundle(index)]
    if (without.account.version <= world.today) {
      expect(after).toEqual(before)
      continue
    }
    const fresh = [...after.deleted, ...after.merged].filter(({ version }) => version > world.today)
    expect(fresh.length).toBe(after.deleted.length + after.merged.length - before.deleted.length - before.merged.length)
    const known = new Set([...liveOf(before), ...before.deleted, ...before.merged].map(({ id }) => id))
    for (const { kind, id, version, mergedInto } of fresh) {
      count[kind as keyof typeof count]++
      expect(version).toBeLessThanOrEqual(at)
      expect(tidy.locate(kind as 'deal', id)).toBe(index)
      expect(mergedInto).toBe(kind === 'account' ? after.account.id : null)
      // A second record of the account is new to whoever looks; what is deleted was there before.
      expect(known.has(id)).toBe(kind !== 'account')
    }
    const gone = new Set(fresh.map(({ id }) => id))
    expect(liveOf(after).some(({ id }) => gone.has(id))).toBe(false)
    for (const record of [...after.lineItems, ...after.activities]) expect(gone.has(record.body.dealId ?? '')).toBe(false)
    expect(after.lineItems).toEqual(without.lineItems)
    expect(after.activities).toEqual(without.activities)
    expect(after.deals).toEqual(without.deals.filter(({ id }) => !gone.has(id)))
  }
  for (const [kind, happened] of Object.entries(count)) expect(happened, kind).toBeGreaterThan(3)
})
