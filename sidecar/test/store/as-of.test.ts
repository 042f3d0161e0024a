import { KINDS, type CrmRecord } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { withDealDays } from '../../src/store/deal-days.ts'
import type { Store } from '../../src/store/store.ts'
import { viewStatements } from '../../src/store/views.ts'
import { inLayout, LAYOUTS, SLOW } from './openers.ts'
import { change, day, gone, live } from './records.ts'

type Row = Readonly<Record<string, string | number | null>>
const VIEWS = [...KINDS, 'deal_state', 'account_merge', 'contact_merge']

async function seen(store: Store, connection: string, view: string, on: string): Promise<readonly Row[]> {
  const whole = view.startsWith('deal') && view !== 'dealHistory' ? ', slice = 0, slices = 1' : ''
  const sql = `SELECT * FROM ${view}_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)}${whole}) ORDER BY id`
  return store.driver.rows<Row>(sql, { connection, as_of: day(on) })
}
/** What was bought, as a run sees it that works the day out anew. */
const bought = (store: Store, connection: string, on: string): Promise<readonly Row[]> =>
  withDealDays(store.driver, async (days) => {
    const sql = `SELECT * FROM order_line_on_day(connection = {connection:String}, as_of = {as_of:DateTime64(3)}, day = {day:String}) ORDER BY id`
    return store.driver.rows<Row>(sql, { connection, as_of: day(on), day: await days.on(connection, day(on)) })
  })
const one = async (store: Store, connection: string, view: string, on: string): Promise<Row | undefined> =>
  (await seen(store, connection, view, on))[0]

/** What the views show of one day before and after much more is learned, and what they show of a later day. */
async function learnedLater(store: Store, connection: string): Promise<Record<'before' | 'after' | 'later', readonly (readonly Row[])[]>> {
  const add = (...records: CrmRecord[]): Promise<void> => store.append(connection, records)
  const shown = (on: string): Promise<readonly (readonly Row[])[]> =>
    Promise.all([...VIEWS.map((view) => seen(store, connection, view, on)), bought(store, connection, on)])
  const kinds = KINDS.filter((kind) => kind !== 'dealHistory')
  const links = { accountId: 'a', contactId: 'c', dealId: 'd', leadId: 'l', campaignId: 'k', productId: 'p' }
  const bodies = { name: 'then', status: 'then', stage: 'then', amount: 10, quantity: 2, unitPrice: 3, isClosed: true, isWon: true }
  const dates = { createdAt: day('2020-01-01'), closedAt: day('2020-03-01'), happenedAt: day('2020-01-02'), startedAt: day('2020-01-01') }
  await add(...kinds.map((kind) => live(kind, `${kind}1`, '2020-01-01', { ...links, ...bodies, ...dates })))
  await add(live('account', 'a', '2020-01-01'), live('contact', 'c', '2020-01-01'), live('deal', 'd', '2020-01-01', dates))
  await add(change('h1', 'deal1', '2020-02-01', 'amount', '7'), change('h2', 'd', '2020-02-01', 'stage', 'open'))
  const before = await shown('2020-06-01')

  const newer = {
    ...bodies,
    name: 'later',
    status: 'later',
    stage: 'later',
    amount: 999,
    ...dates,
    accountId: 'z',
    closedAt: day('2020-07-01'),
  }
  for (const kind of kinds) {
    await add(live(kind, `${kind}1`, '2020-06-02', newer), live(kind, `${kind}2`, '2020-06-02', newer))
    if (kind !== 'deal') await add(gone(kind, `${kind}1`, '2020-09-01'))
  }
  await add(gone('account', 'a', '2020-06-02', 'z'), gone('contact', 'c', '2020-06-02', 'z'))
  for (const field of ['stage', 'amount', 'closedAt', 'ownerId'] as const) {
    await add(change(`h-${field}`, 'd', '2020-06-02', field, '2020-06-02', { isClosed: true, isWon: true }))
  }
  return { before, after: await shown('2020-06-01'), later: await shown('2020-10-01') }
}

