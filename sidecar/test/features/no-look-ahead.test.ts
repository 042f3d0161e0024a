import { type CrmRecord, type Frame, KINDS, type Kind } from '@assay/shared'
import { beforeAll, describe, expect, it } from 'vitest'
import { readBaskets } from '../../src/features/baskets.ts'
import { FAMILIES, TODAY_ONLY } from '../../src/features/catalogue.ts'
import { buildFrame, type FrameRequest } from '../../src/features/frames.ts'
import { historyEnd, newestEvent, orderHistory, proposeUnit } from '../../src/features/history.ts'
import { change, day, gone, live } from '../store/records.ts'
import { openedStore, SLOW } from './opened-store.ts'

const opened = openedStore()
const THEN = day('2025-06-01')
const request = (more: Partial<FrameRequest> = {}): FrameRequest => ({
  connection: 'company',
  unit: 'account',
  asOf: THEN,
  permille: 1000,
  kinds: new Set(KINDS),
  ...more,
})

const won = { isClosed: true, isWon: true, stage: 'won' }
const open = { isClosed: false, isWon: false, stage: 'offer' }
const order = (id: string, accountId: string, on: string, amount: number, more: object = {}): CrmRecord =>
  live('deal', id, on, {
    accountId,
    contactId: 'k',
    createdAt: day(on),
    closedAt: day(on),
    amount,
    currency: 'EUR',
    ...won,
    ...more,
  })
const line = (id: string, dealId: string, on: string, productId: string): CrmRecord =>
  live('lineItem', id, on, { dealId, productId, quantity: 1, unitPrice: 5, name: productId })

/** A small company with something of every kind, as it was known on the first of June. */
const COMPANY: readonly CrmRecord[] = [
  ...['a', 'b', 'c'].map((id) => live('account', id, '2024-01-01', { name: id, ownerId: 'u1', createdAt: day('2024-01-01') })),
  live('user', 'u1', '2024-01-01', { name: 'Uma', isActive: true }),
  live('contact', 'k', '2024-01-01', { accountId: 'a', name: 'Kim' }),
  order('d1', 'a', '2024-11-01', 100),
  order('d2', 'a', '2025-03-01', 200),
  order('d3', 'b', '2025-05-20', 50),
  order('d4', 'c', '2024-12-20', 70),
  live('deal', 'd5', '2025-04-01', {
    accountId: 'a',
    contactId: 'k',
    createdAt: day('2025-04-01'),
    closedAt: day('2025-05-15'),
    amount: 400,
    currency: 'EUR',
    ...open,
  }),
  live('deal', 'd6', '2025-02-01', {
    accountId: 'b',
    createdAt: day('2025-02-01'),
    closedAt: day('2025-03-01'),
    amount: 30,
    isClosed: true,
    isWon: false,
    stage: 'lost',
  }),
  change('h1', 'd5', '2025-04-01', 'ownerId', 'u1'),
  change('h2', 'd5', '2025-05-01', 'ownerId', 'u2'),
  change('h3', 'd5', '2025-05-02', 'amount', '450'),
  line('l1', 'd1', '2024-11-01', 'p'),
  line('l2', 'd2', '2025-03-01', 'q'),
  line('l3', 'd3', '2025-05-20', 'p'),
  live('activity', 'm1', '2025-05-10', {
    accountId: 'a',
    contactId: 'k',
    type: 'meeting',
    direction: 'inbound',
    happenedAt: day('2025-05-09'),
    createdAt: day('2025-05-10'),
  }),
  live('case', 'c1', '2025-05-01', { accountId: 'b', createdAt: day('2025-05-01'), status: 'open' }),
  live('subscription', 's1', '2025-01-01', {
    accountId: 'a',
    startedAt: day('2025-01-01'),
    renewsAt: day('2026-01-01'),
    monthlyAmount: 10,
    status: 'active',
  }),
]

