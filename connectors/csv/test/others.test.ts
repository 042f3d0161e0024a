import { afterEach, describe, expect, it } from 'vitest'
import { outcomesOf, profile, readMapping } from '../src/index.ts'
import { type Folder, folderWith, readAll, readLive } from './folder.ts'

/** Exports as other shops and tills write them: what is understood has to be right, and what is not has to be said. */
let folder: Folder
afterEach(() => folder.remove())

describe('a whole export brings more than records', () => {
  const DEALS = 'Id,AccountId,StageName,CloseDate,Amount\n006a,001a,Closed Won,2024-01-05,5\n'
  const filler = (columns: number): string => `${Array.from({ length: columns }, () => 'x').join(',')}\n`.repeat(40)

  it('Salesforce names tables after its records that are none, and they are larger', async () => {
    const change = 'Id,IsDeleted,ParentId,CreatedDate,Field,OldValue,NewValue\n'
    folder = folderWith({
      'Account.csv': 'Id,Name\n001a,A\n',
      'AccountHistory.csv': change + filler(7),
      'AccountContactRelation.csv': `Id,AccountId,ContactId\n${filler(3)}`,
      'Opportunity.csv': DEALS,
      'OpportunityHistory.csv': `Id,OpportunityId,CreatedDate,StageName,Amount,CloseDate\n${filler(6)}`,
      'OpportunityFieldHistory.csv': 'Id,OpportunityId,CreatedDate,Field,OldValue,NewValue\n017a,006a,2024-01-02,StageName,,Closed Won\n',
      'OpportunityContactRole.csv': `Id,OpportunityId,ContactId,CreatedDate\n${filler(4)}`,
      'Case.csv': 'Id,CaseNumber,AccountId,CreatedDate\n500a,1,001a,2024-01-02\n',
      'CaseHistory2.csv': change + filler(7),
      'CaseComment.csv': `Id,ParentId,CreatedDate\n${filler(3)}`,
      'User.csv': 'Id,Name\n005a,U\n',
      'UserRole.csv': `Id,Name\n${filler(2)}`,
      'Product2.csv': 'Id,Name,ProductCode\n01ta,P,P1\n',
      'PricebookEntry.csv': `Id,Name,Product2Id,UnitPrice\n${filler(4)}`,
    })
    const { sections, unused } = await readMapping(folder.path)
    expect(Object.fromEntries(Object.entries(sections).map(([name, { head }]) => [name, head.file]))).toEqual({
      dealHistory: 'OpportunityFieldHistory.csv',
      accounts: 'Account.csv',
      deals: 'Opportunity.csv',
      products: 'Product2.csv',
      cases: 'Case.csv',
      users: 'User.csv',
    })
    expect(unused).toHaveLength(8)
  })

  it('a larger file of the same kind gives way to the one that is called as the records are', async () => {
    folder = folderWith({ 'Opportunity.csv': DEALS, 'Opportunity_Plan__c.csv': `Id,Name,CreatedDate\n${filler(3)}` })
    expect((await readMapping(folder.path)).sections.deals?.head.file).toBe('Opportunity.csv')
  })

  it('a report of opportunities is known by its columns', async () => {
    folder = folderWith({
      'opps.csv': 'Opportunity ID,Account ID,Stage,Amount,Close Date\n1,a,Closed Won,5,2024-01-05\n',
      'accounts.csv': 'Id,Name\na,A\n',
    })
    expect((await readMapping(folder.path)).sections.deals?.head.file).toBe('opps.csv')
  })
})

describe('HubSpot exports', () => {
  const STAGES = ['Closed won (Sales Pipeline)', 'Closed lost (Sales Pipeline)', 'Contract sent (Won deals)', 'Closed (won)']

  it('stages carry the name of their pipeline where there are several', async () => {
    const rows = STAGES.map((stage, at) => `${at},${stage},2024-01-05,5`).join('\n')
    folder = folderWith({ 'deals.csv': `Record ID,Deal Stage,Close Date,Amount\n${rows}\n` })
    expect((await readLive(folder.path, 'deal')).map(({ body }) => [body.isClosed, body.isWon])).toEqual([
      [true, true],
      [true, false],
      [false, false],
      [false, false],
    ])
  })

  it('a deal with several companies hangs on the first, or on the primary one', async () => {
    const head = 'Record ID,Deal Name,Deal Stage,Close Date,Associated Company IDs'
    folder = folderWith({
      'deals.csv': `${head}\n1,x,Closed won,2024-01-05,12; 13\n2,y,Closed won,2024-01-06,13\n`,
      'companies.csv': 'Record ID,Company name\n12,A\n13,B\n',
    })
    expect((await readLive(folder.path, 'deal')).map(({ body }) => body.accountId)).toEqual(['12', '13'])
    const seen = await profile(folder.path)
    expect(seen.orphans).toEqual([])
    expect(seen.notes.join('\n')).toContain('"Associated Company IDs" of deals.csv (deals.account) names several at times')
    folder.write('deals.csv', `${head},Associated Company IDs (Primary)\n1,x,Closed won,2024-01-05,12;13,13\n`)
    expect((await readLive(folder.path, 'deal')).map(({ body }) => body.accountId)).toEqual(['13'])
  })
})

