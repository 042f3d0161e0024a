import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startSugar, sugarId, type SugarStandIn } from '../src/index.ts'
import { account, call, deal, errorOf, idsOf } from './client.ts'

const NOW = Date.UTC(2026, 4, 4, 8)
const HOUR = 3_600_000
const records = [
  ...Array.from({ length: 30 }, (_, index) =>
    account(String(100 + index), `Company ${String(index).padStart(2, '0')}`, NOW - 1000 * HOUR + Math.floor(index / 3) * HOUR, {
      industry: index % 2 === 0 ? 'Machinery' : null,
      employees: index * 10,
    }),
  ),
  deal('500', '100', NOW - 500 * HOUR, { amount: 12.5, currency: 'USD', stage: 'closedwon', isClosed: true, isWon: true }),
  deal('501', '101', NOW - 400 * HOUR, { amount: null }),
]
const ids = (...numbers: readonly number[]): string[] => numbers.map((number) => sugarId('Accounts', String(number)))

let standIn: SugarStandIn
beforeEach(async () => {
  standIn = await startSugar({ world: records, now: () => NOW })
})
afterEach(() => standIn.close())

const find = (filter: unknown, more: object = {}) => idsOf(standIn, 'Accounts', { filter, order_by: 'id:ASC', max_num: 1000, ...more })
const names = async (path: string): Promise<string[]> =>
  (await call(standIn, 'GET', path)).body['records']!.map((record) => String(record['name']))

describe('pages', () => {
  test('have 20 records, the newest first, and say where the next one begins', async () => {
    const first = await call(standIn, 'GET', 'Accounts?fields=name')
    expect(first.body['records']).toHaveLength(20)
    expect(first.body['records']![0]).toMatchObject({ name: 'Company 29', date_modified: '2026-03-24T01:00:00+00:00', _module: 'Accounts' })
    expect(first.body['next_offset']).toBe(20)
    expect((await call(standIn, 'GET', 'Accounts?offset=20')).body['next_offset']).toBe(-1)
  })

  test('are cut to the limit of the instance, without a word', async () => {
    standIn.setQuirks({ maxListLimit: 7 })
    const { body } = await call(standIn, 'GET', 'Accounts?max_num=5000')
    expect(body['records']).toHaveLength(7)
    expect(body['next_offset']).toBe(7)
  })

  test('drift when a row leaves between them', async () => {
    const order = 'order_by=date_modified:ASC,id:ASC&fields=name&max_num=10'
    const first = await names(`Accounts?${order}`)
    standIn.update('Accounts', ids(100)[0] ?? '', { rating: 'A' })
    const second = await names(`Accounts?${order}&offset=10`)
    expect([...first, ...second]).not.toContain('Company 10')
  })

  test('nothing found is an empty last page', async () => {
    expect((await call(standIn, 'POST', 'Accounts/filter', { filter: [{ name: 'nobody' }] })).body).toEqual({
      next_offset: -1,
      records: [],
    })
  })

  test('by key, with ties, each record comes once', async () => {
    const found: string[] = []
    let after: { at: string; id: string } | null = null
    for (;;) {
      const key: unknown[] =
        after === null
          ? []
          : [{ $or: [{ date_modified: { $gt: after.at } }, { $and: [{ date_modified: after.at }, { id: { $gt: after.id } }] }] }]
      const filter = [{ date_modified: { $lt: '2026-05-04T00:00:00Z' } }, ...key]
      const { body } = await call(standIn, 'POST', 'Accounts/filter', { filter, order_by: 'date_modified:ASC,id:ASC', max_num: 4 })
      const page = body['records']!
      found.push(...page.map((record) => String(record['id'])))
      const last = page.at(-1)
      if (Number(body['next_offset']) === -1 || last === undefined) break
      after = { at: String(last['date_modified']), id: String(last['id']) }
    }
    expect(found).toEqual(ids(...Array.from({ length: 30 }, (_, index) => 100 + index)))
  })
})

