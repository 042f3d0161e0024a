import { type CrmRecord, type Frame, KINDS } from '@assay/shared'
import { beforeAll, describe, expect, it } from 'vitest'
import { DEAL_FAMILIES } from '../../src/features/deals/catalogue.ts'
import { dealEndings, dealFrame, type DealFrameRequest } from '../../src/features/deals/frames.ts'
import { dealHistory, type DealHistory } from '../../src/features/deals/history.ts'
import { change, day, gone, live } from '../store/records.ts'
import { openedStore, SLOW } from './opened-store.ts'

const opened = openedStore()
const THEN = day('2025-06-01')
const LATER = day('2025-09-01')
const OPEN = { isClosed: false, isWon: false }
const WON = { isClosed: true, isWon: true }
const LOST = { isClosed: true, isWon: false }

const deal = (id: string, created: string, body: object, version?: string): CrmRecord =>
  live(
    'deal',
    id,
    created,
    { accountId: 'a', ownerId: 'u1', pipeline: 'p', createdAt: day(created), currency: 'EUR', ...body },
    version === undefined ? {} : { version: day(version) },
  )
/** A deal with all that its history tells from its first day on. */
const begun = (id: string, created: string, stage: string, amount: string, plan: string): CrmRecord[] => [
  change(`${id}s`, id, created, 'stage', stage, OPEN),
  change(`${id}a`, id, created, 'amount', amount),
  change(`${id}c`, id, created, 'closedAt', plan),
  change(`${id}o`, id, created, 'ownerId', 'u1'),
]
const ended = (id: string, on: string, stage: string, flags: object): CrmRecord[] => [
  change(`${id}e`, id, on, 'stage', stage, flags),
  change(`${id}f`, id, on, 'closedAt', on),
]

/** Two open deals on the first of June, one won and one lost before. */
const COMPANY: readonly CrmRecord[] = [
  live('account', 'a', '2024-01-01', { name: 'a' }),
  deal('w', '2025-01-01', { ...WON, stage: 'won', amount: 100, closedAt: day('2025-02-01') }),
  ...begun('w', '2025-01-01', 'talk', '100', '2025-02-01'),
  ...ended('w', '2025-02-01', 'won', WON),
  deal('l', '2025-01-01', { ...LOST, stage: 'lost', amount: 80, closedAt: day('2025-03-01') }),
  ...begun('l', '2025-01-01', 'talk', '80', '2025-03-01'),
  ...ended('l', '2025-03-01', 'lost', LOST),
  deal('d', '2025-04-01', { ...OPEN, stage: 'offer', amount: 500, closedAt: day('2025-07-15') }),
  ...begun('d', '2025-04-01', 'talk', '400', '2025-05-15'),
  change('d1', 'd', '2025-05-01', 'stage', 'offer', OPEN),
  change('d2', 'd', '2025-05-10', 'closedAt', '2025-06-30'),
  change('d3', 'd', '2025-05-20', 'closedAt', '2025-07-15'),
  change('d4', 'd', '2025-05-02', 'amount', '500'),
  change('d5', 'd', '2025-05-03', 'ownerId', 'u2'),
  change('d6', 'd', '2025-05-04', 'ownerId', 'u1'),
  deal('e', '2025-05-22', { ...OPEN, stage: 'talk', amount: 70, closedAt: day('2025-05-30') }),
  ...begun('e', '2025-05-22', 'talk', '70', '2025-05-30'),
  live('activity', 'm', '2025-05-28', {
    accountId: 'a',
    dealId: 'd',
    type: 'meeting',
    direction: 'inbound',
    happenedAt: day('2025-05-28'),
    createdAt: day('2025-05-28'),
  }),
]

/** What becomes known afterwards. */
const NEWS: Readonly<Record<string, readonly CrmRecord[]>> = {
  'a deal that is won, its version dated back to its creation': [
    deal('d', '2025-04-01', { ...WON, stage: 'won', amount: 900, closedAt: day('2025-06-20') }, '2025-06-20'),
    change('n1', 'd', '2025-06-20', 'stage', 'won', WON),
    change('n2', 'd', '2025-06-20', 'closedAt', '2025-06-20'),
    change('n3', 'd', '2025-06-20', 'amount', '900'),
  ],
  'a deal that is lost': [
    deal('e', '2025-05-22', { ...LOST, stage: 'lost', amount: 0, closedAt: day('2025-06-25') }, '2025-06-25'),
    ...ended('e', '2025-06-25', 'lost', LOST),
  ],
  'a new deal of the same owner and customer': [
    deal('n', '2025-06-02', { ...WON, stage: 'won', amount: 5, closedAt: day('2025-06-03') }),
    ...begun('n', '2025-06-02', 'talk', '5', '2025-06-03'),
    ...ended('n', '2025-06-03', 'won', WON),
  ],
  'an activity that is logged late': [
    live('activity', 'late', '2025-06-16', { dealId: 'e', type: 'call', happenedAt: day('2025-05-30'), createdAt: day('2025-06-16') }),
  ],
  deletions: [gone('deal', 'w', '2025-06-18'), gone('activity', 'm', '2025-06-18'), gone('dealHistory', 'd5', '2025-06-18')],
}

