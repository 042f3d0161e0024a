import { domainOf } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { historyOf, instant, isAttribute, recordOf, type Context } from '../src/map.ts'
import { MODULES } from '../src/modules.ts'
import { inWindow } from '../src/query.ts'

const context = (more: Partial<Context> = {}): Context => ({
  seen: 'changed',
  currency: 'EUR',
  codes: new Map([
    ['-99', 'EUR'],
    ['usd', 'USD'],
  ]),
  wonStages: new Set(['Closed Won']),
  lostStages: new Set(['Closed Lost']),
  custom: [],
  accounts: new Map(),
  ...more,
})
const said = (module: string, record: Record<string, unknown>, more: Partial<Context> = {}) => {
  const type = MODULES.find(({ name }) => name === module)
  if (type === undefined) throw new Error(module)
  const made = recordOf(
    type,
    { id: 'x', date_entered: '2026-01-02T03:04:05+00:00', date_modified: '2026-02-03T04:05:06+00:00', ...record },
    context(more),
  )
  if (made.deleted) throw new Error('deleted')
  return made
}

describe('from Sugar', () => {
  it('reads an instant in any zone as the same instant, and nothing as nothing', () => {
    expect(instant('2026-08-05T05:34:56-07:00')).toBe(Date.UTC(2026, 7, 5, 12, 34, 56))
    expect(instant('2026-08-05')).toBe(Date.UTC(2026, 7, 5))
    for (const nothing of ['', null, undefined, '0000-00-00']) expect(instant(nothing)).toBeNull()
  })

  it('takes money as decimals in text, by the rate that stands beside it', () => {
    const { body } = said('Opportunities', { amount: '120.000000', currency_id: 'usd', base_rate: '1.200000', date_closed: '2026-03-01' })
    expect(body).toMatchObject({ amount: 120, currency: 'USD', homeAmount: 100 })
    expect(said('Opportunities', { amount: '120.000000', currency_id: 'gone', base_rate: '' }).body).toMatchObject({
      currency: null,
      homeAmount: null,
    })
    expect(said('Opportunities', {}).body).toMatchObject({ amount: null, currency: null, homeAmount: null })
  })

  it('takes the stage from the finer field and what became of the deal from the one that knows', () => {
    expect(said('Opportunities', { sales_stage: 'Prospecting', sales_status: 'Closed Lost' }).body).toMatchObject({
      stage: 'Prospecting',
      isClosed: true,
      isWon: false,
    })
    expect(said('Opportunities', { sales_stage: 'Closed Won' }).body).toMatchObject({ stage: 'Closed Won', isClosed: true, isWon: true })
    expect(said('Opportunities', { sales_status: 'In Progress' }).body).toMatchObject({
      stage: 'In Progress',
      isClosed: false,
      isWon: false,
    })
    expect(said('Opportunities', {}).body).toMatchObject({ stage: null, isClosed: null, isWon: null })
  })

  it('dates a closed deal seen for the first time to its closing, where that was before it was entered', () => {
    const first = { seen: 'first' } as const
    expect(said('Opportunities', { sales_stage: 'Closed Won', date_closed: '2025-06-01' }, first).knownAt).toBe(Date.UTC(2025, 5, 1))
    expect(said('Opportunities', { sales_stage: 'Prospecting', date_closed: '2025-06-01' }, first).knownAt).toBe(
      Date.UTC(2026, 0, 2, 3, 4, 5),
    )
  })

  it('finds whom an activity is about: its parent, its contacts, and their account', () => {
    const contacts = { next_offset: -1, records: [{ id: 'c1' }, { id: 'c2' }] }
    const accounts = new Map([
      ['c1', 'a1'],
      ['d1', 'a2'],
    ])
    expect(said('Calls', { contacts, direction: 'Inbound', duration_hours: 1, duration_minutes: 30 }, { accounts }).body).toMatchObject({
      accountId: 'a1',
      contactId: 'c1',
      dealId: null,
      direction: 'inbound',
      durationSeconds: 5400,
    })
    expect(said('Notes', { parent_type: 'Opportunities', parent_id: 'd1', contact_id: 'c1' }, { accounts }).body).toMatchObject({
      accountId: 'a2',
      contactId: 'c1',
      dealId: 'd1',
    })
    expect(said('Tasks', { parent_type: 'Leads', parent_id: 'l1' }).body).toMatchObject({ accountId: null, contactId: null, dealId: null })
  })

  it('takes the primary address, and one where none is', () => {
    const addresses = [
      { email_address: 'old@acme.example', primary_address: false },
      { email_address: 'ada@acme.example', primary_address: true },
    ]
    expect(said('Contacts', { email: addresses, first_name: 'Ada', last_name: '' }).body).toMatchObject({
      email: 'ada@acme.example',
      name: 'Ada',
    })
    expect(said('Contacts', { email: addresses.slice(0, 1) }).body).toMatchObject({ email: 'old@acme.example', name: null })
    expect(said('Contacts', { email: [] }).body).toMatchObject({ email: null })
  })

  it("carries the company's own fields along, and of Assay's only what people answer", () => {
    const custom = { source: 'custom_fields' }
    expect(isAttribute({ name: 'tier_c', type: 'enum', ...custom })).toBe(true)
    expect(isAttribute({ name: 'tier_c', type: 'text', ...custom })).toBe(false)
    expect(isAttribute({ name: 'sum_c', type: 'decimal', ...custom, calculated: true })).toBe(false)
    expect(isAttribute({ name: 'industry', type: 'enum' })).toBe(false)
    expect(isAttribute({ name: 'assay_churn_risk_c', type: 'decimal', ...custom })).toBe(false)
    expect(isAttribute({ name: 'assay_offer_1_response_c', type: 'enum', ...custom })).toBe(true)
    const fields = [
      { name: 'tier_c', type: 'decimal' },
      { name: 'kinds_c', type: 'multienum' },
      { name: 'assay_offer_1_response_c', type: 'enum' },
    ]
    expect(
      said('Accounts', { tier_c: '1.500000', kinds_c: ['a', 'b'], assay_offer_1_response_c: 'Accepted' }, { custom: fields }).attributes,
    ).toEqual({
      tier_c: 1.5,
      kinds_c: 'a, b',
      assay_offer_1_response: 'Accepted',
    })
  })

  it('says one domain for its many spellings', () => {
    for (const website of ['http://acme.example', 'https://www.acme.example/about?x=1', ' ACME.example '])
      expect(domainOf(website)).toBe('acme.example')
    expect(domainOf('')).toBeNull()
  })
})