describe('one row a line', () => {
  const LINES = [
    'InvoiceNo,Customer ID,InvoiceDate,ProductCode,Quantity,UnitPrice,Total',
    '1,a,2024-01-05,P1,2,5,10',
    '1,a,2024-01-05,P2,1,90,90',
    '2,b,2024-01-06,P1,-1,5,-5',
    '2,b,2024-01-06,P3,4,10,40',
  ].join('\n')

  it('a total of a line is no total of the invoice', async () => {
    folder = folderWith({ 'invoices.csv': LINES })
    const deals = await readLive(folder.path, 'deal')
    expect(deals.map(({ id, body }) => [id, body.amount, body.homeAmount, body.isWon])).toEqual([
      ['1', null, null, true],
      ['2', null, null, true],
    ])
    expect((await readLive(folder.path, 'lineItem')).map(({ body }) => body.amount)).toEqual([10, 90, -5, 40])
    expect((await readMapping(folder.path)).notes.join('\n')).toContain('"Total" of invoices.csv stands on every line')
  })

  it('nor is an amount', async () => {
    folder = folderWith({
      'orders.csv': 'order_id,customer_id,order_date,product,quantity,amount\n1,a,2024-01-05,x,1,7\n1,a,2024-01-05,y,1,8\n',
    })
    expect((await readLive(folder.path, 'deal')).map(({ body }) => body.amount)).toEqual([null])
    expect((await readLive(folder.path, 'lineItem')).map(({ body }) => body.amount)).toEqual([7, 8])
  })

  it('a total of the invoice that mapping.json names is kept, and the amount of a line is not', async () => {
    const mapping = (amount: string): string => JSON.stringify({ deals: { amount }, lineItems: { amount: 'Total' } })
    const table = LINES.replace('Total', 'Total,Grand').replaceAll(/,(-?\d+)$/gm, ',$1,100')
    folder = folderWith({ 'invoices.csv': table, 'mapping.json': mapping('Grand') })
    expect((await readLive(folder.path, 'deal')).map(({ body }) => body.amount)).toEqual([100, 100])
    folder.write('mapping.json', mapping('Total'))
    expect((await readLive(folder.path, 'deal')).map(({ body }) => body.amount)).toEqual([null, null])
  })

  it.each([
    ['online_retail_II.csv', 'Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country'],
    ['table.csv', 'Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country'],
  ])('the second Online Retail is understood, called %s', async (file, header) => {
    const rows = ['489434,85048,LIGHTS,12,2009-12-01 07:45:00,6.95,13085,UK', '489434,79323P,BOX,2,2009-12-01 07:45:00,6.75,13085,UK']
    folder = folderWith({ [file]: [header, ...rows].join('\n') })
    const deals = await readLive(folder.path, 'deal')
    expect(deals).toMatchObject([{ id: '489434', body: { accountId: '13085', isWon: true, closedAt: Date.parse('2009-12-01T07:45:00Z') } }])
    expect((await readLive(folder.path, 'lineItem')).map(({ body }) => [body.dealId, body.quantity, body.unitPrice])).toEqual([
      ['489434', 12, 6.95],
      ['489434', 2, 6.75],
    ])
  })

  it('a file that is called lines has its orders too, unless another file has them', async () => {
    const table = 'OrderID,CustomerID,OrderDate,ProductID,Quantity,UnitPrice\n1,a,2024-01-05,P1,2,5\n1,a,2024-01-05,P2,1,90\n'
    folder = folderWith({ 'orderlines.csv': table })
    expect(await readLive(folder.path, 'deal')).toMatchObject([
      { id: '1', body: { accountId: 'a', isWon: true, closedAt: Date.parse('2024-01-05') } },
    ])
    expect((await readLive(folder.path, 'lineItem')).map(({ body }) => [body.dealId, body.quantity])).toEqual([
      ['1', 2],
      ['1', 1],
    ])
    expect((await readMapping(folder.path)).notes.join('\n')).toContain('so that deals are read from it too')
    folder.write('orders.csv', 'OrderID,CustomerID,OrderDate\n1,b,2024-02-05\n')
    expect((await readLive(folder.path, 'deal')).map(({ body }) => body.accountId)).toEqual(['b'])
  })

  it('sales are an amount', async () => {
    folder = folderWith({
      'superstore.csv':
        'Row ID,Order ID,Order Date,Customer ID,Product ID,Sales,Quantity\n1,o1,11/8/2016,c1,p1,261.96,2\n2,o1,11/8/2016,c1,p2,"1,731.94",3\n3,o2,6/22/2016,c2,p1,14.62,2\n',
    })
    expect((await readLive(folder.path, 'deal')).map(({ id, body }) => [id, body.amount])).toEqual([
      ['o1', null],
      ['o2', null],
    ])
    expect((await readLive(folder.path, 'lineItem')).map(({ body }) => body.amount)).toEqual([261.96, 1731.94, 14.62])
  })

  it('without the number of an invoice it is said, and a return is no order', async () => {
    folder = folderWith({ 'sales.csv': 'Date,Customer,Product,Quantity\n2024-01-05,a,x,2\n2024-01-06,a,x,-1\n' })
    const { records, refused } = await readAll(folder.path, 'deal')
    expect(records).toHaveLength(1)
    expect(refused).toMatchObject([{ where: 'line 3 of sales.csv', why: expect.stringContaining('a return and no order') as string }])
    expect((await profile(folder.path)).notes.join('\n')).toContain('no invoice number was found')
  })

  it('lines without a price: an invoice of returns alone is no order', async () => {
    folder = folderWith({
      'orders.csv': 'order_id,customer_id,order_date,product,quantity\n1,a,2024-01-05,x,-1\n1,a,2024-01-05,y,3\n2,a,2024-01-07,x,-1\n',
    })
    expect((await readLive(folder.path, 'deal')).map(({ id }) => id)).toEqual(['1'])
  })
})