/** Faults that look ahead: which views forget the day of what. */
const FAULTS: readonly { readonly fault: string; readonly views: RegExp; readonly instant: string }[] = [
  { fault: 'records known later', views: /`case_as_of`/, instant: 'known_at' },
  { fault: 'merges known later', views: /`account_merge_as_of`/, instant: 'known_at' },
  { fault: 'deals and their changes known later', views: /`deal_state_as_of`/, instant: 'known_at' },
]

describe('the test of what is learned later', { timeout: SLOW }, () => {
  const opened = inLayout(LAYOUTS[0]!.start, 'planted')

  it.each(FAULTS)('catches a view that shows $fault', async ({ fault, views, instant }) => {
    const store = await opened.layout.open('faulty')
    try {
      await store.migrate()
      const faulty = viewStatements('faulty').filter((statement) => views.test(statement.slice(0, 80)))
      for (const statement of faulty) {
        const wrong = statement.replaceAll(`${instant} <= {as_of:DateTime64(3)}`, `${instant} <= now64(3)`)
        expect(wrong).not.toBe(statement)
        await store.driver.everywhere(wrong)
      }
      expect(faulty).toHaveLength(1)
      const { before, after } = await learnedLater(store, fault)
      expect(after).not.toEqual(before)
    } finally {
      await store.drop()
      await store.close()
    }
  })
})

