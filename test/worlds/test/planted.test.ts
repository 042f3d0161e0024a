import { describe, expect, it, vi } from 'vitest'
import { b2bWorld } from '../src/index.ts'
import { bundlesOf } from './bundles.ts'

vi.setConfig({ testTimeout: 60_000 })

const DAY = 86_400_000
const world = b2bWorld({ accounts: 800 })
const bundles = bundlesOf(world)
const truths = bundles.map((_, index) => world.truth(index))
const deals = bundles.flatMap((bundle) => bundle.deals)
const activities = bundles.flatMap((bundle) => bundle.activities)
const share = <T>(of: readonly T[], which: (one: T) => boolean): number => of.filter(which).length / of.length

describe('what is planted', () => {
  it('has prospects, customers and former customers', () => {
    const buyers = bundles.map((bundle) => bundle.deals.some((deal) => deal.body.isWon === true))
    expect(share(buyers, (one) => !one)).toBeGreaterThan(0.08)
    expect(share(buyers, (one) => one)).toBeGreaterThan(0.7)
    expect(share(truths, (one) => one.leftAt !== null)).toBeGreaterThan(0.12)
    for (const [index, { leftAt }] of truths.entries())
      if (leftAt !== null)
        for (const { body } of bundles[index]!.deals) if (body.isWon === true) expect(body.closedAt).toBeLessThan(leftAt + 3 * DAY)
  })

  it('logs some activities late, and one month not at all', () => {
    expect(share(activities, ({ body }) => body.createdAt! - body.happenedAt! > DAY)).toBeGreaterThan(0.1)
    const months = new Map<string, number>()
    for (const { body } of activities) {
      const month = new Date(body.createdAt!).toISOString().slice(0, 7)
      months.set(month, (months.get(month) ?? 0) + 1)
    }
    const inside = (instant: number): string => new Date(instant).toISOString().slice(0, 7)
    const silent = new Set<string>()
    for (let at = world.startsAt + 120 * DAY; at < world.today - 31 * DAY; at += DAY) if (!months.has(inside(at))) silent.add(inside(at))
    expect([...silent]).toHaveLength(1)
  })

  it('merges, deletes, changes owners', () => {
    expect(share(bundles, (one) => one.merged.length > 0)).toBeGreaterThan(0.005)
    expect(share(bundles, (one) => one.merged.length > 0)).toBeLessThan(0.03)
    const kinds = new Set(bundles.flatMap((one) => one.deleted.map((gone) => gone.kind)))
    expect([...kinds].toSorted()).toEqual(['activity', 'contact', 'deal'])
    const owners = new Map<string, number>()
    for (const { body } of bundles.flatMap((one) => one.dealHistory))
      if (body.field === 'ownerId') owners.set(body.dealId, (owners.get(body.dealId) ?? 0) + 1)
    expect([...owners.values()].some((changes) => changes > 1)).toBe(true)
  })

  it('has two currencies, lost deals, changed amounts, pushed and stale close dates, an import day', () => {
    expect(new Set(deals.map((deal) => deal.body.currency))).toEqual(new Set(['EUR', 'USD']))
    expect(share(deals, ({ body }) => body.isClosed === true && body.isWon === false)).toBeGreaterThan(0.04)
    const stale = deals.filter(({ body }) => body.isClosed === false && body.closedAt! < world.today - 60 * DAY)
    expect(stale.length).toBeGreaterThan(20)
    const times = new Map<string, number>()
    for (const { body } of bundles.flatMap((one) => one.dealHistory)) {
      const key = `${body.field} ${body.dealId}`
      times.set(key, (times.get(key) ?? 0) + 1)
    }
    const changed = (field: string): number => [...times].filter(([key, count]) => key.startsWith(field) && count > 1).length / deals.length
    expect(changed('amount')).toBeGreaterThan(0.04)
    expect(changed('closedAt')).toBeGreaterThan(0.04)
    const imported = deals.filter(({ body }) => body.isClosed === true && body.closedAt! < body.createdAt!)
    expect(imported.length).toBeGreaterThan(50)
    for (const deal of imported) expect(deal.knownAt).toBe(deal.body.closedAt)
  })

  it('leaves gaps, and fills one column in only after the customer had left', () => {
    expect(share(bundles, (one) => one.account.body.industry === null)).toBeCloseTo(0.15, 1)
    expect(share(bundles, (one) => one.account.body.employees === null)).toBeGreaterThan(0.1)
    const told = bundles.map((one) => one.account.attributes['cancellation_reason'] !== null)
    expect(told.some(Boolean)).toBe(true)
    for (const [index, one] of told.entries()) if (one) expect(truths[index]!.leftAt).not.toBeNull()
    expect(bundles.every((one) => typeof one.account.attributes['region'] === 'string')).toBe(true)
  })

  it('lets segments differ, and customers buy what they like', () => {
    const perSegment = new Map<string, number[]>()
    let liked = 0
    let lines = 0
    let owned = 0
    for (const [index, bundle] of bundles.entries()) {
      const { segment, likes } = truths[index]!
      perSegment.set(segment, [...(perSegment.get(segment) ?? []), bundle.deals.filter((deal) => deal.body.isWon === true).length])
      const once = bundle.lineItems.filter((line) => line.body.sku === 'SRV-IMPL')
      if (once.length > 1) owned++
      for (const line of bundle.lineItems) {
        lines++
        if (likes.includes(line.body.productId!)) liked++
      }
    }
    const means = [...perSegment.values()].map((counts) => counts.reduce((a, b) => a + b, 0) / counts.length)
    expect(means).toHaveLength(5)
    expect(Math.max(...means) / Math.min(...means)).toBeGreaterThan(1.8)
    expect(liked / lines).toBeGreaterThan(0.5)
    expect(owned).toBe(0)
  })

  it('plants pairs: who takes a gas detector takes calibration gas more often than others do', () => {
    const names = new Map<string, Set<string>>()
    for (const { body } of bundles.flatMap((one) => one.lineItems))
      names.set(body.dealId!, (names.get(body.dealId!) ?? new Set()).add(body.name!))
    const baskets = [...names.values()]
    const gas = (basket: Set<string>): boolean => basket.has('Calibration gas')
    expect(
      share(
        baskets.filter((basket) => basket.has('Gas detector')),
        gas,
      ),
    ).toBeGreaterThan(2 * share(baskets, gas))
  })

  it('has seasons: fewer orders in August than in November', () => {
    const inMonth = (month: number): number =>
      deals.filter(({ body }) => body.isWon === true && new Date(body.closedAt!).getUTCMonth() === month).length
    expect(inMonth(7)).toBeLessThan(inMonth(10) * 0.75)
  })

  it('keeps a plain world small: about 10 won deals and 30 lines an account', () => {
    const plain = bundlesOf(b2bWorld({ accounts: 800, plain: true }))
    const mean = (count: (one: (typeof plain)[number]) => number): number => plain.reduce((sum, one) => sum + count(one), 0) / plain.length
    expect(mean((one) => one.deals.filter((deal) => deal.body.isWon === true).length)).toBeGreaterThan(8.5)
    expect(mean((one) => one.lineItems.length)).toBeGreaterThan(26)
    expect(mean((one) => one.lineItems.length)).toBeLessThan(34)
  })
})

describe('a world of contracts', () => {
  const many = b2bWorld({ accounts: 800, subscribing: 0.9 })
  const contracted = bundlesOf(many)

  it('has enough customers that ended one, and each that renews still pays', () => {
    const ended = contracted.filter((bundle) => bundle.subscriptions.some(({ body }) => body.endedAt !== null))
    const here = bundles.filter((bundle) => bundle.subscriptions.some(({ body }) => body.endedAt !== null))
    console.log(`${ended.length} of 800 accounts ended a contract, ${here.length} without asking for contracts`)
    expect(ended.length).toBeGreaterThan(2 * here.length)
    expect(ended.length).toBeGreaterThan(100)
    for (const { body } of contracted.flatMap((bundle) => bundle.subscriptions)) {
      expect(body.status).toBe(body.endedAt === null ? 'active' : 'cancelled')
      expect(body.endedAt ?? body.renewsAt!).toBeGreaterThan(body.startedAt!)
    }
  })
  it('is in everything else the world it is without them', () => {
    for (const [index, bundle] of contracted.entries())
      expect({ ...bundle, subscriptions: [] }).toEqual({ ...bundles[index], subscriptions: [] })
  })
})