/** What becomes known afterwards, one kind of news after the other. */
const NEWS: Readonly<Record<string, readonly CrmRecord[]>> = {
  'a new order': [order('n1', 'a', '2025-06-02', 999), line('n2', 'n1', '2025-06-02', 'z')],
  'a deal that is won later, its version dated back to its creation': [
    live(
      'deal',
      'd5',
      '2025-04-01',
      { accountId: 'a', contactId: 'k', createdAt: day('2025-04-01'), closedAt: day('2025-06-20'), amount: 450, currency: 'EUR', ...won },
      { version: day('2025-06-20') },
    ),
    change('n3', 'd5', '2025-06-20', 'stage', 'won', { isClosed: true, isWon: true }),
  ],
  'an amount that is changed later, with its history': [
    live(
      'deal',
      'd2',
      '2025-03-01',
      { accountId: 'a', contactId: 'k', createdAt: day('2025-03-01'), closedAt: day('2025-03-01'), amount: 999, currency: 'EUR', ...won },
      { version: day('2025-06-10') },
    ),
    change('n4', 'd2', '2025-03-01', 'amount', '200'),
    change('n5', 'd2', '2025-06-10', 'amount', '999'),
  ],
  'an amount that is changed later, as a version of its own': [
    order('d3', 'b', '2025-06-11', 12_345, { createdAt: day('2025-05-20'), closedAt: day('2025-05-20') }),
  ],
  'a close date that moves': [change('n6', 'd5', '2025-06-12', 'closedAt', '2026-01-01')],
  'a deal that moves to another account': [
    order('d4', 'b', '2025-06-13', 70, { createdAt: day('2024-12-20'), closedAt: day('2024-12-20') }),
  ],
  'deletions of every kind': [
    gone('deal', 'd1', '2025-06-14'),
    gone('lineItem', 'l2', '2025-06-14'),
    gone('activity', 'm1', '2025-06-14'),
    gone('case', 'c1', '2025-06-14'),
    gone('contact', 'k', '2025-06-14'),
    gone('subscription', 's1', '2025-06-14'),
    gone('dealHistory', 'h2', '2025-06-14'),
  ],
  'a merge': [gone('account', 'c', '2025-06-15', 'a')],
  'an activity that is logged late': [
    live('activity', 'n7', '2025-06-16', {
      accountId: 'a',
      contactId: 'k',
      type: 'meeting',
      direction: 'inbound',
      happenedAt: day('2025-05-30'),
      createdAt: day('2025-06-16'),
    }),
  ],
  'a meeting planned ahead': [
    live('activity', 'n8', '2025-06-17', { accountId: 'a', contactId: 'k', type: 'meeting', happenedAt: day('2025-07-30') }),
  ],
  'a case that is closed, and another': [
    live(
      'case',
      'c1',
      '2025-05-01',
      { accountId: 'b', createdAt: day('2025-05-01'), closedAt: day('2025-06-18'), status: 'closed' },
      { version: day('2025-06-18') },
    ),
    live('case', 'n9', '2025-06-18', { accountId: 'a', createdAt: day('2025-06-18') }),
  ],
  'a subscription that ends, and one that begins': [
    live(
      'subscription',
      's1',
      '2025-01-01',
      { accountId: 'a', startedAt: day('2025-01-01'), endedAt: day('2025-06-19'), renewsAt: day('2027-01-01'), monthlyAmount: 10 },
      { version: day('2025-06-19') },
    ),
    live('subscription', 'n10', '2025-06-19', { accountId: 'b', startedAt: day('2025-06-19'), monthlyAmount: 99 }),
    live('subscription', 'n12', '2025-05-01', { accountId: 'd', startedAt: day('2025-06-19'), monthlyAmount: 99 }),
  ],
  'another owner': [
    live('account', 'a', '2025-06-20', { name: 'a', ownerId: 'u9' }),
    change('n11', 'd5', '2025-06-20', 'ownerId', 'u9'),
    live('user', 'u1', '2025-06-20', { name: 'Uma', isActive: false }),
  ],
  "Assay's own fields": [
    live(
      'account',
      'b',
      '2025-06-21',
      { name: 'b' },
      { attributes: { assay_churn_risk: 88, assay_churn_band: 'High', Assay_Segment__c: 'x' } },
    ),
    live('contact', 'k', '2025-06-21', { accountId: 'a', name: 'Kim' }, { attributes: { assay_churn_risk: 77 } }),
  ],
}

