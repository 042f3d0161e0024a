import { parse } from 'csv-parse/sync'
import { b2bWorld } from '@assay/worlds'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { contactsWorld, salesforceId, startSalesforce, type SalesforceOptions, type SalesforceStandIn } from '../src/index.ts'
import { account, call, clientOf, contact, type Answer } from './client.ts'

const BEFORE = Date.UTC(2026, 4, 1)
const NOW = Date.UTC(2026, 10, 2)
let standIn: SalesforceStandIn
const start = async (options: SalesforceOptions): Promise<void> => {
  await standIn?.close()
  standIn = await startSalesforce({ now: () => NOW, ...options })
}
beforeEach(() => start({ world: contactsWorld(95) }))
afterEach(async () => {
  await standIn.close()
  standIn = undefined as unknown as SalesforceStandIn
})

const job = async (query: string, operation = 'query'): Promise<string> => {
  const { status, body } = await call(standIn, 'POST', '/jobs/query', { operation, query })
  if (status !== 200) throw new Error(String(body[0]?.['message']))
  return String(body['id'])
}
const finished = async (path: string): Promise<Answer['body']> => {
  for (let turn = 0; turn < 10; turn += 1) {
    const { body } = await call(standIn, 'GET', path)
    if (!['UploadComplete', 'InProgress'].includes(String(body['state']))) return body
  }
  throw new Error('the job does not end')
}
const table = (text: string): Record<string, string>[] => parse(text, { columns: true })
const pages = async (id: string, maxRecords: number): Promise<{ rows: Record<string, string>[]; sizes: number[] }> => {
  const all: Record<string, string>[] = []
  const sizes: number[] = []
  let locator = ''
  while (locator !== 'null') {
    const page = await call(
      standIn,
      'GET',
      `/jobs/query/${id}/results?maxRecords=${maxRecords}${locator === '' ? '' : `&locator=${locator}`}`,
    )
    if (page.status !== 200) throw new Error(page.text)
    all.push(...table(page.text))
    sizes.push(Number(page.headers.get('sforce-numberofrecords')))
    locator = page.headers.get('sforce-locator') ?? ''
  }
  return { rows: all, sizes }
}

