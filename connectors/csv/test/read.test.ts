import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { afterEach, describe, expect, it } from 'vitest'
import type { Cursor, Page } from '@assay/shared'
import { readHead } from '../src/detect.ts'
import { profile } from '../src/index.ts'
import { type Folder, folderWith, readAll, readLive, session } from './folder.ts'

let folder: Folder
afterEach(() => folder.remove())
const at = (text: string): number => Date.parse(text)

describe('files as they come', () => {
  const TABLE = 'id,name,city\n1,"Müller, Söhne",Köln\n2,"two\nlines",\n'

  it.each([
    ['utf-8', Buffer.from(TABLE), 'utf-8'],
    ['utf-8 with BOM', Buffer.from(`\uFEFF${TABLE}`), 'utf-8'],
    ['utf-16le', iconv.encode(TABLE, 'utf-16le', { addBOM: true }), 'utf-16le'],
    ['utf-16be', iconv.encode(TABLE, 'utf-16be', { addBOM: true }), 'utf-16be'],
    ['utf-16le without its mark', iconv.encode(TABLE, 'utf-16le', { addBOM: false }), 'utf-16le'],
    ['utf-16be without its mark', iconv.encode(TABLE, 'utf-16be', { addBOM: false }), 'utf-16be'],
    ['windows-1252', iconv.encode(TABLE, 'windows-1252'), 'windows-1252'],
    ['line ends of Windows', Buffer.from(TABLE.replaceAll('\n', '\r\n')), 'utf-8'],
    ['line ends of old Macintosh', Buffer.from(TABLE.replaceAll('\n', '\r')), 'utf-8'],
    [
      'semicolons',
      Buffer.from(
        TABLE.replace('id,name,city', 'id;name;city')
          .replace('1,"Müller, Söhne",Köln', '1;"Müller, Söhne";Köln')
          .replace('2,"two\nlines",', '2;"two\nlines";'),
      ),
      'utf-8',
    ],
    [
      'tabs',
      Buffer.from(
        TABLE.replace('id,name,city', 'id\tname\tcity')
          .replace('1,"Müller, Söhne",Köln', '1\t"Müller, Söhne"\tKöln')
          .replace('2,"two\nlines",', '2\t"two\nlines"\t'),
      ),
      'utf-8',
    ],
    ['a line that names the separator', Buffer.from(`sep=,\n${TABLE}`), 'utf-8'],
  ])('%s', async (_, bytes, encoding) => {
    folder = folderWith({ 'accounts.csv': bytes })
    expect(readHead(folder.path, 'accounts.csv').encoding).toBe(encoding)
    const [first, second] = await readLive(folder.path, 'account')
    expect(first).toMatchObject({ id: '1', body: { name: 'Müller, Söhne', city: 'Köln' } })
    expect(second?.body.name?.replaceAll(/\r?\n|\r/g, ' ')).toBe('two lines')
    expect(second?.body.city).toBeNull()
  })

  it('is not misled by other delimiters inside quotes', () => {
    folder = folderWith({ 'a.csv': 'id,note,x\n1,"a;b;c;d;e;f",2\n2,"g;h;i;j;k;l",3\n', 'b.csv': 'id;note\n1;"a,b,c,d"\n2;"e,f,g,h"\n' })
    expect(readHead(folder.path, 'a.csv')).toMatchObject({ delimiter: ',', header: ['id', 'note', 'x'] })
    expect(readHead(folder.path, 'b.csv')).toMatchObject({ delimiter: ';', header: ['id', 'note'] })
  })

  it('names headers apart and reads single quotes', () => {
    folder = folderWith({ 'a.csv': "'id','x','x',''\n'1','2','3','4'\n" })
    expect(readHead(folder.path, 'a.csv')).toMatchObject({ header: ['id', 'x', 'x (2)', 'column 4'], sample: [['1', '2', '3', '4']] })
  })

  it('a folder that is called like a table is none', async () => {
    folder = folderWith({ 'accounts.csv': 'id,name\n1,A\n' })
    mkdirSync(join(folder.path, 'deals.csv'))
    expect((await readLive(folder.path, 'account')).map(({ id }) => id)).toEqual(['1'])
    expect((await session(folder.path).check()).kinds.map(({ kind }) => kind)).toEqual(['account'])
  })

  it('a gz file whose data are damaged is told from one that is no gz file', () => {
    const damaged = gzipSync(Buffer.from(Array.from({ length: 500 }, (_, i) => `${i},${(i * 7919) % 1009}`).join('\n')))
    damaged[damaged.length >> 1]! ^= 0xff
    folder = folderWith({ 'a.csv.gz': damaged, 'b.csv.gz': 'id,name\n1,A\n' })
    expect(readHead(folder.path, 'a.csv.gz').problem).toMatch(/gzip data are damaged/)
    expect(readHead(folder.path, 'b.csv.gz').problem).toMatch(/no gzip file/)
  })

  it('a header without rows is an empty table', async () => {
    folder = folderWith({ 'accounts.csv': 'id,name' })
    expect(await readAll(folder.path, 'account')).toEqual({ records: [], refused: [] })
    expect((await session(folder.path).check()).kinds).toMatchObject([{ kind: 'account', records: 0 }])
  })
})