/** Every value of every column and every basket, as text: NaN is seen, and so is a column that comes or goes. */
const everything = (frame: Frame): unknown => ({
  ids: frame.ids,
  columns: Object.fromEntries(
    frame.columns.map((column) => [column.info.name, String(column.type === 'number' ? column.values : column.codes)]),
  ),
  baskets: frame.baskets && { ...frame.baskets, items: Array.from(frame.baskets.items, (item) => frame.baskets!.codes[item]) },
})

async function look(unit: 'account' | 'contact'): Promise<unknown> {
  const asked = request({ unit })
  const frame = await buildFrame(opened.days(), asked)
  const baskets = await readBaskets(opened.days(), frame, asked)
  return { frame: everything({ ...frame, baskets }), history: await orderHistory(opened.days(), 'company', unit, THEN) }
}

async function lookBothWays(): Promise<{ account: unknown; contact: unknown }> {
  const [account, contact] = await Promise.all([look('account'), look('contact')])
  return { account, contact }
}

describe('what becomes known later moves nothing on an earlier day', { timeout: SLOW }, () => {
  let before: { account: unknown; contact: unknown }
  beforeAll(async () => {
    await opened.store.append('company', COMPANY)
    before = await lookBothWays()
  }, SLOW)

  it('starts from a frame in which every family says something', async () => {
    const frame = await buildFrame(opened.days(), request())
    expect(frame.ids).toEqual(['a', 'b', 'c'])
    for (const family of Object.values(FAMILIES)) {
      const columns = frame.columns.filter((column) => Object.hasOwn(family, column.info.name))
      expect(columns.length).toBe(Object.keys(family).filter((name) => !TODAY_ONLY.has(name)).length)
      expect(columns.some((column) => column.type === 'number' && column.values.some((value) => value > 0))).toBe(true)
    }
    const value = (name: string): number[] => [
      ...(frame.columns.find((column) => column.info.name === name) as { values: Float64Array }).values,
    ]
    expect(value('open_deal_money')).toEqual([450, 0, 0])
    expect(value('owner_changes_365d')).toEqual([1, 0, 0])
    expect(value('cases_open')).toEqual([0, 1, 0])
    expect(value('days_since_last_activity')).toEqual([23, Number.NaN, Number.NaN])
    expect(value('lost_deals_365d')).toEqual([0, 1, 0])
    expect(value('days_since_last_inbound')).toEqual([23, Number.NaN, Number.NaN])
    expect(value('days_since_last_case')).toEqual([Number.NaN, 31, Number.NaN])
    // a: heard from; b: an order after its case; c: nothing but its one order.
    expect(value('days_since_sign_of_life')).toEqual([23, 12, 163])
    expect(value('fresh_open_deals')).toEqual([0, 0, 0])
    expect(value('deals_opened_90d')).toEqual([1, 1, 0])
  })

  it.each(Object.keys(NEWS))('%s', async (news) => {
    await opened.store.append('company', NEWS[news]!)
    expect(await lookBothWays()).toEqual(before)
  })

  it('and all of it shows on a later day', async () => {
    const later = await buildFrame(opened.days(), request({ asOf: day('2025-07-01') }))
    expect(everything(later)).not.toEqual(everything(await buildFrame(opened.days(), request())))
    expect(later.ids).toEqual(['a', 'b', 'd'])
  })
})