describe('stages', () => {
  const NOW = Date.parse('2024-06-01')
  const table = (...stages: string[]): string =>
    ['id,name,account,stage,closedate,amount', ...stages.map((stage, i) => `${i},d${i},a,${stage},2024-01-0${i + 1},5`)].join('\n')

  it('that nobody understands are listed', async () => {
    folder = folderWith({ 'deals.csv': table('Signed', 'Signed', 'Talking', '1203949') })
    const { unsaid, notes } = await profile(folder.path, undefined, NOW)
    expect(unsaid).toContain('None of the 4 deals in deals.csv is won')
    expect(unsaid).toContain('"Signed" (2), "1203949" (1), "Talking" (1); say which under deals.stage.won in mapping.json')
    expect(notes[0]).toBe(unsaid)
  })

  it('are taken by their words in German, French and Spanish too', async () => {
    folder = folderWith({ 'deals.csv': table('Gewonnen', 'verloren', 'Gagné', 'Cerrada ganada', 'Closed Lost', 'Wonderful') })
    expect((await readLive(folder.path, 'deal')).map(({ body }) => [body.isClosed, body.isWon])).toEqual([
      [true, true],
      [true, false],
      [true, true],
      [true, true],
      [true, false],
      [false, false],
    ])
    expect((await profile(folder.path, undefined, NOW)).unsaid).toBeNull()
  })

  it('of which many are neither are told; those still to come are not counted', async () => {
    folder = folderWith({ 'deals.csv': table('Closed Won', 'Signed', 'Signed') })
    expect((await profile(folder.path, undefined, NOW)).unsaid).toContain('2 of 3 deals in deals.csv whose day of closing is past')
    expect((await profile(folder.path, undefined, Date.parse('2024-01-02'))).unsaid).toBeNull()
  })
})