describe('the history of a deal', () => {
  const deal = {
    id: 'd',
    date_entered: '2026-01-01T00:00:00+00:00',
    sales_stage: 'Closed Won',
    amount: '10.000000',
    sales_status: 'Closed Won',
  }
  const line = (name: string, before: string, after: string, at: string) => ({ field_name: name, before, after, date_created: at })

  it('begins with the value before the first change, and with what it holds now where nothing changed', () => {
    const lines = [
      line('sales_stage', 'Negotiation', 'Closed Won', '2026-01-05T00:00:00+00:00'),
      line('sales_stage', 'Prospecting', 'Negotiation', '2026-01-03T00:00:00+00:00'),
    ]
    const made = historyOf(deal, lines, new Set(['sales_stage', 'sales_status', 'amount']), context())
    const told = made.map((record) =>
      record.kind === 'dealHistory' && !record.deleted ? [record.body.field, record.body.value, record.body.isWon] : [],
    )
    expect(told).toEqual([
      ['stage', 'Prospecting', false],
      ['stage', 'Negotiation', false],
      ['stage', 'Closed Won', true],
      ['amount', '10', null],
    ])
    expect(new Set(made.map(({ id }) => id)).size).toBe(made.length)
  })

  it('keeps the order of changes of one second, and lets a change correct what was taken for the first value', () => {
    const at = '2026-01-03T00:00:00+00:00'
    const before = historyOf(deal, [], new Set(['amount']), context())[0]
    const [first, ...later] = historyOf(deal, [line('amount', '5', '7', at), line('amount', '7', '10', at)], new Set(['amount']), context())
    expect(first?.id).toBe(before?.id)
    expect(first?.version).toBeGreaterThan(before?.version ?? Infinity)
    expect(later.map(({ version }) => version - Date.parse(at))).toEqual([0, 1])
  })
})

describe('a window', () => {
  it('is closed, and goes on from a place: everything later, and of the same second every greater id', () => {
    const second = Date.UTC(2026, 0, 1)
    expect(inWindow(second, second + 2000, { at: second + 1000, id: 'm' })).toEqual([
      { date_modified: { $gte: '2026-01-01T00:00:00+00:00' } },
      { date_modified: { $lt: '2026-01-01T00:00:02+00:00' } },
      {
        $or: [
          { date_modified: { $gt: '2026-01-01T00:00:01+00:00' } },
          { $and: [{ date_modified: { $equals: '2026-01-01T00:00:01+00:00' } }, { id: { $gt: 'm' } }] },
        ],
      },
    ])
  })
})