describe.each(LAYOUTS)('records as of a day, $layout', { timeout: SLOW }, ({ start }) => {
  const opened = inLayout(start, 'as_of')
  const append = (connection: string, ...records: CrmRecord[]): Promise<void> => opened.store.append(connection, records)
  const at = (connection: string, view: string, on: string): Promise<Row | undefined> => one(opened.store, connection, view, on)
  const all = (connection: string, view: string, on: string): Promise<readonly Row[]> => seen(opened.store, connection, view, on)

  it('shows each day the version that was known then', async () => {
    await append('versions', live('account', 'a', '2020-01-01', { name: 'First' }))
    await append('versions', live('account', 'a', '2021-01-01', { name: 'Second' }), gone('account', 'a', '2022-01-01'))
    expect(await at('versions', 'account', '2019-12-31')).toBeUndefined()
    expect(await at('versions', 'account', '2020-01-01')).toMatchObject({ id: 'a', name: 'First' })
    expect(await at('versions', 'account', '2020-12-31T23:59:59.999Z')).toMatchObject({ name: 'First' })
    expect(await at('versions', 'account', '2021-06-01')).toMatchObject({ name: 'Second' })
    expect(await at('versions', 'account', '2022-01-01')).toBeUndefined()
  })

  it('keeps connections apart', async () => {
    await append('one', live('account', 'same', '2020-01-01', { name: 'One' }))
    await append('two', live('account', 'same', '2020-01-01', { name: 'Two' }))
    expect(await all('one', 'account', '2021-01-01')).toMatchObject([{ name: 'One' }])
    expect(await all('two', 'account', '2021-01-01')).toMatchObject([{ name: 'Two' }])
  })

  it('replaces the very same version when it comes again', async () => {
    const first = live('account', 'a', '2020-01-01', { name: 'Wrong' })
    const again = live('account', 'a', '2020-01-01', { name: 'Right' })
    await append('again', first)
    await append('again', again)
    await append('again', first, again)
    expect(await all('again', 'account', '2021-01-01')).toMatchObject([{ name: 'Right' }])
    const counts = (await opened.store.counts('again')).find((count) => count.kind === 'account')
    expect(counts).toEqual({ kind: 'account', records: 1, versions: 1, deleted: 0, newest: day('2020-01-01') })
  })

  it('moves nothing on an earlier day, whatever is learned later', async () => {
    const { before, after, later } = await learnedLater(opened.store, 'later')
    expect(after).toEqual(before)
    expect(before.flat().length).toBeGreaterThan(10)
    expect(later).not.toEqual(before)
  })

  it('follows merges of accounts and contacts that were known, over several hops', async () => {
    const deal = { createdAt: day('2020-01-01') }
    await append(
      'merge',
      ...['a', 'b', 'c', 'd'].map((id) => live('account', id, '2020-01-01')),
      ...['p', 'q'].map((id) => live('contact', id, '2020-01-01', { accountId: 'a' })),
      live('deal', 'd1', '2020-01-01', { ...deal, accountId: 'a', contactId: 'p' }),
      live('case', 'c1', '2020-01-01', { accountId: 'b' }),
      live('deal', 'd2', '2020-01-01', deal),
    )
    await append('merge', gone('account', 'a', '2020-02-01', 'b'), gone('account', 'b', '2020-03-01', 'c'))
    await append('merge', gone('account', 'c', '2020-04-01', 'd'), gone('contact', 'p', '2020-02-01', 'q'))
    expect(await all('merge', 'deal', '2020-01-15')).toMatchObject([{ account_id: 'a', contact_id: 'p' }, { account_id: null }])
    expect(await all('merge', 'deal', '2020-02-15')).toMatchObject([{ account_id: 'b', contact_id: 'q' }, { account_id: null }])
    expect(await all('merge', 'deal', '2020-03-15')).toMatchObject([{ account_id: 'c' }, { account_id: null }])
    expect(await all('merge', 'deal', '2020-05-01')).toMatchObject([{ account_id: 'd' }, { account_id: null }])
    expect(await at('merge', 'case', '2020-05-01')).toMatchObject({ account_id: 'd' })
    expect(await all('merge', 'contact', '2020-05-01')).toMatchObject([{ id: 'q', account_id: 'd' }])
    expect((await all('merge', 'account', '2020-02-15')).map((row) => row['id'])).toEqual(['b', 'c', 'd'])
    expect((await all('merge', 'account', '2020-05-01')).map((row) => row['id'])).toEqual(['d'])
  })

  it('does not send a record that came back to the winner of a merge', async () => {
    await append('back', live('account', 'a', '2020-01-01'), live('account', 'b', '2020-01-01'))
    await append('back', live('deal', 'd', '2020-01-01', { accountId: 'a' }), gone('account', 'a', '2020-02-01', 'b'))
    await append('back', live('account', 'a', '2020-03-01'))
    expect(await at('back', 'deal', '2020-02-15')).toMatchObject({ account_id: 'b' })
    expect(await at('back', 'deal', '2020-04-01')).toMatchObject({ account_id: 'a' })
  })

  describe('a deal', () => {
    const won = { stage: 'Won', isClosed: true, isWon: true, amount: 100, homeAmount: 120, currency: 'EUR' }
    const dates = { createdAt: day('2020-01-01'), closedAt: day('2020-03-01') }
    /** Read from the CRM at the end of 2020, dated back to when the deal began. */
    const read = { version: day('2020-12-01') }

    it('that closes later is open, and hides how and when it ends', async () => {
      await append('open', live('deal', 'd', '2020-01-01', { ...won, ...dates }, read))
      const open = { is_closed: 0, is_won: 0, closed_at: null, won_at: null, planned_close_at: null, stage: null }
      expect(await at('open', 'deal', '2020-02-01')).toMatchObject(open)
      const closed = { is_closed: 1, is_won: 1, closed_at: day('2020-03-01'), won_at: day('2020-03-01'), stage: 'Won', value: 120 }
      expect(await at('open', 'deal', '2020-03-01')).toMatchObject({ ...closed, planned_close_at: null })
    })

    it('that is open has a plan and no closing day', async () => {
      await append('plan', live('deal', 'd', '2020-01-01', { ...dates, stage: 'Offer', isClosed: false, isWon: false }))
      const open = { is_closed: 0, is_won: 0, closed_at: null, won_at: null, planned_close_at: day('2020-03-01'), stage: 'Offer' }
      expect(await at('plan', 'deal', '2020-02-01')).toMatchObject(open)
      expect(await at('plan', 'deal', '2020-05-01')).toMatchObject(open)
    })

    it('hides a plan that is newer than the day', async () => {
      await append('newer', live('deal', 'd', '2020-01-01', { ...dates, isClosed: false, isWon: false }, read))
      expect(await at('newer', 'deal', '2020-02-01')).toMatchObject({ is_closed: 0, planned_close_at: null })
      expect(await at('newer', 'deal', '2020-12-01')).toMatchObject({ is_closed: 0, planned_close_at: day('2020-03-01') })
    })

    it('of which nobody said whether it is closed stays unknown', async () => {
      await append('unsaid', live('deal', 'd', '2020-01-01', { stage: 'X' }))
      expect(await at('unsaid', 'deal', '2020-05-01')).toMatchObject({ is_closed: null, is_won: null, won_at: null, stage: 'X' })
    })

    it('that is closed without a date is closed from the version that says so', async () => {
      await append('undated', live('deal', 'd', '2020-01-01', { ...won, createdAt: dates.createdAt }, read))
      expect(await at('undated', 'deal', '2020-06-01')).toMatchObject({ is_closed: 0, is_won: 0 })
      expect(await at('undated', 'deal', '2020-12-02')).toMatchObject({ is_closed: 1, is_won: 1, closed_at: null, won_at: null })
    })

    it('is what its history says, field by field', async () => {
      await append(
        'history',
        live('deal', 'd', '2020-01-01', { ...won, ...dates, ownerId: 'last' }, read),
        change('s1', 'd', '2020-01-01', 'stage', 'New', { isClosed: false, isWon: false }),
        change('s2', 'd', '2020-02-01', 'stage', 'Lost', { isClosed: true, isWon: false }),
        change('s3', 'd', '2020-02-15', 'stage', 'Offer', { isClosed: false, isWon: false }),
        change('s4', 'd', '2020-03-05', 'stage', 'Won', { isClosed: true, isWon: true }),
        change('m1', 'd', '2020-01-01', 'amount', '50'),
        change('m2', 'd', '2020-02-20', 'amount', null),
        change('m3', 'd', '2020-03-05', 'amount', '100'),
        change('o1', 'd', '2020-01-01', 'ownerId', 'first'),
        change('o2', 'd', '2020-02-01', 'ownerId', 'second'),
        change('c1', 'd', '2020-01-01', 'closedAt', '2020-02-28T00:00:00Z'),
        change('c2', 'd', '2020-02-15', 'closedAt', String(day('2020-03-01'))),
      )
      const planned = day('2020-02-28')
      const on = (text: string): Promise<Row | undefined> => at('history', 'deal', text)
      expect(await on('2020-01-10')).toMatchObject({ stage: 'New', is_closed: 0, amount: 50, owner_id: 'first', planned_close_at: planned })
      expect(await on('2020-01-10')).toMatchObject({ home_amount: 60, value: 60 })
      // Lost before the planned day: closed on the day of the change.
      const lost = { stage: 'Lost', is_closed: 1, is_won: 0, closed_at: day('2020-02-01'), won_at: null, owner_id: 'second' }
      expect(await on('2020-02-05')).toMatchObject({ ...lost, planned_close_at: null })
      const reopened = { stage: 'Offer', is_closed: 0, is_won: 0, closed_at: null, amount: null, home_amount: null, value: null }
      expect(await on('2020-02-25')).toMatchObject({ ...reopened, planned_close_at: day('2020-03-01') })
      const end = { stage: 'Won', is_closed: 1, is_won: 1, amount: 100, home_amount: 120, closed_at: day('2020-03-01') }
      expect(await on('2020-03-06')).toMatchObject({ ...end, won_at: day('2020-03-01'), owner_id: 'second' })
    })

    it('takes the row where its history says nothing', async () => {
      await append(
        'partly',
        live('deal', 'd', '2020-01-01', { ...won, ...dates, ownerId: 'row' }),
        change('m', 'd', '2020-01-01', 'amount', '10'),
      )
      expect(await at('partly', 'deal', '2020-04-01')).toMatchObject({ amount: 10, owner_id: 'row', stage: 'Won', is_won: 1 })
    })

    it('is closed by its row before the first change that is known', async () => {
      await append('silent', live('deal', 'd', '2020-01-01', { ...won, ...dates }), change('s', 'd', '2021-01-01', 'stage', 'Paid'))
      expect(await at('silent', 'deal', '2020-04-01')).toMatchObject({ stage: 'Won', is_closed: 1, is_won: 1 })
      expect(await at('silent', 'deal', '2021-04-01')).toMatchObject({ stage: 'Paid', is_closed: 1, is_won: 1 })
    })

    it('comes before its creation day in a migrated CRM', async () => {
      const imported = { ...won, createdAt: day('2022-01-01'), closedAt: day('2020-03-01') }
      await append('migrated', live('deal', 'd', '2020-03-01', imported, { version: day('2022-01-01') }))
      expect(await at('migrated', 'deal', '2020-04-01')).toMatchObject({ is_won: 1, won_at: day('2020-03-01'), created_at: null })
      expect(await at('migrated', 'deal', '2022-04-01')).toMatchObject({ created_at: day('2022-01-01') })
    })

    it('is worth its line items where it has no amount', async () => {
      await append(
        'lines',
        live('deal', 'd', '2020-01-01', { isClosed: false }),
        live('deal', 'e', '2020-01-01', { isClosed: false }),
        live('lineItem', 'l1', '2020-01-01', { dealId: 'd', quantity: 2, unitPrice: 5 }),
        live('lineItem', 'l2', '2020-01-01', { dealId: 'd', amount: 7, quantity: 99, unitPrice: 99 }),
        live('lineItem', 'l3', '2020-01-01', { dealId: 'd' }),
        live('lineItem', 'l4', '2020-01-01', { dealId: 'e' }),
        live('lineItem', 'l5', '2020-06-01', { dealId: 'd', amount: 1000 }),
      )
      expect(await all('lines', 'deal', '2020-02-01')).toMatchObject([
        { id: 'd', amount: null, line_amount: 17, value: 17 },
        { id: 'e', line_amount: null, value: null },
      ])
      await append('lines', gone('lineItem', 'l2', '2020-03-01'))
      expect(await at('lines', 'deal', '2020-04-01')).toMatchObject({ line_amount: 10 })
    })
  })

  it('lists what was bought, once the deal is won', async () => {
    const won = { isClosed: true, isWon: true, amount: 10, homeAmount: 20, accountId: 'a', contactId: 'c' }
    await append(
      'orders',
      live('deal', 'd', '2020-01-01', { ...won, closedAt: day('2020-03-01') }),
      live('deal', 'lost', '2020-01-01', { isClosed: true, isWon: false, closedAt: day('2020-03-01') }),
      live('lineItem', 'l1', '2020-01-01', { dealId: 'd', productId: 'P', sku: 'S', name: 'N', quantity: 2, unitPrice: 3 }),
      live('lineItem', 'l2', '2020-01-01', { dealId: 'd', sku: 'S', name: 'N', amount: 4 }),
      live('lineItem', 'l3', '2020-01-01', { dealId: 'd', name: 'N' }),
      live('lineItem', 'l4', '2020-01-01', { dealId: 'lost', name: 'N' }),
    )
    expect(await bought(opened.store, 'orders', '2020-02-01')).toEqual([])
    const deal = { deal_id: 'd', account_id: 'a', contact_id: 'c', won_at: day('2020-03-01'), name: 'N' }
    expect(await bought(opened.store, 'orders', '2020-04-01')).toEqual([
      { id: 'l1', product: 'P', quantity: 2, value: 12, ...deal },
      { id: 'l2', product: 'S', quantity: null, value: 8, ...deal },
      { id: 'l3', product: 'N', quantity: null, value: null, ...deal },
    ])
  })

  it('leaves a case open until it is closed', async () => {
    const body = { status: 'Closed', createdAt: day('2020-01-01'), closedAt: day('2020-03-01') }
    await append('case', live('case', 'c', '2020-01-01', body, { version: day('2020-12-01') }))
    expect(await at('case', 'case', '2020-02-01')).toMatchObject({ closed_at: null, status: null })
    expect(await at('case', 'case', '2020-04-01')).toMatchObject({ closed_at: day('2020-03-01'), status: 'Closed' })
  })

  it('leaves a subscription running until it ends, and shows a plan only where it was one', async () => {
    const body = { status: 'Cancelled', startedAt: day('2020-01-01'), endedAt: day('2020-03-01'), renewsAt: day('2020-03-01') }
    await append('sub', live('subscription', 'read', '2020-01-01', body, { version: day('2020-12-01') }))
    await append('sub', live('subscription', 'seen', '2020-01-01', { ...body, status: 'Active' }))
    expect(await all('sub', 'subscription', '2020-02-01')).toMatchObject([
      { id: 'read', ended_at: null, planned_end_at: null, status: null, renews_at: null },
      { id: 'seen', ended_at: null, planned_end_at: day('2020-03-01'), status: 'Active', renews_at: day('2020-03-01') },
    ])
    expect(await all('sub', 'subscription', '2020-04-01')).toMatchObject([
      { id: 'read', ended_at: day('2020-03-01'), planned_end_at: null, status: 'Cancelled' },
      { id: 'seen', ended_at: day('2020-03-01'), planned_end_at: null },
    ])
  })

  it('shows what happened, from the day it was logged, and nothing planned', async () => {
    await append(
      'activity',
      live('activity', 'late', '2020-03-01', { happenedAt: day('2020-01-01'), createdAt: day('2020-03-01') }),
      live('activity', 'planned', '2020-01-01', { happenedAt: day('2020-02-01'), createdAt: day('2020-01-01') }),
    )
    const ids = async (on: string): Promise<unknown[]> => (await all('activity', 'activity', on)).map((row) => row['id'])
    expect(await ids('2020-01-15')).toEqual([])
    expect(await ids('2020-02-15')).toEqual(['planned'])
    expect(await ids('2020-03-15')).toEqual(['late', 'planned'])
  })

  it('does not know what a lead becomes, nor who will respond', async () => {
    const read = { version: day('2020-12-01') }
    const converted = { status: 'Converted', convertedAt: day('2020-03-01'), accountId: 'a', contactId: 'c', createdAt: day('2020-01-01') }
    await append('lead', live('lead', 'l', '2020-01-01', converted, read), live('lead', 'm', '2020-01-01', { accountId: 'a' }))
    expect(await all('lead', 'lead', '2020-02-01')).toMatchObject([
      { status: null, converted_at: null, account_id: null, contact_id: null },
      { account_id: 'a' },
    ])
    expect(await at('lead', 'lead', '2020-04-01')).toMatchObject({ status: 'Converted', account_id: 'a', contact_id: 'c' })
    await append('lead', live('campaignMember', 'm', '2020-01-01', { status: 'Responded', respondedAt: day('2020-03-01') }, read))
    expect(await at('lead', 'campaignMember', '2020-02-01')).toMatchObject({ status: null, responded_at: null })
    expect(await at('lead', 'campaignMember', '2020-04-01')).toMatchObject({ status: 'Responded', responded_at: day('2020-03-01') })
  })

  it("never shows Assay's own fields", async () => {
    const attributes = { assay_churn_risk: 80, Assay_Segment__c: 'x', tier: 'gold', seats: 12, vip: true, none: null }
    for (const kind of KINDS) {
      if (kind !== 'dealHistory') await append('own', live(kind, kind, '2020-01-01', {}, { attributes }))
    }
    for (const kind of KINDS) {
      if (kind === 'dealHistory') continue
      const row = await at('own', kind, '2021-01-01')
      expect(JSON.parse(String(row?.['attributes'])), kind).toEqual({ tier: 'gold', seats: '12', vip: 'true', none: null })
    }
  })

  it('takes a date that it cannot hold for no date', async () => {
    const body = { name: 'x', createdAt: day('0201-01-01'), closedAt: Date.UTC(20203, 0, 1), amount: Infinity }
    await append('dates', live('deal', 'd', '2020-01-01', body), live('deal', 'e', '0201-01-01', { createdAt: NaN }))
    expect(await all('dates', 'deal_state', '2021-01-01')).toMatchObject([
      { id: 'd', created_at: null, planned_close_at: null, amount: null },
      { id: 'e', created_at: null },
    ])
    expect(await all('dates', 'deal_state', '2019-01-01')).toMatchObject([{ id: 'e' }])
  })
})