describe('what a row becomes', () => {
  it('numbers, dates and text of attributes; sentinels and blanks are null', async () => {
    folder = folderWith({
      'accounts.csv': 'id,score,seen,code,level\n 1 ,"1.234,5",31.12.2020,007,low \n2,?,,008,unknown\n3,"2,5",1.2.2021,NA,-\n',
    })
    const rows = await readLive(folder.path, 'account')
    expect(rows.map(({ id, attributes }) => [id, attributes])).toEqual([
      ['1', { score: 1234.5, seen: '2020-12-31', code: '007', level: 'low' }],
      ['2', { score: null, seen: null, code: '008', level: 'unknown' }],
      ['3', { score: 2.5, seen: '2021-02-01', code: null, level: null }],
    ])
  })

  it('a deal is known since it was opened or closed, the earlier', async () => {
    folder = folderWith({
      'deals.csv':
        'id,account_id,stage,created_date,close_date,amount\n1,a,Closed Won,2022-01-01,2019-05-01,10\n2,,Lost,2020-01-01,2020-02-01,\n3,a,Proposal,2020-01-01,2030-01-01,5\n',
    })
    const deals = await readLive(folder.path, 'deal')
    expect(deals.map(({ knownAt, body }) => [knownAt, body.isClosed, body.isWon, body.accountId])).toEqual([
      [at('2019-05-01'), true, true, 'a'],
      [at('2020-01-01'), true, false, null],
      [at('2020-01-01'), false, false, 'a'],
    ])
  })

  it('stages as mapping.json says them, and a currency for amounts without one', async () => {
    folder = folderWith({
      'x.csv': 'n,st,d,v\n1,Signed,2020-01-01,"1,5"\n2,Gone,2020-01-02,2\n3,New,2020-01-03,3\n',
      'mapping.json': JSON.stringify({
        currency: 'CHF',
        deals: { file: 'x.csv', id: 'n', closedAt: 'd', amount: 'v', stage: { column: 'st', won: ['Signed'], lost: ['Gone'] } },
      }),
    })
    const deals = await readLive(folder.path, 'deal')
    expect(deals.map(({ body }) => [body.isClosed, body.isWon, body.amount, body.currency])).toEqual([
      [true, true, 1.5, 'CHF'],
      [true, false, 2, 'CHF'],
      [false, false, 3, 'CHF'],
    ])
  })

  it('lines of invoices: one deal per invoice, by its first row, also when its rows are apart', async () => {
    folder = folderWith({
      'sales.csv':
        'InvoiceNo,StockCode,Quantity,UnitPrice,InvoiceDate,CustomerID,Country\n7,A,1,2.5,2011-01-01 10:00:00,c1,UK\n8,A,1,2,2011-01-02 10:00:00,,UK\n7,B,-2,1,2011-01-01 10:01:00,c1,UK\n',
    })
    const deals = await readLive(folder.path, 'deal')
    expect(deals.map(({ id, body, knownAt, attributes }) => [id, body.accountId, body.isWon, body.closedAt, knownAt, attributes])).toEqual([
      ['7', 'c1', true, at('2011-01-01T10:00:00Z'), at('2011-01-01T10:00:00Z'), { Country: 'UK' }],
      ['8', null, true, at('2011-01-02T10:00:00Z'), at('2011-01-02T10:00:00Z'), { Country: 'UK' }],
    ])
    const lines = await readLive(folder.path, 'lineItem')
    expect(lines.map(({ id, body, knownAt }) => [id, body.dealId, body.productId, body.sku, body.quantity, knownAt])).toEqual([
      ['1', '7', 'A', 'A', 1, at('2011-01-01T10:00:00Z')],
      ['2', '8', 'A', 'A', 1, at('2011-01-02T10:00:00Z')],
      ['3', '7', 'B', 'B', -2, at('2011-01-01T10:01:00Z')],
    ])
  })

  it('an outcome that stands in another file', async () => {
    folder = folderWith({
      'l.csv': 'k,first\na,2020-01-01\nb,2020-01-02\n',
      'won.csv': 'k,day\nb,2020-03-01\n',
      'mapping.json': JSON.stringify({
        leads: { file: 'l.csv', id: 'k', createdAt: 'first', outcome: { file: 'won.csv', at: 'day', meaning: 'converted' } },
      }),
    })
    const leads = await readLive(folder.path, 'lead')
    expect(leads.map(({ body, attributes }) => [body.convertedAt, attributes])).toEqual([
      [null, { outcome: 'no' }],
      [at('2020-03-01'), { outcome: 'yes' }],
    ])
  })

  it('the history of deals comes with the deals; merges and deletions are tombstones', async () => {
    folder = folderWith({
      'deals.csv': 'id,stage,createdAt,updatedAt\nd1,open,2020-01-01T00:00:00.000Z,2020-02-01T00:00:00.000Z\n',
      'dealHistory.csv':
        'dealId,field,value,isClosed,isWon,changedAt\nd1,stage,open,false,false,2020-01-01T00:00:00.289Z\nd1,Probability,5,,,2020-01-02\n',
      'accounts.csv': 'id,name\nw,Winner\n',
      'merges.csv': 'kind,id,mergedInto,mergedAt\naccount,l,w,2020-05-01\n',
      'deletions.csv': 'kind,id,deletedAt\ndeal,d9,2020-06-01\nOpportunity,d8,2020-06-02\n',
    })
    const { records } = await readAll(folder.path, 'deal')
    expect(records.map(({ kind, id, deleted, version, knownAt }) => [kind, id, deleted, version, knownAt])).toEqual([
      ['deal', 'd1', false, at('2020-02-01'), at('2020-01-01')],
      ['dealHistory', `d1-stage-${at('2020-01-01') + 289}`, false, at('2020-01-01') + 289, at('2020-01-01') + 289],
      ['deal', 'd9', true, at('2020-06-01'), at('2020-06-01')],
      ['deal', 'd8', true, at('2020-06-02'), at('2020-06-02')],
    ])
    expect((await readAll(folder.path, 'account')).records.at(-1)).toMatchObject({ id: 'l', deleted: true, mergedInto: 'w' })
  })

  it('a row marked as deleted is a tombstone', async () => {
    folder = folderWith({ 'accounts.csv': 'Id,Name,IsDeleted,LastModifiedDate\n1,a,false,2020-01-01\n2,b,true,2020-01-02\n' })
    expect((await readAll(folder.path, 'account')).records).toMatchObject([
      { id: '1', deleted: false },
      { id: '2', deleted: true, knownAt: at('2020-01-02') },
    ])
  })
})