describe('filters', () => {
  test.each<[string, unknown, readonly number[]]>([
    ['a plain value, whatever its capitals', [{ name: 'COMPANY 03' }], [103]],
    ['$equals', [{ name: { $equals: 'Company 03' } }], [103]],
    ['$in', [{ name: { $in: ['Company 03', 'Company 04'] } }], [103, 104]],
    ['ids', [{ id: { $in: ids(104, 107) } }], [104, 107]],
    ['$starts', [{ name: { $starts: 'company 2' } }], [120, 121, 122, 123, 124, 125, 126, 127, 128, 129]],
    ['$ends and $contains', [{ name: { $ends: '7' } }, { name: { $contains: ' 1' } }], [117]],
    ['$or of $and', [{ $or: [{ $and: [{ name: 'Company 01' }, { industry: { $is_null: '' } }] }, { name: 'Company 02' }] }], [101, 102]],
    [
      '$not_equals and $not_in',
      [{ name: { $not_in: ['Company 00'] } }, { name: { $lte: 'Company 01' } }, { id: { $not_equals: 'x' } }],
      [101],
    ],
    ['$between of instants', [{ date_modified: { $between: ['2026-03-24T00:00:00Z', '2026-03-24T00:30:00+00:00'] } }], [124, 125, 126]],
    ['an offset in an instant', [{ date_modified: { $equals: '2026-03-23T17:00:00-07:00' } }], [124, 125, 126]],
    ['two operators on one field', [{ date_modified: { $gte: '2026-03-24T00:00:00Z', $lt: '2026-03-24T01:00:00Z' } }], [124, 125, 126]],
    ['a custom field', [{ region_c: 'South' }], []],
    ['across a link', [{ 'opportunities.amount': { $gt: 10 } }], [100]],
    ['an empty key', [{ industry: { $empty: '' } }, { name: { $lt: 'Company 04' } }], [101, 103]],
    ['a named range', [{ date_modified: { $dateRange: 'last_7_days' } }], []],
  ])('%s', async (_name, filter, expected) => {
    expect(await find(filter)).toEqual(ids(...expected))
  })

  test('in a query, as PHP spells it, and as JSON', async () => {
    expect(await names('Accounts/filter?filter[0][name][$in][]=Company%2003&fields=name')).toEqual(['Company 03'])
    expect(await names(`Accounts?filter=${encodeURIComponent('[{"name":{"$starts":"Company 05"}}]')}&fields=name`)).toEqual(['Company 05'])
  })

  test.each([
    [[{ nonsense: 1 }], '422 invalid_parameter'],
    [[{ name: { $like: 'A' } }], '422 invalid_parameter'],
    [[{ date_modified: { $gt: 'yesterday' } }], '422 invalid_parameter'],
    [[{ assay_churn_risk_c: { $gt: 1 } }], '422 invalid_parameter'],
    [['name'], '422 invalid_parameter'],
  ])('refuse what they do not understand: %j', async (filter, expected) => {
    expect(errorOf(await call(standIn, 'POST', 'Accounts/filter', { filter }))).toBe(expected)
  })

  test('are counted', async () => {
    expect((await call(standIn, 'GET', 'Accounts/count')).body).toEqual({ record_count: '30' })
    const filter = [{ name: { $starts: 'Company 2' } }]
    expect((await call(standIn, 'POST', 'Accounts/filter/count', { filter })).body).toEqual({ record_count: '10' })
  })

  test('sort by several fields, nothing before something', async () => {
    expect((await find([{ name: { $lte: 'Company 03' } }], { order_by: 'industry:ASC,name:DESC' })).map((id) => id)).toEqual(
      ids(103, 101, 102, 100),
    )
  })
})

describe('a record', () => {
  test('has decimals and texts as texts, empty texts, names of what it hangs on', async () => {
    const { body } = await call(standIn, 'GET', `Opportunities/${sugarId('Opportunities', '500')}`)
    expect(body).toMatchObject({
      amount: '12.500000',
      base_rate: '1.086957',
      account_name: 'Company 00',
      sales_stage: 'Closed Won',
      sales_status: 'Closed Won',
      date_closed: '2026-04-13',
      next_step: '',
      campaign_id: '',
      probability: 100,
      deleted: false,
      _acl: { fields: {} },
    })
    const other = await call(standIn, 'GET', `Opportunities/${sugarId('Opportunities', '501')}`)
    expect(other.body).toMatchObject({ amount: null, currency_id: '-99' })
    const company = await call(standIn, 'GET', `Accounts/${ids(101)[0]}`)
    expect(company.body).toMatchObject({ employees: '10', annual_revenue: '', region_c: 'North', sites_c: '2.0000' })
  })

  test('shows instants in the zone of the server', async () => {
    standIn.setQuirks({ zone: -420 })
    const { body } = await call(standIn, 'GET', `Accounts/${ids(100)[0]}`)
    expect(Date.parse(String(body['date_entered']))).toBe(NOW - 1000 * HOUR)
    expect(String(body['date_entered'])).toMatch(/-07:00$/)
  })

  test('that is not there, or in a team of others, is not found; a module that is not there is no route', async () => {
    expect(errorOf(await call(standIn, 'GET', 'Accounts/nobody'))).toBe('404 not_found')
    standIn.hideRecord(ids(100)[0] ?? '')
    expect(errorOf(await call(standIn, 'GET', `Accounts/${ids(100)[0]}`))).toBe('404 not_found')
    expect(await find([{ name: { $lte: 'Company 01' } }])).toEqual(ids(101))
    expect(errorOf(await call(standIn, 'GET', 'Invoices'))).toBe('404 no_method')
  })
})

