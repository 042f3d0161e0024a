import { describe, expect, it } from 'vitest'
import { openDealDays, withDealDays } from '../../src/store/deal-days.ts'
import { inLayout, LAYOUTS, SLOW } from './openers.ts'
import { day, live } from './records.ts'

const won = { isClosed: true, isWon: true, amount: 10, accountId: 'a', createdAt: day('2020-01-01'), closedAt: day('2020-03-01') }

describe.each(LAYOUTS)('deals of a day, $layout', { timeout: SLOW }, ({ start }) => {
  const opened = inLayout(start, 'deal_days')
  const left = async (): Promise<number> => (await opened.store.driver.rows<{ n: number }>('SELECT count() AS n FROM deal_day'))[0]!.n
  const on = (name: string): Promise<readonly object[]> =>
    opened.store.driver.rows<object>('SELECT id, amount, value, won_at FROM deal_on_day(day = {day:String}) ORDER BY id', { day: name })

  it('are what the as-of view says, worked out once for a run and gone after it', async () => {
    await opened.store.append('once', [live('deal', 'd', '2020-01-01', won)])
    await withDealDays(opened.store.driver, async (days) => {
      const before = await days.on('once', day('2020-02-01'))
      const after = await days.on('once', day('2020-04-01'))
      expect(await on(before)).toEqual([{ id: 'd', amount: 10, value: 10, won_at: null }])
      expect(await on(after)).toEqual([{ id: 'd', amount: 10, value: 10, won_at: day('2020-03-01') }])
      await opened.store.append('once', [live('deal', 'e', '2020-01-02', won)])
      expect(await days.on('once', day('2020-04-01'))).toBe(after)
      expect(await on(after)).toHaveLength(1)
      const [other] = await withDealDays(opened.store.driver, async (later) => [await on(await later.on('once', day('2020-04-01')))])
      expect(other).toHaveLength(2)
      // The other run took away its own days only.
      expect(await on(before)).toHaveLength(1)
    })
    expect(await left()).toBe(0)
  })

  it('are the same worked out at once and slice by slice', async () => {
    const ids = Array.from({ length: 40 }, (_, i) => `s${i}`)
    await opened.store.append('sliced', [
      ...ids.map((id) => live('deal', id, '2020-01-01', { ...won, amount: null })),
      ...ids.map((id) => live('lineItem', `line of ${id}`, '2020-01-01', { dealId: id, amount: id.length })),
      ...ids.map((id) =>
        live('dealHistory', `change of ${id}`, '2020-02-01', { dealId: id, field: 'amount', value: '7', changedAt: day('2020-02-01') }),
      ),
    ])
    const whole = openDealDays(opened.store.driver)
    const sliced = openDealDays(opened.store.driver, 9)
    for (const at of [day('2020-01-15'), day('2020-04-01')]) {
      const deals = await on(await whole.on('sliced', at))
      expect(deals).toHaveLength(40)
      expect(await on(await sliced.on('sliced', at))).toEqual(deals)
    }
    await whole.close()
    await sliced.close()
  })

  it('are taken back when the work fails, and what a killed run left is swept away a day later', async () => {
    await opened.store.append('killed', [live('deal', 'd', '2020-01-01', won)])
    const failing = withDealDays(opened.store.driver, async (days) => {
      await days.on('killed', day('2020-04-01'))
      throw new Error('the work failed')
    })
    await expect(failing).rejects.toThrow('the work failed')
    expect(await left()).toBe(0)
    const old = `${Date.now() - 90_000_000}-killed`
    const young = `${Date.now() - 1_000_000}-running`
    for (const name of [old, young]) await opened.store.driver.command('INSERT INTO deal_day (day, id) VALUES ({name:String}, 1)', { name })
    const days = openDealDays(opened.store.driver)
    await days.on('killed', day('2020-04-01'))
    await days.close()
    expect(await on(old)).toEqual([])
    expect(await on(young)).toHaveLength(1)
  })
})
