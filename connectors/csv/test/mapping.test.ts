import { AssayError } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { outcomesOf, readMapping, stableOf } from '../src/index.ts'
import { folderWith } from './folder.ts'

const CUSTOMERS = 'customerID,Region,Churn\na,north,Yes\nb,south,No\n'

/** The error that a folder with these files and that mapping gives. */
async function errorOf(files: Readonly<Record<string, string | Buffer>>, mapping?: unknown): Promise<AssayError> {
  const folder = folderWith({
    ...files,
    ...(mapping === undefined ? {} : { 'mapping.json': typeof mapping === 'string' ? mapping : JSON.stringify(mapping) }),
  })
  try {
    await readMapping(folder.path)
  } catch (error) {
    expect(error).toBeInstanceOf(AssayError)
    return error as AssayError
  } finally {
    folder.remove()
  }
  throw new Error('expected an error')
}

describe('what is wrong is named', () => {
  it.each([
    [{ horizonDay: 90 }, /unknown key "horizonDay".*mean "horizonDays".*Known here: horizonDays, judgeAt/],
    [{ acounts: {} }, /unknown key "acounts".*mean "accounts"/],
    [{ accounts: { file: 'customers.csv', identifier: 'customerID' } }, /unknown key "accounts.identifier".*Known here: id, name/],
    [
      { accounts: { outcome: { column: 'Churn', positiv: 'Yes', meaning: 'left' } } },
      /unknown key "accounts.outcome.positiv".*mean "positive"/,
    ],
    [{ deals: { stage: { column: 'Stage', one: [] } } }, /unknown key "deals.stage.one".*Known here: column, won, lost/],
    [{ accounts: { outcome: { column: 'Churn', meaning: 'gone' } } }, /"accounts.outcome.meaning".*"left"/],
    [{ judgeAt: ['9.9.2011'] }, /"judgeAt.0".*ISO date/],
    [{ judgeAt: ['2024-02-30'] }, /"judgeAt.0".*ISO date/],
    [{ today: '2024-13-01' }, /"today".*ISO date/],
    [{ accounts: { outcome: { meaning: 'left' } } }, /"accounts.outcome" names no column/],
    ['{ "accounts": ', /mapping.json is no JSON/],
  ])('%j', async (mapping, message) => {
    const error = await errorOf({ 'customers.csv': CUSTOMERS }, mapping)
    expect(error.kind).toBe('config')
    expect(error.message).toMatch(message)
  })

  it('a column that the file has not, with the columns it has', async () => {
    const error = await errorOf({ 'customers.csv': CUSTOMERS }, { accounts: { file: 'customers.csv', id: 'CustomerId' } })
    expect(error.message).toMatch(/customers.csv has no column "CustomerId", which "accounts.id" names. Did you mean "customerID"/)
    expect(error.hint).toContain('customerID, Region, Churn')
  })

  it.each(['ignore', 'stable'])('a column named in %s that is not there', async (key) => {
    const error = await errorOf({ 'customers.csv': CUSTOMERS }, { accounts: { file: 'customers.csv', [key]: ['Nmae'] } })
    expect(error.message).toContain('"Nmae"')
  })

  it('a file that is not there, with the nearest', async () => {
    const error = await errorOf({ 'customers.csv': CUSTOMERS }, { accounts: { file: 'customer.csv' } })
    expect(error.message).toMatch(/no file "customer.csv", which "accounts.file" names. Did you mean "customers.csv"/)
  })

  it('a folder without tables, an empty one, and one that is not there', async () => {
    expect((await errorOf({ 'notes.txt': 'x' })).message).toMatch(/no .csv or .csv.gz file/)
    expect((await errorOf({})).hint).toMatch(/empty/)
    await expect(readMapping('/no/such/folder')).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('ENOENT') as string,
    })
  })

  it.each([['PK\u0003\u0004'], ['\u00D0\u00CF\u0011\u00E0']])('a workbook that is called .csv is no table (%j)', async (start) => {
    const error = await errorOf({ 'deals.csv': Buffer.from(`${start}a,b\n1,2\n\u0000`, 'latin1') }, {})
    expect(error.message).toMatch(/deals.csv \(it is an Excel workbook or a zip.*save it as CSV/)
  })

  it('an empty file that mapping.json names; one that it does not name is set aside', async () => {
    expect((await errorOf({ 'a.csv': '' }, { accounts: { file: 'a.csv' } })).message).toMatch(
      /a.csv cannot be read as a table: it is empty/,
    )
    expect((await errorOf({ 'accounts.csv': '' })).message).toMatch(/None of the files.*accounts.csv \(it is empty\)/)
    const folder = folderWith({ 'customers.csv': CUSTOMERS, 'deals.csv': '  \n' })
    expect((await readMapping(folder.path)).unused).toEqual([{ file: 'deals.csv', why: 'it is empty', broken: true }])
    folder.remove()
  })

  it('an outcome whose positive value cannot be guessed', async () => {
    const error = await errorOf({ 'customers.csv': CUSTOMERS }, { accounts: { outcome: { column: 'Region', meaning: 'left' } } })
    expect(error.message).toMatch(/does not say which value of "Region"/)
    expect(error.hint).toContain('north, south')
  })
})

