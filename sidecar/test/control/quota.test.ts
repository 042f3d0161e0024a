import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { available, grant, newAllowance } from '../../src/control/allowance.ts'
import type { Allowance, Request } from '../../src/control/allowance.ts'
import type { Control, Database } from '../../src/control/index.ts'
import { quota } from '../../src/control/quota.ts'
import { createVault } from '../../src/control/secrets.ts'
import { ENGINES } from './planes.ts'
import type { Plane } from './planes.ts'

const now = 1_700_000_000_000
const HOUR = 3_600_000
const ask = (more: Partial<Request>): Request => ({
  now,
  need: 1,
  wish: 256,
  settle: { period: 0, used: 0, unused: 0 },
  seen: null,
  ...more,
})

describe('the arithmetic of an allowance', () => {
  const known: Allowance = { ...newAllowance(now), limit: 1000 }

  test('a chunk is never more than a sixteenth of what is left, and never less than what is needed', () => {
    expect(grant(known, 0.5, ask({})).granted).toBe(Math.floor(500 / 16))
    expect(grant(known, 0.5, ask({ need: 400 })).granted).toBe(400)
    expect(grant(known, 0.5, ask({ need: 501 })).granted).toBeNull()
    expect(grant({ ...known, leased: 499 }, 0.5, ask({})).granted).toBe(1)
    expect(grant({ ...known, spent: 500 }, 0.5, ask({})).granted).toBeNull()
  })

  test("the CRM's word wins over our count, both ways", () => {
    const fewLeft = grant({ ...known, spent: 10 }, 0.5, ask({ need: 0, wish: 0, seen: { remaining: 3 } })).after
    expect(available(fewLeft, 0.5)).toBe(3)
    // We counted 400, but everybody together made only 50: some of ours never arrived.
    const counted = grant({ ...known, spent: 400 }, 0.5, ask({ need: 0, wish: 0, seen: { remaining: 950 } })).after
    expect(available(counted, 0.5)).toBe(450)
  })

  test('calls that other processes hold are not counted as left', () => {
    const held = grant({ ...known, leased: 40 }, 1, ask({ need: 0, wish: 0, seen: { remaining: 100 } })).after
    expect(available(held, 1)).toBe(60)
  })

  test('a new day starts at nought, keeps the limit, and knows a lease of yesterday', () => {
    const used: Allowance = { ...known, spent: 500, leased: 7, remaining: 0, resetsAt: now }
    const { after, granted } = grant(used, 0.5, ask({ settle: { period: used.period, used: 3, unused: 4 } }))
    expect(granted).toBe(31)
    expect(after).toMatchObject({ period: 2, spent: 0, leased: 31, limit: 1000, remaining: null })
    expect(after.resetsAt).toBeGreaterThan(now)
  })

  test('without a limit nothing is held back', () => {
    expect(grant(newAllowance(now), 0.5, ask({})).granted).toBe(256)
  })
})

describe.each(ENGINES)('the quota ledger on $name', ({ make }) => {
  let plane: Plane
  let control: Control
  beforeAll(async () => {
    plane = await make()
    control = await plane.open('acme')
  })
  afterAll(() => plane.remove())
  const clock = { now: () => now }
  const takeAll = async (ledger: { take(calls: number): Promise<void> }): Promise<number> => {
    // An end of its own: a ledger that holds nothing back must fail the test, not hang it.
    for (let taken = 0; taken < 5000; taken += 1) {
      try {
        await ledger.take(1)
      } catch {
        return taken
      }
    }
    return Infinity
  }

  test('several processes at once share one allowance to the call', async () => {
    const first = control.quota('shared', 0.5, clock)
    first.report({ limit: 2000, remaining: 2000, resetsAt: now + HOUR })
    const others = [1, 2, 3].map(() => control.quota('shared', 0.5, clock))
    await first.take(1)
    const taken = await Promise.all([first, ...others].map(takeAll))
    expect(taken.reduce((sum, one) => sum + one, 1)).toBe(1000)
  })

  test('one process that asks many times at once gets no more either', async () => {
    const ledger = control.quota('burst', 1, clock)
    ledger.report({ limit: 300, remaining: 300 })
    const answers = await Promise.allSettled(Array.from({ length: 500 }, () => ledger.take(1)))
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(300)
  })

  test('a used-up share is a limit that says how long, and goes on afterwards', async () => {
    let instant = now
    const ledger = control.quota('empty', 0.1, { now: () => instant })
    ledger.report({ limit: 100, remaining: 100, resetsAt: now + HOUR })
    await ledger.take(10)
    await expect(ledger.take(1)).rejects.toMatchObject({
      kind: 'limit',
      retryAfterMs: HOUR,
      message: expect.stringContaining('10 of 100') as string,
    })
    instant = now + HOUR - 1
    await expect(ledger.take(1)).rejects.toMatchObject({ retryAfterMs: 1 })
    instant = now + HOUR
    await ledger.take(10)
    await expect(ledger.take(1)).rejects.toMatchObject({ kind: 'limit' })
  })

  test('what the CRM reports stops a process that still holds a lease', async () => {
    const ledger = control.quota('cut', 1, clock)
    await ledger.take(1)
    ledger.report({ limit: 100_000, remaining: 2, resetsAt: now + HOUR })
    await ledger.take(2)
    await expect(ledger.take(1)).rejects.toMatchObject({ kind: 'limit' })
  })

  test('what a killed process had leased is not given out again', async () => {
    const killed = control.quota('killed', 1, clock)
    killed.report({ limit: 160, remaining: 160 })
    await killed.take(1)
    expect(await takeAll(control.quota('killed', 1, clock))).toBe(150)
  })

  test('30,000 calls cost some hundred visits to the database, not 30,000', async () => {
    let visits = 0
    const counting: Database = {
      ...control.database,
      transaction: (work) => {
        visits += 1
        return control.database.transaction(work)
      },
    }
    const scope = { database: counting, organisation: 'acme', vault: createVault(new Uint8Array(32)), now: clock.now }
    const ledger = quota(scope)('cheap', 0.5, clock)
    ledger.report({ limit: 250_000, remaining: 250_000 })
    for (let call = 0; call < 30_000; call += 1) {
      await ledger.take(1)
      ledger.report({ remaining: 250_000 - call })
    }
    expect(visits).toBeLessThan(200)
  })

  test('a database that fails loses no count', async () => {
    let broken = false
    const failing: Database = {
      ...control.database,
      transaction: (work) => (broken ? Promise.reject(new Error('connection lost')) : control.database.transaction(work)),
    }
    const scope = { database: failing, organisation: 'acme', vault: createVault(new Uint8Array(32)), now: clock.now }
    const ledger = quota(scope)('failing', 1, clock)
    ledger.report({ limit: 100, remaining: 100 })
    await ledger.take(1)
    broken = true
    await expect(ledger.take(50)).rejects.toThrow('connection lost')
    broken = false
    expect(await takeAll(ledger)).toBe(99)
  })
})