const everything = (frame: Frame): unknown => ({
  ids: frame.ids,
  columns: Object.fromEntries(
    frame.columns.map((column) => [
      column.info.name,
      column.type === 'number' ? String(column.values) : Array.from(column.codes, (code) => column.levels[code] ?? null),
    ]),
  ),
})

describe('open deals of an earlier day', { timeout: SLOW }, () => {
  let history: DealHistory
  let request: DealFrameRequest
  let before: unknown
  const look = (): Promise<Frame> => dealFrame(opened.days(), request)
  beforeAll(async () => {
    await opened.store.append('company', COMPANY)
    history = await dealHistory(opened.days(), 'company', 'account', THEN)
    request = { connection: 'company', unit: 'account', asOf: THEN, permille: 1000, kinds: new Set(KINDS), history, mixedCurrencies: [] }
    before = everything(await look())
  }, SLOW)

  it('say what was known of them, in every family', async () => {
    const frame = await look()
    expect(frame.ids).toEqual(['d', 'e'])
    const value = (name: string): number[] => [...(frame.columns.find((c) => c.info.name === name) as { values: Float64Array }).values]
    for (const family of Object.values(DEAL_FAMILIES))
      for (const name of Object.keys(family)) expect(frame.columns.map((column) => column.info.name)).toContain(name)
    expect(value('age_days')).toEqual([61, 10])
    expect(value('days_in_stage')).toEqual([31, 10])
    expect(value('days_to_plan')).toEqual([44, Number.NaN])
    expect(value('days_overdue')).toEqual([0, 2])
    expect(value('amount')).toEqual([500, 70])
    expect(value('pushes')).toEqual([2, 0])
    expect(value('stage_moves')).toEqual([1, 0])
    expect(value('owner_changes')).toEqual([2, 0])
    expect(value('amount_growth')).toEqual([0.25, 0])
    expect(value('meetings_90d')).toEqual([1, 0])
    expect(value('days_since_touch')).toEqual([4, Number.NaN])
    // One won and one lost, with as many average deals beside them: the average.
    expect(value('owner_win_rate')).toEqual([0.5, 0.5])
    expect(value('customer_won')).toEqual([1, 1])
    expect(value('other_open_deals')).toEqual([1, 1])
    expect(everything(frame)).toMatchObject({ columns: { stage: ['offer', 'talk'], pipeline: ['p', 'p'] } })
    expect(history).toMatchObject({ won: 1, lost: 1, open: 2, undated: 0, dated: { stage: true, amount: true, plan: true, owner: true } })
  })

  it.each(Object.keys(NEWS))('do not change with %s', async (news) => {
    await opened.store.append('company', NEWS[news]!)
    expect(everything(await look())).toEqual(before)
  })

  it('are known on a later day to have ended, when, how, and for how much', async () => {
    const days = opened.days()
    const frame = await dealFrame(days, request)
    const { how, days: after, value } = await dealEndings(days, frame, request, LATER)
    expect([...how]).toEqual([1, 2])
    expect([...after]).toEqual([19, 24])
    expect([...value]).toEqual([900, Number.NaN])
  })
})

describe('what no history dates', { timeout: SLOW }, () => {
  it('is left out by name: today tells more than was known, and that it is missing would tell how a deal ended', async () => {
    const rows = Array.from({ length: 40 }, (_, k): CrmRecord => {
      const closed = k % 4 !== 0
      const created = `2025-0${1 + (k % 5)}-01`
      return live(
        'deal',
        `x${k}`,
        created,
        {
          // The account is typed in when the deal is closed, and so is the amount.
          accountId: closed ? 'a' : null,
          amount: closed ? 10 : null,
          stage: closed ? 'won' : 'open',
          isClosed: closed,
          isWon: closed,
          createdAt: day(created),
          closedAt: closed ? day('2025-07-01') : null,
        },
        { version: 1 },
      )
    })
    await opened.store.append('export', rows)
    const days = opened.days()
    const history = await dealHistory(days, 'export', 'account', day('2025-08-01'))
    expect(history.dated).toEqual({ stage: false, amount: false, plan: false, owner: true })
    expect(history.clean.customer).toBe(false)
    expect(history.leftOut.map(({ column }) => column)).toEqual(['stage', 'amount', 'planned close date', 'customer'])
    const frame = await dealFrame(days, {
      connection: 'export',
      unit: 'account',
      asOf: THEN,
      permille: 1000,
      kinds: new Set(['deal']),
      history,
      mixedCurrencies: [],
    })
    const names = frame.columns.map((column) => column.info.name)
    expect(frame.ids).toHaveLength(40)
    for (const name of ['stage', 'amount', 'days_to_plan', 'customer_won', 'pushes']) expect(names).not.toContain(name)
    expect(names).toContain('age_days')
  })
})