describe('what is not said is found', () => {
  /** Section, key, header for every column found in a file. */
  async function found(file: string, header: string): Promise<Record<string, Record<string, string>>> {
    const folder = folderWith({ [file]: `${header}\n` })
    const { sections } = await readMapping(folder.path)
    folder.remove()
    return Object.fromEntries(
      Object.values(sections).map((section) => [
        section.name,
        Object.fromEntries(Object.entries(section.columns).map(([key, column]) => [key, column.name])),
      ]),
    )
  }

  it('Salesforce, Data Loader', async () => {
    expect(
      await found(
        'Opportunity.csv',
        'Id,IsDeleted,AccountId,Name,StageName,Amount,CloseDate,Type,IsClosed,IsWon,CurrencyIsoCode,OwnerId,CreatedDate,LastModifiedDate',
      ),
    ).toEqual({
      deals: {
        id: 'Id',
        deleted: 'IsDeleted',
        account: 'AccountId',
        name: 'Name',
        stage: 'StageName',
        amount: 'Amount',
        closedAt: 'CloseDate',
        type: 'Type',
        isClosed: 'IsClosed',
        isWon: 'IsWon',
        currency: 'CurrencyIsoCode',
        owner: 'OwnerId',
        createdAt: 'CreatedDate',
        updatedAt: 'LastModifiedDate',
      },
    })
    expect(
      await found('OpportunityLineItem.csv', 'Id,OpportunityId,Product2Id,ProductCode,Name,Quantity,TotalPrice,UnitPrice,CreatedDate'),
    ).toEqual({
      lineItems: {
        id: 'Id',
        deal: 'OpportunityId',
        product: 'Product2Id',
        sku: 'ProductCode',
        name: 'Name',
        quantity: 'Quantity',
        amount: 'TotalPrice',
        unitPrice: 'UnitPrice',
        createdAt: 'CreatedDate',
      },
    })
  })

  it('Salesforce, report', async () => {
    expect(
      await found(
        'report1700000000.csv',
        'Opportunity Name,Account Name,Stage,Amount,Close Date,Created Date,Opportunity Owner,Opportunity ID',
      ),
    ).toEqual({
      deals: {
        id: 'Opportunity ID',
        name: 'Opportunity Name',
        account: 'Account Name',
        stage: 'Stage',
        amount: 'Amount',
        closedAt: 'Close Date',
        createdAt: 'Created Date',
        owner: 'Opportunity Owner',
      },
    })
    expect(await found('cases.csv', 'Case Number,Account Name,Subject,Priority,Status,Date/Time Opened,Date/Time Closed')).toEqual({
      cases: {
        id: 'Case Number',
        account: 'Account Name',
        subject: 'Subject',
        priority: 'Priority',
        status: 'Status',
        createdAt: 'Date/Time Opened',
        closedAt: 'Date/Time Closed',
      },
    })
  })

  it('HubSpot', async () => {
    expect(
      await found(
        'hubspot-crm-exports-all-deals.csv',
        'Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Create Date,Deal owner,Associated Company IDs,Is Closed Won',
      ),
    ).toEqual({
      deals: {
        id: 'Record ID',
        name: 'Deal Name',
        stage: 'Deal Stage',
        pipeline: 'Pipeline',
        amount: 'Amount',
        closedAt: 'Close Date',
        createdAt: 'Create Date',
        owner: 'Deal owner',
        account: 'Associated Company IDs',
        isWon: 'Is Closed Won',
      },
    })
    expect(
      await found(
        'hubspot-crm-exports-all-companies.csv',
        'Record ID,Company name,Company Domain Name,Industry,Country/Region,City,Number of Employees,Annual Revenue,Company owner,Create Date',
      ),
    ).toEqual({
      accounts: {
        id: 'Record ID',
        name: 'Company name',
        domain: 'Company Domain Name',
        industry: 'Industry',
        country: 'Country/Region',
        city: 'City',
        employees: 'Number of Employees',
        annualRevenue: 'Annual Revenue',
        owner: 'Company owner',
        createdAt: 'Create Date',
      },
    })
  })

  it('SugarCRM', async () => {
    expect(
      await found(
        'Opportunities.csv',
        'ID:,Opportunity Name:,Account ID:,Sales Stage:,Likely:,Expected Close Date:,Date Created:,Date Modified:,Assigned User ID:,Deleted:',
      ),
    ).toEqual({
      deals: {
        id: 'ID:',
        name: 'Opportunity Name:',
        account: 'Account ID:',
        stage: 'Sales Stage:',
        amount: 'Likely:',
        closedAt: 'Expected Close Date:',
        createdAt: 'Date Created:',
        updatedAt: 'Date Modified:',
        owner: 'Assigned User ID:',
        deleted: 'Deleted:',
      },
    })
  })

  it('a single table without a telling name is one row per customer, a telling outcome column its outcome', async () => {
    const folder = folderWith({ 'export.csv': 'No,Plan,Churn\n1,a,Yes\n2,b,No\n' })
    const mapping = await readMapping(folder.path)
    folder.remove()
    expect(mapping.sections.accounts?.outcome).toMatchObject({ attribute: 'Churn', positive: 'Yes', meaning: 'left', found: true })
    expect(outcomesOf(mapping)).toMatchObject([{ miner: 'churn', attribute: 'Churn', order: null }])
    expect(mapping.notes.join(' ')).toContain('"Churn"')
  })

  it.each([
    ['log.csv', 'customer_id,date,quantity,amount', 'customer_id'],
    ['log.csv', 'id,date,quantity,amount', 'id'],
    ['transactions.csv', 'ID,DATE,AMOUNT', 'ID'],
  ])('purchases of customers who come again are no list of customers (%s: %s)', async (file, header, customer) => {
    const rows = ['1,2020-01-01,2,20', '2,2020-01-02,1,10', '1,2020-02-01,1,12', '1,2020-03-01,3,31']
    const width = header.split(',').length
    const lines = rows.map((row) => (width === 4 ? row : row.replace(/,\d+,(?=\d+$)/, ',')))
    const folder = folderWith({ [file]: `${[header, ...lines].join('\n')}\n` })
    const { sections } = await readMapping(folder.path)
    folder.remove()
    expect(Object.keys(sections)).toEqual(['deals'])
    expect(sections.deals!.columns['account']?.name).toBe(customer)
    expect(sections.deals!.columns['id']).toBeUndefined()
    expect(sections.deals!.won).toBe(true)
  })

  it('an id of orders that is there twice by mistake stays an id, and a table of customers with a day and money stays one', async () => {
    const ids = Array.from({ length: 30 }, (_, i) => `${i === 7 ? 6 : i}`)
    const orders = folderWith({ 'orders.csv': ['id,date,amount', ...ids.map((id) => `${id},2020-01-01,5`)].join('\n') })
    expect((await readMapping(orders.path)).sections.deals!.columns['id']?.name).toBe('id')
    orders.remove()
    const customers = folderWith({ 'export.csv': ['customer_id,date,amount', ...ids.map((id) => `${id},2020-01-01,5`)].join('\n') })
    expect(Object.keys((await readMapping(customers.path)).sections)).toEqual(['accounts'])
    customers.remove()
  })

  it('a header alone is no proof: a column of something else stays an attribute', async () => {
    const folder = folderWith({ 'customers.csv': 'id,employees,created_at\n1,50-100,spring\n2,10-50,2020-01-01\n3,1-10,autumn\n' })
    const { sections } = await readMapping(folder.path)
    folder.remove()
    expect(Object.keys(sections.accounts!.columns)).toEqual(['id'])
    expect(sections.accounts!.attributes.map(({ name }) => name)).toEqual(['employees', 'created_at'])
  })

  it('a null in mapping.json stops the search for a column or a section', async () => {
    const folder = folderWith({
      'customers.csv': 'id,name,industry\n1,a,x\n',
      'products.csv': 'id,name\n1,a\n',
      'mapping.json': JSON.stringify({ accounts: { industry: null }, products: null }),
    })
    const mapping = await readMapping(folder.path)
    folder.remove()
    expect(Object.keys(mapping.sections)).toEqual(['accounts'])
    expect(mapping.sections.accounts?.columns['industry']).toBeUndefined()
    expect(mapping.sections.accounts?.attributes.map(({ name }) => name)).toEqual(['industry'])
    expect(mapping.unused).toEqual([{ file: 'products.csv', why: 'mapping.json says that there are no products', broken: false }])
  })
})