describe('what is not known', { timeout: SLOW }, () => {
  const kinds = new Set<Kind>(['deal', 'account'])
  const values = (frame: Frame, name: string): number[] | undefined => {
    const found = frame.columns.find((column) => column.info.name === name)
    return found?.type === 'number' ? [...found.values] : undefined
  }

  it('of a kind that holds nothing has no column', async () => {
    const frame = await buildFrame(opened.days(), request({ kinds }))
    expect(values(frame, 'activities_30d')).toBeUndefined()
    expect(values(frame, 'orders')).toBeDefined()
  })

  it('of when deals were opened is a gap, and so is any sign of life where orders are the only one', async () => {
    await opened.store.append('undated', [
      live('deal', '1', '2025-01-01', { accountId: 'a', closedAt: day('2025-01-01'), ...won }),
      live('deal', '2', '2025-01-01', { accountId: 'b', closedAt: day('2025-01-01'), ...won }),
      live('deal', '3', '2025-03-01', { accountId: 'b', createdAt: day('2025-03-01'), ...open }),
    ])
    const frame = await buildFrame(opened.days(), request({ connection: 'undated' }))
    expect(values(frame, 'deals_opened_90d')).toEqual([Number.NaN, 0])
    expect(values(frame, 'fresh_open_deals')).toEqual([Number.NaN, 0])
    expect(values(frame, 'days_since_last_deal')).toEqual([Number.NaN, 92])
    expect(values(frame, 'days_since_sign_of_life')).toEqual([151, 92])
    const alone = await buildFrame(opened.days(), request({ connection: 'undated', families: ['orders'] }))
    expect(values(alone, 'days_since_sign_of_life')).toBeUndefined()
  })

  it('before a kind was kept is a gap, and a zero for whoever has none once it is', async () => {
    await opened.store.append('late-feed', [
      order('1', 'a', '2025-01-01', 10),
      order('2', 'b', '2025-01-01', 10),
      live('activity', 'x', '2025-03-01', { accountId: 'a', type: 'call', happenedAt: day('2025-03-01') }),
    ])
    const on = async (asOf: string): Promise<number[] | undefined> =>
      values(await buildFrame(opened.days(), request({ connection: 'late-feed', asOf: day(asOf) })), 'activities_30d')
    expect(await on('2025-02-01')).toEqual([Number.NaN, Number.NaN])
    expect(await on('2025-03-02')).toEqual([1, 0])
    // A month in which nothing came in is a month without activities, and no reason to fail.
    expect(await on('2025-08-01')).toEqual([0, 0])
  })

  it('of money is a gap where no amount is, and a zero where nothing was bought in time', async () => {
    await opened.store.append('money', [
      order('1', 'a', '2025-01-01', 10),
      live('deal', '2', '2025-01-01', { accountId: 'b', createdAt: day('2025-01-01'), closedAt: day('2025-01-01'), ...won }),
      live('deal', '3', '2025-01-01', { accountId: 'a', createdAt: day('2025-01-01'), ...open }),
      live('subscription', '4', '2025-01-01', { accountId: 'a', startedAt: day('2025-01-01') }),
    ])
    const frame = await buildFrame(opened.days(), request({ connection: 'money' }))
    expect(values(frame, 'money')).toEqual([10, Number.NaN])
    expect(values(frame, 'money_30d')).toEqual([0, Number.NaN])
    expect(values(frame, 'return_share')).toEqual([0, Number.NaN])
    expect(values(frame, 'open_deal_money')).toEqual([Number.NaN, 0])
    expect(values(frame, 'monthly_amount')).toEqual([Number.NaN, 0])
  })

  it('of two currencies that nobody converts is refused by name', async () => {
    await opened.store.append('currencies', [order('1', 'a', '2025-01-01', 10), order('2', 'b', '2025-01-01', 10, { currency: 'USD' })])
    const history = await orderHistory(opened.days(), 'currencies', 'account', THEN)
    expect(history.mixedCurrencies).toEqual(['EUR', 'USD'])
    const frame = await buildFrame(opened.days(), request({ connection: 'currencies', mixedCurrencies: history.mixedCurrencies }))
    expect(frame.columns.filter((column) => column.info.unit === 'money' || column.info.name === 'return_share')).toEqual([])
    expect(values(frame, 'orders')).toEqual([1, 1])
  })

  it('of one currency, or of one that others were converted into, is no mixture; of a foreign one beside converted ones it is', async () => {
    const mixed = async (connection: string, ...orders: CrmRecord[]): Promise<readonly string[]> => {
      await opened.store.append(connection, orders)
      return (await orderHistory(opened.days(), connection, 'account', THEN)).mixedCurrencies
    }
    const converted = order('2', 'b', '2025-01-01', 10, { currency: 'USD', homeAmount: 9 })
    expect(await mixed('one', order('1', 'a', '2025-01-01', 10))).toEqual([])
    expect(await mixed('own', order('1', 'a', '2025-01-01', 10), order('3', 'a', '2025-01-01', 10, { homeAmount: 10 }), converted)).toEqual(
      [],
    )
    expect(
      await mixed(
        'foreign',
        order('1', 'a', '2025-01-01', 10, { currency: 'GBP' }),
        order('3', 'a', '2025-01-01', 10, { homeAmount: 10 }),
        converted,
      ),
    ).toEqual(['GBP', 'EUR'])
    expect(await mixed('all converted', converted)).toEqual([])
  })
})

