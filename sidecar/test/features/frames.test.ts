import { type CrmRecord, type Frame, KINDS } from '@assay/shared'
import { b2bWorld, type World } from '@assay/worlds'
import { beforeAll, describe, expect, it } from 'vitest'
import { TODAY_ONLY } from '../../src/features/catalogue.ts'
import { buildFrame, type FrameRequest } from '../../src/features/frames.ts'
import { orderHistory } from '../../src/features/history.ts'
import { endingFrame, silenceOutcome } from '../../src/features/outcomes.ts'
import { featuresByHand, orderedByHand } from './by-hand.ts'
import { openedStore, SLOW } from './opened-store.ts'

const DAY = 86_400_000
const opened = openedStore()
const request = (connection: string, asOf: number, more: Partial<FrameRequest> = {}): FrameRequest => ({
  connection,
  unit: 'account',
  asOf,
  permille: 1000,
  kinds: new Set(KINDS),
  ...more,
})

function recordsOf(world: World): CrmRecord[] {
  const records: CrmRecord[] = [...world.users, ...world.products]
  for (let index = 0; index < world.size; index++) {
    const { account, contacts, deals, dealHistory, lineItems, activities, cases, subscriptions, merged, deleted } = world.bundle(index)
    records.push(
      account,
      ...contacts,
      ...deals,
      ...dealHistory,
      ...lineItems,
      ...activities,
      ...cases,
      ...subscriptions,
      ...merged,
      ...deleted,
    )
  }
  return records
}

/** Every value of a frame beside the one worked out by hand; returns what differs. */
function differences(frame: Frame, byHand: ReturnType<typeof featuresByHand>): string[] {
  const wrong: string[] = []
  frame.ids.forEach((id, row) => {
    const expected = byHand.get(id)
    for (const column of frame.columns) {
      const value = column.type === 'number' ? column.values[row]! : Number.NaN
      const should = expected?.[column.info.name] ?? Number.NaN
      const same = Number.isNaN(should) ? Number.isNaN(value) : Math.abs(value - should) <= 1e-9 * Math.max(1, Math.abs(should))
      if (!same) wrong.push(`${id} ${column.info.name}: ${value}, by hand ${should}`)
    }
  })
  return wrong
}