it('hands on what the flow asks for', async () => {
  const folder = folderWith({
    'customers.csv': CUSTOMERS,
    'mapping.json': JSON.stringify({
      horizonDays: 30,
      judgeAt: ['2020-01-01'],
      currency: 'EUR',
      today: '2020-06-01',
      unit: 'contact',
      accounts: { stable: ['Region'], order: 'file', outcome: { column: 'Churn', positive: 'Yes', meaning: 'defaulted' } },
    }),
  })
  const mapping = await readMapping(folder.path)
  folder.remove()
  expect(mapping).toMatchObject({ horizonDays: 30, judgeAt: ['2020-01-01'], currency: 'EUR', today: '2020-06-01', unit: 'contact' })
  const [outcome] = outcomesOf(mapping)
  expect(outcome).toMatchObject({ section: 'accounts', kind: 'account', miner: 'credit', order: 'file', stable: ['Region'], dated: false })
  expect([outcome?.isPositive('Yes'), outcome?.isPositive('No'), outcome?.isPositive(null)]).toEqual([true, false, null])
  // Rows in file order are numbered although there is a column that looks like an id.
  expect(mapping.sections.accounts?.columns['id']).toBeUndefined()
})

it('calls what is stable by the name that records have', async () => {
  const folder = folderWith({
    'customers.csv': 'customerID,Sector,Colour\na,mining,red\n',
    'mapping.json': JSON.stringify({ accounts: { industry: 'Sector', stable: ['Sector', 'Colour'] } }),
  })
  const mapping = await readMapping(folder.path)
  folder.remove()
  expect(stableOf(mapping, 'account')).toEqual(['industry', 'Colour'])
  expect(stableOf(mapping, 'contact')).toEqual([])
})