describe('query jobs', () => {
  test('go through their states, and the result comes in pages with a header each', async () => {
    const { status, body } = await call(standIn, 'POST', '/jobs/query', {
      operation: 'query',
      query: 'SELECT Id, Name, Account.Name FROM Contact',
    })
    expect([status, body]).toMatchObject([
      200,
      { state: 'UploadComplete', object: 'Contact', apiVersion: 67, contentType: 'CSV', lineEnding: 'LF' },
    ])
    const id = String(body['id'])
    expect((await call(standIn, 'GET', `/jobs/query/${id}/results`)).status).toBe(400)
    expect((await call(standIn, 'GET', `/jobs/query/${id}`)).body).toMatchObject({ state: 'InProgress', numberRecordsProcessed: 0 })
    expect((await call(standIn, 'GET', `/jobs/query/${id}`)).body).toMatchObject({
      state: 'JobComplete',
      numberRecordsProcessed: 95,
      jobType: 'V2Query',
    })
    const { rows, sizes } = await pages(id, 30)
    expect(sizes).toEqual([30, 30, 30, 5])
    expect(rows.map((row) => row['Id'])).toEqual(
      Array.from({ length: 95 }, (_, position) => salesforceId('Contact', String(20_000_000_000 + position))),
    )
    expect(rows[42]).toEqual({ Id: salesforceId('Contact', '20000000042'), Name: 'Anna Person42', 'Account.Name': 'Company 4' })
  })

  test('values as a file has them: quoted, instants with Z, empty for nothing', async () => {
    const id = await job("SELECT Id, Title, CreatedDate, HasOptedOutOfEmail FROM Contact WHERE Name = 'Anna Person4'")
    await finished(`/jobs/query/${id}`)
    const { text, headers } = await call(standIn, 'GET', `/jobs/query/${id}/results`)
    expect(headers.get('content-type')).toBe('text/csv; charset=UTF-8')
    expect(headers.get('sforce-locator')).toBe('null')
    expect(text).toBe(
      `"Id","Title","CreatedDate","HasOptedOutOfEmail"\n"${salesforceId('Contact', '20000000004')}","","2024-01-01T00:00:00.000Z","false"\n`,
    )
  })

  test('pages can be asked for again, in any order, and come short at random', async () => {
    const id = await job('SELECT Id FROM Contact')
    await finished(`/jobs/query/${id}`)
    const whole = (await pages(id, 1000)).rows
    standIn.setJobs({ shortPages: true })
    const short = await pages(id, 40)
    expect(short.rows).toEqual(whole)
    expect(Math.max(...short.sizes)).toBeLessThanOrEqual(40)
    expect(new Set(short.sizes).size).toBeGreaterThan(2)
    standIn.setJobs({ shortPages: false, pageRows: 20 })
    expect((await pages(id, 50_000)).sizes).toEqual([20, 20, 20, 20, 15])
  })

  test('the result is as of the job, whatever changes while it is fetched', async () => {
    const id = await job('SELECT Id, Title FROM Contact')
    await finished(`/jobs/query/${id}`)
    const before = (await pages(id, 1000)).rows
    standIn.update('Contact', before[90]?.['Id'] ?? '', { Title: 'Changed' })
    standIn.delete('Contact', before[91]?.['Id'] ?? '')
    standIn.create('Contact', { LastName: 'New' })
    expect((await pages(id, 30)).rows).toEqual(before)
    const after = await job('SELECT Id, Title FROM Contact')
    await finished(`/jobs/query/${after}`)
    const rows = (await pages(after, 30)).rows
    expect(rows).toHaveLength(95)
    expect(rows[90]?.['Title']).toBe('Changed')
    const all = await job('SELECT Id, IsDeleted FROM Contact', 'queryAll')
    await finished(`/jobs/query/${all}`)
    expect((await pages(all, 30)).rows.filter((row) => row['IsDeleted'] === 'true')).toHaveLength(1)
  })

  test('sorted and limited as asked', async () => {
    const id = await job('SELECT Name FROM Contact ORDER BY Name DESC LIMIT 3')
    await finished(`/jobs/query/${id}`)
    expect((await pages(id, 2)).rows.map((row) => row['Name'])).toEqual(['Anna Person94', 'Anna Person93', 'Anna Person92'])
  })

  test('what it does not do', async () => {
    await expect(job('SELECT COUNT() FROM Contact')).rejects.toThrow(/not supported/)
    await expect(job('SELECT Id, Nope FROM Contact')).rejects.toThrow(/INVALID_FIELD/)
    const id = await job('SELECT Id FROM Contact')
    const other = await call(standIn, 'GET', `/services/data/v66.0/jobs/query/${id}`)
    expect(other.status).toBe(409)
    expect((await call(standIn, 'PATCH', `/jobs/query/${id}`, { state: 'Aborted' })).body['state']).toBe('Aborted')
    expect((await call(standIn, 'GET', `/jobs/query/${id}/results`)).status).toBe(400)
    expect((await call(standIn, 'DELETE', `/jobs/query/${id}`)).status).toBe(204)
    expect((await call(standIn, 'GET', `/jobs/query/${id}`)).status).toBe(404)
  })

  test('by the clock, where it is set to', async () => {
    standIn.setJobs({ ms: 60_000 })
    const id = await job('SELECT Id FROM Contact')
    const state = async () => (await call(standIn, 'GET', `/jobs/query/${id}`)).body['state']
    expect(await state()).toBe('UploadComplete')
    standIn.clock.advance(30_000)
    expect(await state()).toBe('InProgress')
    standIn.clock.advance(30_000)
    expect(await state()).toBe('JobComplete')
  })

  test('jsforce can run one that has a single page', async () => {
    const stream = await clientOf(standIn).bulk2.query('SELECT Id FROM Contact')
    expect(await stream.toArray()).toHaveLength(95)
  })

  test('every object of a world: as many rows as REST counts', async () => {
    const world = b2bWorld({ accounts: 30 })
    await start({ world, now: () => world.today, jobs: { pageRows: 500 } })
    for (const object of [
      'Account',
      'Opportunity',
      'OpportunityHistory',
      'OpportunityFieldHistory',
      'OpportunityLineItem',
      'Task',
      'Event',
      'Case',
      'Product2',
      'PricebookEntry',
      'User',
    ]) {
      const id = await job(`SELECT Id FROM ${object}`)
      const { numberRecordsProcessed } = (await finished(`/jobs/query/${id}`)) as unknown as { numberRecordsProcessed: number }
      const { rows } = await pages(id, 10_000)
      const ids = rows.map((row) => row['Id'] ?? '')
      const { body } = await call(standIn, 'GET', `/query?q=SELECT+COUNT()+FROM+${object}`)
      expect([object, rows.length, new Set(ids).size]).toEqual([object, numberRecordsProcessed, numberRecordsProcessed])
      expect(body['totalSize']).toBe(rows.length)
      expect(ids).toEqual([...ids].sort())
    }
  })
})