it("never reads what Assay wrote itself, save people's answers", async () => {
  folder = folderWith({
    'accounts.csv': 'id,name,Assay_Churn_Risk__c,assay_offer_1_response,plan\n1,a,88,Accepted,x\n',
    'contacts.csv': 'id,email,Churn risk,Score note,Scored at,Offer 1 response\n1,a@example.org,88,good,2020-01-01,Not now\n',
    'leads.csv': 'id,name,Churn risk\n1,a,high\n',
    'activities.csv': 'id,type,happenedAt,body\n1,Call,2020-01-01,hello\n2,Task,2020-01-01,do it [assay:x]\n',
  })
  expect((await readLive(folder.path, 'account'))[0]?.attributes).toEqual({ assay_offer_1_response: 'Accepted', plan: 'x' })
  expect((await readLive(folder.path, 'contact'))[0]?.attributes).toEqual({ assay_offer_1_response: 'Not now' })
  expect((await readLive(folder.path, 'lead'))[0]?.attributes).toEqual({ 'Churn risk': 'high' })
  expect((await readLive(folder.path, 'activity')).map(({ id, body }) => [id, body.type])).toEqual([['1', 'call']])
})

describe('bad rows are kept aside', () => {
  it('by line, with the reason; the others are read', async () => {
    folder = folderWith({
      'deals.csv':
        'id,account,amount,close_date,stage\n1,a,10,2020-01-01,Won\n2,a,10,2020-02-30,Won\n3,a,ten,2020-01-01,Won\n4,a\n,a,1,2020-01-01,Won\n1,b,2,2020-01-01,Won\n"5\nx",a,?,2020-01-05,Won\n6,a,1,never mind,Won\n',
    })
    const { records, refused } = await readAll(folder.path, 'deal')
    expect(records.map(({ id }) => id)).toEqual(['1', '5\nx'])
    expect(refused).toEqual([
      { kind: 'deal', where: 'line 3 of deals.csv', why: '"2020-02-30" in the column "close_date" is not a date' },
      { kind: 'deal', where: 'line 4 of deals.csv', why: '"ten" in the column "amount" is not a number' },
      { kind: 'deal', where: 'line 5 of deals.csv', why: 'it has 2 columns where the header has 5' },
      { kind: 'deal', where: 'line 6 of deals.csv', why: 'it has no id ("id" is blank)' },
      { kind: 'deal', where: 'line 7 of deals.csv', why: 'the id "1" was there before; the first row is kept' },
      { kind: 'deal', where: 'line 10 of deals.csv', why: '"never mind" in the column "close_date" is not a date' },
    ])
    const { sections } = await profile(folder.path)
    expect(sections[0]).toMatchObject({ records: 2, refused: 6 })
    expect(sections[0]?.refusedExamples[0]).toEqual({ file: 'deals.csv', line: 3, why: refused[0]?.why })
  })

  it('a gz that was cut off: what stands before the cut is kept, and the cut row is not', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `${index},name ${index * 7919},${index % 97}`)
    const whole = gzipSync(`id,name,x\n${rows.join('\n')}\n`)
    folder = folderWith({ 'accounts.csv.gz': whole.subarray(0, Math.floor(whole.length * 0.6)) })
    const { records, refused } = await readAll(folder.path, 'account')
    expect(records.length).toBeGreaterThan(5_000)
    expect(records.length).toBeLessThan(20_000)
    expect(records.at(-1)).toMatchObject({ attributes: { x: (records.length - 1) % 97 } })
    expect(refused).toHaveLength(1)
    expect(refused[0]).toMatchObject({
      where: `line ${records.length + 2} of accounts.csv.gz`,
      why: expect.stringContaining('ends too early') as string,
    })
    expect((await profile(folder.path)).files[0]?.broken).toContain('ends too early')
  })

  it('a gz that is none', async () => {
    folder = folderWith({ 'accounts.csv.gz': 'id,name\n1,a\n', 'deals.csv': 'id,close_date\n1,2020-01-01\n' })
    expect((await session(folder.path).check()).missing).toMatchObject([{ what: expect.stringContaining('it is no gzip file') as string }])
  })

  it('a quote that is never closed', async () => {
    folder = folderWith({ 'accounts.csv': 'id,name\n1,a\n2,"b\n3,c\n4,d\n' })
    const { records, refused } = await readAll(folder.path, 'account')
    expect(records.map(({ id }) => id)).toEqual(['1'])
    expect(refused).toMatchObject([{ where: 'line 3 of accounts.csv', why: expect.stringContaining('never closed') as string }])
  })

  it('a file that is one endless line', async () => {
    folder = folderWith({ 'accounts.csv': `id,name\n1,a\n2,${'x'.repeat(6_000_000)}` })
    const { records, refused } = await readAll(folder.path, 'account')
    expect(records.map(({ id }) => id)).toEqual(['1'])
    expect(refused).toMatchObject([{ where: 'line 3 of accounts.csv', why: expect.stringContaining('longer than 1 MiB') as string }])
    folder.write('accounts.csv', 'x'.repeat(6_000_000))
    expect(() => session(folder.path).reads()).toThrow(/its first line never ends/)
  })
})