describe('deleted records', () => {
  beforeEach(() => standIn.delete('Accounts', ids(105)[0] ?? ''))
  const recent = { filter: [{ date_modified: { $gte: '2026-05-04T00:00:00Z' } }], deleted: true }

  test('come with the option, with little more than their id', async () => {
    const { body } = await call(standIn, 'POST', 'Accounts/filter', recent)
    expect(body['records']).toEqual([
      { id: ids(105)[0], date_modified: '2026-05-04T08:00:00+00:00', deleted: true, _acl: { fields: {} }, _module: 'Accounts' },
    ])
    expect(await find([], { order_by: 'date_modified:ASC,id:ASC' })).toHaveLength(29)
    expect(errorOf(await call(standIn, 'GET', `Accounts/${ids(105)[0]}`))).toBe('404 not_found')
  })

  test('do not come where Sugar ignores or refuses the option', async () => {
    standIn.setQuirks({ deleted: 'ignored' })
    expect((await call(standIn, 'POST', 'Accounts/filter', recent)).body['records']).toEqual([])
    standIn.setQuirks({ deleted: 'refused' })
    expect(errorOf(await call(standIn, 'POST', 'Accounts/filter', recent))).toBe('422 invalid_parameter')
  })
})

describe('metadata', () => {
  test('tells fields, modules, currencies, and what packages have not brought yet', async () => {
    const { body } = await call(
      standIn,
      'GET',
      'metadata?type_filter=modules,full_module_list,currencies&module_filter=Accounts,Opportunities',
    )
    expect(Object.keys(body['modules']!)).toEqual(['Accounts', 'Opportunities'])
    expect(body['full_module_list']).toMatchObject({ RevenueLineItems: 'RevenueLineItems' })
    const { fields } = body['modules']!['Accounts'] as unknown as { fields: Record<string, object> }
    expect(fields['region_c']).toMatchObject({ type: 'varchar', source: 'custom_fields' })
    expect(fields['contacts']).toMatchObject({ type: 'link', source: 'non-db' })
    expect(fields['assay_churn_risk_c']).toBeUndefined()
    expect(body['modules']!['Opportunities']!['fields']!['amount']).toMatchObject({ readonly: true, audited: true })
    expect(body['currencies']!['-99']).toMatchObject({ iso4217: 'EUR', conversion_rate: '1.000000' })
    expect(body['server_info']).toBeUndefined()
  })

  test('the smaller edition has no line items, and opportunities that can be edited', async () => {
    const other = await startSugar({ world: records, edition: 'professional' })
    const { body } = await call(other, 'GET', 'metadata?type_filter=modules,full_module_list&module_filter=Opportunities')
    expect(body['full_module_list']!['RevenueLineItems']).toBeUndefined()
    expect(body['modules']!['Opportunities']!['fields']!['sales_status']).toBeUndefined()
    expect(body['modules']!['Opportunities']!['fields']!['amount']).toMatchObject({ readonly: false })
    expect(errorOf(await call(other, 'GET', 'RevenueLineItems'))).toBe('404 no_method')
    await other.close()
  })

  test('is refused when the client’s copy is out of date, and dropdowns can be asked for', async () => {
    expect(errorOf(await call(standIn, 'GET', 'metadata', undefined, { headers: { 'x-metadata-hash': 'old' } }))).toBe(
      '412 metadata_out_of_date',
    )
    expect((await call(standIn, 'GET', 'Opportunities/enum/sales_stage')).body).toMatchObject({ 'Closed Won': 'Closed Won' })
    expect(errorOf(await call(standIn, 'GET', 'Accounts/enum/name'))).toBe('404 not_found')
  })
})

describe('links', () => {
  test('are read, made, undone, and leave date_modified alone', async () => {
    const contact = standIn.create('Contacts', { last_name: 'Hopper' })
    const company = ids(100)[0] ?? ''
    const before = standIn.get('Contacts', contact)
    standIn.clock.advance(HOUR)
    const made = await call(standIn, 'POST', `Accounts/${company}/link`, { link_name: 'contacts', ids: [contact] })
    expect(made.body['related_records']).toMatchObject([{ id: contact, account_name: 'Company 00' }])
    expect(standIn.get('Contacts', contact)).toMatchObject({ account_id: company, date_modified: before?.['date_modified'] })
    const listed = await call(standIn, 'GET', `Accounts/${company}/link/contacts?fields=last_name`)
    expect(listed.body).toMatchObject({ next_offset: -1, records: [{ id: contact, last_name: 'Hopper' }] })
    expect((await call(standIn, 'DELETE', `Accounts/${company}/link/contacts/${contact}`)).status).toBe(200)
    expect((await call(standIn, 'GET', `Accounts/${company}/link/contacts/count`)).body).toEqual({ record_count: 0 })
    expect(errorOf(await call(standIn, 'GET', `Accounts/${company}/link/nonsense`))).toBe('404 not_found')
  })

  test('records come along with the other end of a link', async () => {
    const contact = standIn.create('Contacts', { last_name: 'Hopper' })
    const id = sugarId('Opportunities', '500')
    standIn.backdate('Opportunities', id, { contact_id: contact })
    const { body } = await call(standIn, 'POST', 'Opportunities/filter', {
      filter: [{ id }],
      fields: ['name', { name: 'contacts', fields: ['id', 'last_name'] }],
    })
    expect(body['records']![0]!['contacts']).toMatchObject({ next_offset: -1, records: [{ id: contact, last_name: 'Hopper' }] })
  })
})