const ingest = async (csv: string, settings: object = {}): Promise<string> => {
  const made = await call(standIn, 'POST', '/jobs/ingest', {
    object: 'Account',
    operation: 'update',
    contentType: 'CSV',
    lineEnding: 'LF',
    ...settings,
  })
  if (made.status !== 200) throw new Error(String(made.body[0]?.['message']))
  const id = String(made.body['id'])
  expect(made.body['contentUrl']).toBe(`services/data/v67.0/jobs/ingest/${id}/batches`)
  expect((await call(standIn, 'PUT', `/jobs/ingest/${id}/batches`, csv)).status).toBe(201)
  expect((await call(standIn, 'PUT', `/jobs/ingest/${id}/batches`, csv)).status).toBe(400)
  expect((await call(standIn, 'PATCH', `/jobs/ingest/${id}`, { state: 'UploadComplete' })).body['state']).toBe('UploadComplete')
  return id
}
const results = async (id: string, which: string) => table((await call(standIn, 'GET', `/jobs/ingest/${id}/${which}`)).text)

describe('ingest jobs', () => {
  let ids: string[]
  beforeEach(async () => {
    await start({
      world: [
        ...Array.from({ length: 6 }, (_, position) => account(String(1000 + position), `Acme ${position}`, BEFORE)),
        ...Array.from({ length: 6 }, (_, position) =>
          contact(String(2000 + position), String(1000 + (position % 2)), `Ada ${position}`, BEFORE),
        ),
      ],
    })
    ids = Array.from({ length: 6 }, (_, position) => salesforceId('Account', String(1000 + position)))
  })

  test('one answer for every row: written, refused with the reason, in their own files', async () => {
    standIn.addRule({ object: 'Account', rejects: (row) => row['Name'] === 'Acme 2', message: 'Acme 2 is closed.', fields: ['Name'] })
    const id = await ingest(
      `Id,Rating,AnnualRevenue\n${ids[0]},Hot,1000\n${ids[1]},,#N/A\n${ids[2]},Hot,5\n001000000000001AAA,Hot,5\n${ids[3]},Hot,much\n`,
    )
    expect((await call(standIn, 'GET', `/jobs/ingest/${id}`)).body['state']).toBe('InProgress')
    expect(await finished(`/jobs/ingest/${id}`)).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 5, numberRecordsFailed: 3 })
    expect(await results(id, 'successfulResults')).toEqual([
      { sf__Id: ids[0], sf__Created: 'false', Id: ids[0], Rating: 'Hot', AnnualRevenue: '1000' },
      { sf__Id: ids[1], sf__Created: 'false', Id: ids[1], Rating: '', AnnualRevenue: '#N/A' },
    ])
    expect((await results(id, 'failedResults')).map((row) => row['sf__Error'])).toEqual([
      'FIELD_CUSTOM_VALIDATION_EXCEPTION:Acme 2 is closed.:Name --',
      'INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--',
      expect.stringMatching(/^INVALID_TYPE_ON_FIELD_IN_RECORD:.*:AnnualRevenue --$/) as string,
    ])
    expect(await results(id, 'unprocessedrecords')).toEqual([])
    expect(standIn.get('Account', ids[0] ?? '')).toMatchObject({ Rating: 'Hot', AnnualRevenue: 1000, SystemModstamp: NOW })
    expect(standIn.writes.every((write) => write.by === 'bulk')).toBe(true)
  })

  test('a column that does not exist fails the job, and no row was processed', async () => {
    const id = await ingest(`Id,Colour__c\n${ids[0]},red\n`)
    expect(await finished(`/jobs/ingest/${id}`)).toMatchObject({
      state: 'Failed',
      errorMessage: 'InvalidBatch : Field name not found : Colour__c',
    })
    expect(await results(id, 'unprocessedrecords')).toEqual([{ Id: ids[0], Colour__c: 'red' }])
    expect(standIn.writes).toEqual([])
  })

  test('batches side by side: rows below one parent in both lock each other out', async () => {
    standIn.setJobs({ contention: true, batchRows: 3 })
    const contacts = Array.from({ length: 6 }, (_, position) => salesforceId('Contact', String(2000 + position)))
    const run = async (order: readonly string[]) => {
      const id = await ingest(`Id,Title\n${order.map((each) => `${each},Boss`).join('\n')}\n`, { object: 'Contact' })
      await finished(`/jobs/ingest/${id}`)
      return (await results(id, 'failedResults')).map((row) => row['sf__Error'])
    }
    const mixed = await run(contacts)
    expect(mixed).toHaveLength(3)
    expect(mixed[0]).toMatch(/^UNABLE_TO_LOCK_ROW:/)
    const byParent = contacts.toSorted((left, right) =>
      String(standIn.get('Contact', left)?.['AccountId']).localeCompare(String(standIn.get('Contact', right)?.['AccountId'])),
    )
    expect(await run(byParent)).toEqual([])
  })

  test('jsforce inserts, upserts by Id and deletes', async () => {
    const { bulk2 } = clientOf(standIn)
    const made = await bulk2.loadAndWaitForResults({ object: 'Account', operation: 'insert', input: [{ Name: 'One' }, { Name: '' }] })
    expect([made.successfulResults.length, made.failedResults.length]).toEqual([1, 1])
    const id = made.successfulResults[0]?.sf__Id ?? ''
    const gone = await bulk2.loadAndWaitForResults({ object: 'Account', operation: 'delete', input: [{ Id: id }] })
    expect(gone.successfulResults).toHaveLength(1)
    expect(standIn.get('Account', id)?.['IsDeleted']).toBe(true)
    const again = await bulk2.loadAndWaitForResults({ object: 'Account', operation: 'update', input: [{ Id: id, Name: 'Late' }] })
    expect(again.failedResults[0]?.['sf__Error']).toBe('ENTITY_IS_DELETED:entity is deleted:--')
  })

  test('a job that was aborted before it ran leaves its rows unprocessed', async () => {
    const id = await ingest(`Id,Rating\n${ids[0]},Hot\n`)
    expect((await call(standIn, 'PATCH', `/jobs/ingest/${id}`, { state: 'Aborted' })).body['state']).toBe('Aborted')
    expect(await results(id, 'unprocessedrecords')).toHaveLength(1)
    expect((await call(standIn, 'DELETE', `/jobs/ingest/${id}`)).status).toBe(204)
  })

  test('hard deletion needs its permission', async () => {
    await expect(ingest('Id\n', { operation: 'hardDelete' })).rejects.toThrow(/not enabled/)
    standIn.permit(['BulkApiHardDelete'])
    const id = await ingest(`Id\n${ids[5]}\n`, { operation: 'hardDelete' })
    await finished(`/jobs/ingest/${id}`)
    expect(standIn.get('Account', ids[5] ?? '')).toBe(null)
  })
})