describe('money', () => {
  it('keeps the sign as the currency of the row, and two of them are told', async () => {
    folder = folderWith({
      'orders.csv':
        'order_id,customer_id,order_date,amount\n1,a,2024-01-05,"€1,200.50"\n2,a,2024-01-06,$30.00\n3,a,2024-01-07,CHF 7.00\n4,a,2024-01-08,9.00\n',
    })
    expect((await readLive(folder.path, 'deal')).map(({ body }) => [body.amount, body.currency])).toEqual([
      [1200.5, 'EUR'],
      [30, 'USD'],
      [7, 'CHF'],
      [9, null],
    ])
    expect((await profile(folder.path)).notes.join('\n')).toContain(
      'stands in 3 currencies: CHF (1), EUR (1), USD (1). It cannot be added up',
    )
    folder.write('mapping.json', '{ "currency": "CAD" }')
    expect((await readLive(folder.path, 'deal')).map(({ body }) => body.currency)).toEqual(['EUR', 'CAD', 'CHF', 'CAD'])
  })

  it('of lines tells the currency of the invoice', async () => {
    folder = folderWith({
      'orders.csv': 'order_id,customer_id,order_date,product,quantity,price\n1,a,2024-01-05,x,1,£3.00\n1,a,2024-01-05,y,2,£4.00\n',
    })
    expect((await readLive(folder.path, 'deal')).map(({ body }) => body.currency)).toEqual(['GBP'])
    expect((await readLive(folder.path, 'lineItem')).map(({ body }) => body.currency)).toEqual(['GBP', 'GBP'])
    expect((await profile(folder.path)).notes.join('\n')).not.toContain('currencies')
  })
})

describe('flat tables', () => {
  it.each([
    ['yes', 'Yes'],
    ['1.0', '1'],
    ['TRUE', 'True'],
  ])('positive %s is the value %s', async (positive, value) => {
    folder = folderWith({
      'customers.csv': `id,gone,x\n1,${value},1\n2,other,2\n`,
      'mapping.json': JSON.stringify({ accounts: { outcome: { column: 'gone', positive, meaning: 'left' } } }),
    })
    const [outcome] = outcomesOf(await readMapping(folder.path))
    const rows = await readLive(folder.path, 'account')
    expect(rows.map(({ attributes }) => outcome!.isPositive(attributes['gone']))).toEqual([true, false])
  })

  it('one odd cell makes no words of a column of numbers or dates: it is null, and counted', async () => {
    const rows = Array.from({ length: 150 }, (_, i) => `${i},"1,${100 + i}.5",2024-01-${String((i % 28) + 1).padStart(2, '0')},word ${i}`)
    rows[70] = '70,about 5,soon,word'
    folder = folderWith({ 'customers.csv': ['id,spend,since,note', ...rows].join('\n') })
    const accounts = await readLive(folder.path, 'account')
    expect(accounts[0]!.attributes).toEqual({ spend: 1100.5, since: '2024-01-01', note: 'word 0' })
    expect(accounts[70]!.attributes).toEqual({ spend: null, since: null, note: 'word' })
    const { notes } = await profile(folder.path)
    expect(notes.join('\n')).toContain('1 of the values in "spend" of customers.csv are no numbers')
    expect(notes.join('\n')).toContain('1 of the values in "since" of customers.csv are no dates')
  })
})

describe('what is odd stays clear', () => {
  it('Latin-1, semicolons, decimal commas, days first, negative lines, doubles', async () => {
    const text =
      'Bestellnummer;Kundennummer;Bestelldatum;Artikelnummer;Menge;Einzelpreis\n1;Müller;31.01.2024;A;2;1.234,50\n1;Müller;31.01.2024;A;2;1.234,50\n2;Groß;05.02.2024;B;-1;3,20\n'
    folder = folderWith({
      'export.csv': Buffer.from(text, 'latin1'),
      'mapping.json': '{ "deals": { "file": "export.csv" }, "lineItems": { "file": "export.csv" } }',
    })
    expect((await readLive(folder.path, 'deal')).map(({ id, body }) => [id, body.accountId, body.closedAt])).toEqual([
      ['1', 'Müller', Date.parse('2024-01-31')],
      ['2', 'Groß', Date.parse('2024-02-05')],
    ])
    expect((await readLive(folder.path, 'lineItem')).map(({ body }) => [body.quantity, body.unitPrice])).toEqual([
      [2, 1234.5],
      [2, 1234.5],
      [-1, 3.2],
    ])
    expect((await profile(folder.path)).files[0]!.exactDuplicates).toBe(1)
  })

  it('two hundred columns, an empty one, and a header alone', async () => {
    const names = Array.from({ length: 200 }, (_, i) => `c${i}`)
    const row = (id: number): string => [id, ...names.map((_, i) => (i === 7 ? '' : i * id))].join(',')
    folder = folderWith({
      'customers.csv': [['id', ...names].join(','), row(1), row(2)].join('\n'),
      'orders.csv': 'order_id,customer_id,order_date,amount\n',
    })
    const [first] = await readLive(folder.path, 'account')
    expect(Object.keys(first!.attributes)).toHaveLength(200)
    expect(first!.attributes['c7']).toBeNull()
    expect(await readAll(folder.path, 'deal')).toEqual({ records: [], refused: [] })
    expect((await profile(folder.path)).unsaid).toBeNull()
  })
})