describe('the newest event', { timeout: SLOW }, () => {
  it('is no meeting that is only planned, and nothing after the day that is asked for', async () => {
    const meeting = (id: string, made: string, on: string): CrmRecord =>
      live('activity', id, made, { accountId: 'a', type: 'meeting', createdAt: day(made), happenedAt: day(on) })
    await opened.store.append('newest', [
      order('1', 'a', '2025-01-01', 10),
      meeting('2', '2025-02-02', '2025-02-01'),
      meeting('3', '2025-02-02', '2025-12-24'),
    ])
    expect(await newestEvent(opened.days(), 'newest')).toBe(day('2025-02-01'))
    expect(await newestEvent(opened.days(), 'newest', day('2025-01-15'))).toBe(day('2025-01-01'))
    expect(await newestEvent(opened.days(), 'nothing')).toBeNull()
  })
})

describe('a company with subscriptions and no orders', { timeout: SLOW }, () => {
  const contract = (id: string, contactId: string, from: string, until: string | null, written?: string): CrmRecord =>
    live(
      'subscription',
      id,
      from,
      { contactId, startedAt: day(from), endedAt: until === null ? null : day(until), monthlyAmount: 10 },
      { version: written === undefined ? 1 : day(written) },
    )
  beforeAll(async () => {
    await opened.store.append('contracts', [
      contract('1', 'a', '2025-01-01', null),
      contract('2', 'b', '2025-02-01', '2025-03-01'),
      ...['04', '05', '06'].map((month) => contract(`3 ${month}`, 'c', `2025-${month}-20`, null)),
      // Nothing tells whether it is a plan.
      contract('4', 'a', '2025-02-01', '2025-08-01'),
      contract('5', 'a', '2025-02-01', '2025-07-10', '2025-07-12'),
      contract('6', 'a', '2025-02-01', '2026-07-10', '2025-07-12'),
    ])
  }, SLOW)

  it('has customers from the day on which their first one began', async () => {
    expect(await proposeUnit(opened.days(), 'contracts')).toBe('contact')
    const frame = await buildFrame(opened.days(), request({ connection: 'contracts', unit: 'contact' }))
    expect(frame.ids).toEqual(['a', 'b', 'c'])
    // Nobody was ever known to order or not.
    expect(String((frame.columns.find((column) => column.info.name === 'orders') as { values: Float64Array }).values)).toBe('NaN,NaN,NaN')
    expect(await orderHistory(opened.days(), 'contracts', 'contact', THEN)).toMatchObject({
      customers: 0,
      firstOrderAt: null,
      firstSubscriptionAt: day('2025-01-01'),
    })
  })

  it('ends with the newest beginning, or with an end that was told when it was over: no other is known to be no plan', async () => {
    const clock = day('2027-01-01')
    expect(await historyEnd(opened.days(), 'contracts', clock)).toEqual({
      day: day('2025-07-10'),
      beyond: { events: 2, newest: day('2026-07-10') },
    })
    expect(await newestEvent(opened.days(), 'contracts', clock)).toBe(day('2025-07-10'))
    expect(await newestEvent(opened.days(), 'contracts', day('2025-07-01'))).toBe(day('2025-06-20'))
  })
})