describe('features of a generated company', { timeout: SLOW }, () => {
  const world = b2bWorld({ seed: 5, accounts: 120, years: 3 })
  const records = recordsOf(world)
  const days = [world.today - 700 * DAY, world.today - 200.4 * DAY, world.today]
  beforeAll(async () => {
    for (let start = 0; start < records.length; start += 20_000) await opened.store.append('world', records.slice(start, start + 20_000))
  }, SLOW)

  it.each(days)('are what plain loops over the records come to, every customer, as of %d', async (asOf) => {
    const frame = await buildFrame(opened.days(), request('world', asOf))
    const byHand = featuresByHand(records, 'account', asOf)
    expect(frame.ids).toEqual([...byHand.keys()].sort())
    expect(frame.ids.length).toBeGreaterThan(40)
    expect(frame.columns.length).toBe(Object.keys([...byHand.values()][0]!).length - TODAY_ONLY.size)
    expect(differences(frame, byHand).slice(0, 10)).toEqual([])
  })

  it('of today include prospects, who are known to have bought nothing, and the day of the next renewal', async () => {
    const frame = await buildFrame(opened.days(), request('world', world.today, { everybody: true }))
    const byHand = featuresByHand(records, 'account', world.today)
    expect(frame.ids.filter((id) => byHand.has(id))).toEqual([...byHand.keys()].sort())
    expect(frame.ids.length).toBeGreaterThan(byHand.size)
    const value = (name: string): Float64Array =>
      (frame.columns.find((column) => column.info.name === name) as { values: Float64Array }).values
    frame.ids.forEach((id, row) => {
      if (!byHand.has(id)) expect([value('orders')[row], value('days_since_last_order')[row]]).toEqual([0, Number.NaN])
      else expect(value('days_to_renewal')[row]).toBe(byHand.get(id)!['days_to_renewal'])
    })
    expect(value('days_to_renewal').some((left) => left > 0)).toBe(true)
  })

  it('are the same with the contact as the customer', async () => {
    const asOf = world.today - 100 * DAY
    const frame = await buildFrame(opened.days(), request('world', asOf, { unit: 'contact' }))
    const byHand = featuresByHand(records, 'contact', asOf)
    expect(frame.ids).toEqual([...byHand.keys()].sort())
    expect(frame.ids.length).toBeGreaterThan(40)
    expect(frame.columns.map((column) => column.info.name)).not.toContain('contacts')
    expect(differences(frame, byHand).slice(0, 10)).toEqual([])
  })

  it('take the same part of the customers on every day', async () => {
    const whole = await buildFrame(opened.days(), request('world', world.today))
    const part = await buildFrame(opened.days(), request('world', world.today, { permille: 400 }))
    const earlier = await buildFrame(opened.days(), request('world', world.today - 300 * DAY, { permille: 400 }))
    expect(part.ids.length).toBeGreaterThan(10)
    expect(part.ids.length).toBeLessThan(whole.ids.length)
    expect(earlier.ids.filter((id) => !part.ids.includes(id) && whole.ids.includes(id))).toEqual([])
    expect(differences(part, featuresByHand(records, 'account', world.today)).slice(0, 10)).toEqual([])
  })

  it('meet their outcome: nobody is quiet who ordered, and the day itself belongs to the features', async () => {
    const asOf = world.today - 150 * DAY
    const frame = await buildFrame(opened.days(), request('world', asOf))
    const outcome = await silenceOutcome(opened.days(), frame, request('world', asOf), 90, world.today)
    const ordered = orderedByHand(records, 'account', asOf, 90, world.today)
    expect([...outcome]).toEqual(frame.ids.map((id) => (ordered.has(id) ? 0 : 1)))
    expect(new Set(outcome)).toEqual(new Set([0, 1]))
  })

  it('have no outcome before the horizon is over', async () => {
    const asOf = world.today - 60 * DAY
    const at = request('world', asOf)
    const frame = await buildFrame(opened.days(), at)
    await expect(silenceOutcome(opened.days(), frame, at, 90, world.today)).rejects.toThrow('before it was over')
    await expect(endingFrame(opened.store.driver, frame, at, 90, world.today)).rejects.toThrow('before it was over')
  })

  it('know who had a subscription then and has none at the end', async () => {
    const asOf = world.today - 400 * DAY
    const until = asOf + 365 * DAY
    const frame = await endingFrame(
      opened.store.driver,
      await buildFrame(opened.days(), request('world', asOf)),
      request('world', asOf),
      365,
      world.today,
    )
    const active = (id: string, at: number): boolean =>
      records.some(
        (record) =>
          record.kind === 'subscription' &&
          !record.deleted &&
          record.body.accountId === id &&
          (record.body.startedAt ?? 0) <= at &&
          (record.body.endedAt ?? Infinity) > at,
      )
    expect(frame.ids.length).toBeGreaterThan(5)
    expect(frame.ids.filter((id) => !active(id, asOf))).toEqual([])
    expect([...frame.outcome!]).toEqual(frame.ids.map((id) => (active(id, until) ? 0 : 1)))
    // The day on which the last one ended: nothing is active from then on, and something was until then.
    frame.ids.forEach((id, row) => {
      const after = frame.eventAfter![row]!
      if (frame.outcome![row] === 0) expect(after).toBeNaN()
      else expect([active(id, asOf + (after - 1) * DAY - 1), active(id, asOf + (after + 1) * DAY)]).toEqual([true, false])
    })
    expect([...frame.eventAfter!].some((after) => after > 1)).toBe(true)
  })

  it('add money of two currencies up where the CRM converts', async () => {
    const history = await orderHistory(opened.days(), 'world', 'account', world.today)
    expect(history.mixedCurrencies).toEqual([])
    const currencies = new Set(records.flatMap((record) => (record.kind === 'deal' && !record.deleted ? [record.body.currency] : [])))
    expect(currencies).toEqual(new Set(['EUR', 'USD']))
  })
})

describe('a frame of many customers', { timeout: SLOW }, () => {
  it('of 2,000 accounts comes in one go, with all of its columns', async () => {
    const world = b2bWorld({ seed: 9, accounts: 2000, plain: true })
    let page: CrmRecord[] = []
    for (let index = 0; index < world.size; index++) {
      const { account, deals, dealHistory, lineItems } = world.bundle(index)
      page.push(account, ...deals, ...dealHistory, ...lineItems)
      if (page.length > 20_000 || index === world.size - 1) {
        await opened.store.append('large', page)
        page = []
      }
    }
    const started = performance.now()
    const frame = await buildFrame(opened.days(), request('large', world.today))
    console.log(
      `one frame of ${frame.ids.length} customers, ${frame.columns.length} columns: ${Math.round(performance.now() - started)} ms`,
    )
    expect(frame.ids.length).toBeGreaterThan(1000)
    expect(frame.columns.every((column) => column.type === 'number' && column.values.length === frame.ids.length)).toBe(true)
    expect(frame.ids).toEqual([...frame.ids].sort())
  })
})