it('a cursor goes on in the same files, and starts again when one has changed', async () => {
  const rows = Array.from({ length: 5_000 }, (_, index) => `${index + 1},a`)
  folder = folderWith({ 'accounts.csv': `id,name\n${rows.join('\n')}\n` })
  const pages: Page[] = []
  for await (const page of session(folder.path).read('account', null)) pages.push(page)
  const count = async (since: Cursor): Promise<number> => {
    let records = 0
    for await (const page of session(folder.path).read('account', since)) records += page.records.length
    return records
  }
  expect(pages.map(({ records }) => records.length)).toEqual([2_000, 2_000, 1_000])
  expect(await count(pages[0]!.next)).toBe(3_000)
  expect(await count(pages[2]!.next)).toBe(0)
  folder.write('accounts.csv', 'id,name\n1,b\n')
  expect(await count(pages[2]!.next)).toBe(1)
})

it('writes nothing and says so', async () => {
  folder = folderWith({ 'accounts.csv': 'id\n1\n' })
  await expect(session(folder.path).ensureFields([])).rejects.toMatchObject({
    kind: 'config',
    message: expect.stringContaining('only read') as string,
  })
})

describe('rows in time order', () => {
  it('keep their number beside an id of their own, and are read anew when the order is declared', async () => {
    const table = 'key,colour\nb,red\na,blue\n'
    const mapping = (accounts: object): string => JSON.stringify({ accounts: { file: 'a.csv', id: 'key', ...accounts } })
    folder = folderWith({ 'a.csv': table, 'mapping.json': mapping({}) })
    expect((await readLive(folder.path, 'account')).map((one) => one.attributes)).toEqual([{ colour: 'red' }, { colour: 'blue' }])
    const { next } = (await session(folder.path).read('account', null)[Symbol.asyncIterator]().next()).value as Page
    folder.write('mapping.json', mapping({ order: 'file' }))
    const page = (await session(folder.path).read('account', next)[Symbol.asyncIterator]().next()).value as Page
    expect(page.records).toMatchObject([
      { id: 'b', attributes: { '#row': 1, colour: 'red' } },
      { id: 'a', attributes: { '#row': 2, colour: 'blue' } },
    ])
  })
  it('without an id have the number as their id, and no other', async () => {
    folder = folderWith({ 'a.csv': 'colour\nred\n', 'mapping.json': '{ "accounts": { "file": "a.csv", "order": "file" } }' })
    expect(await readLive(folder.path, 'account')).toMatchObject([{ id: '1', attributes: { colour: 'red' } }])
    expect((await readLive(folder.path, 'account'))[0]!.attributes).not.toHaveProperty('#row')
  })
})
