import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { salesforceId, startSalesforce, type SalesforceStandIn } from '../src/index.ts'
import { account, call, clientOf, contact, refusal, rows } from './client.ts'

const BEFORE = Date.UTC(2026, 4, 1)
const NOW = Date.UTC(2026, 5, 1, 12)
let standIn: SalesforceStandIn
let ids: string[]
beforeEach(async () => {
  const world = [
    ...Array.from({ length: 5 }, (_, position) => account(String(1000 + position), `Acme ${position}`, BEFORE)),
    contact('2000', '1000', 'Ada Lovelace', BEFORE),
    contact('2001', '1000', 'Grace Hopper', BEFORE),
  ]
  standIn = await startSalesforce({ world, now: () => NOW })
  ids = [0, 1, 2, 3, 4].map((position) => salesforceId('Account', String(1000 + position)))
})
afterEach(() => standIn.close())

const update = (records: readonly object[], allOrNone = false) =>
  call(standIn, 'PATCH', '/composite/sobjects', {
    allOrNone,
    records: records.map((each) => ({ attributes: { type: 'Account' }, ...each })),
  })

describe('single records', () => {
  test('made, read, changed, deleted', async () => {
    const made = await call(standIn, 'POST', '/sobjects/Account', { Name: 'New', AnnualRevenue: 12.6 })
    expect([made.status, made.body['success'], made.headers.get('location')]).toEqual([
      201,
      true,
      `/services/data/v67.0/sobjects/Account/${String(made.body['id'])}`,
    ])
    const id = String(made.body['id'])
    expect((await call(standIn, 'GET', `/sobjects/Account/${id}?fields=Name,AnnualRevenue`)).body).toMatchObject({
      Name: 'New',
      AnnualRevenue: 13,
    })
    expect((await call(standIn, 'PATCH', `/sobjects/Account/${id.slice(0, 15)}`, { Name: 'Newer' })).status).toBe(204)
    expect(standIn.get('Account', id)).toMatchObject({ Name: 'Newer', OwnerId: standIn.userIds.integration, SystemModstamp: NOW })
    expect((await call(standIn, 'DELETE', `/sobjects/Account/${id}`)).status).toBe(204)
    const gone = await call(standIn, 'GET', `/sobjects/Account/${id}`)
    expect([gone.status, gone.body]).toEqual([404, [{ errorCode: 'ENTITY_IS_DELETED', message: 'entity is deleted' }]])
    const unknown = await call(standIn, 'GET', '/sobjects/Account/001000000000001AAA')
    expect([unknown.status, unknown.body]).toEqual([404, [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }]])
    expect(standIn.writes.map((write) => write.operation)).toEqual(['create', 'update', 'delete'])
  })

  test('what is wrong is named, field by field', async () => {
    const post = async (object: string, values: object) => (await call(standIn, 'POST', `/sobjects/${object}`, values)).body[0]
    expect(await post('Account', { Type: 'Prospect' })).toEqual({
      message: 'Required fields are missing: [Name]',
      errorCode: 'REQUIRED_FIELD_MISSING',
      fields: ['Name'],
    })
    expect((await post('Account', { Name: 'x'.repeat(256) }))?.['errorCode']).toBe('STRING_TOO_LONG')
    expect((await post('Account', { Name: 'a', Colour__c: 'red' }))?.['message']).toBe(
      "No such column 'Colour__c' on sobject of type Account",
    )
    expect((await post('Account', { Name: 'a', SystemModstamp: '2026-01-01T00:00:00Z' }))?.['errorCode']).toBe(
      'INVALID_FIELD_FOR_INSERT_UPDATE',
    )
    expect((await post('Account', { Name: 'a', NumberOfEmployees: 1e9 }))?.['errorCode']).toBe('NUMBER_OUTSIDE_VALID_RANGE')
    expect((await post('Account', { Name: 'a', ParentId: salesforceId('Contact', '2000') }))?.['errorCode']).toBe('MALFORMED_ID')
    expect((await post('Account', { Name: 'a', ParentId: '001000000000001AAA' }))?.['errorCode']).toBe('INVALID_CROSS_REFERENCE_KEY')
    expect((await post('Contact', { LastName: 'a', Email: 'badone' }))?.['errorCode']).toBe('INVALID_EMAIL_ADDRESS')
    expect((await post('Task', { TaskSubtype: 'Pigeon' }))?.['errorCode']).toBe('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST')
    expect((await post('Task', { ActivityDate: 'tomorrow' }))?.['errorCode']).toBe('INVALID_TYPE_ON_FIELD_IN_RECORD')
    expect((await call(standIn, 'POST', '/sobjects/Account', undefined)).body[0]?.['errorCode']).toBe('JSON_PARSER_ERROR')
    expect(standIn.writes).toEqual([])
  })

  test('opportunities: what follows from the stage, and the trace that a change leaves', async () => {
    const connection = clientOf(standIn)
    const made = await connection
      .sobject('Opportunity')
      .create({ Name: 'Deal', AccountId: ids[0] ?? '', StageName: 'Prospecting', CloseDate: '2026-07-01', Amount: 100 })
    const id = String(made.id)
    expect(standIn.get('Opportunity', id)).toMatchObject({
      IsClosed: false,
      IsWon: false,
      Probability: 50,
      ExpectedRevenue: 50,
      FiscalQuarter: 3,
    })
    standIn.clock.advance(60_000)
    await connection.sobject('Opportunity').update({ Id: id, StageName: 'Closed Won', CloseDate: '2026-06-01' })
    expect(standIn.get('Opportunity', id)).toMatchObject({
      IsClosed: true,
      IsWon: true,
      Probability: 100,
      LastStageChangeDate: NOW + 60_000,
    })
    const changes = await rows(standIn, `SELECT Field, OldValue, NewValue FROM OpportunityFieldHistory WHERE OpportunityId = '${id}'`)
    expect(changes).toEqual([
      { Field: 'created', OldValue: null, NewValue: null },
      { Field: 'StageName', OldValue: 'Prospecting', NewValue: 'Closed Won' },
      { Field: 'CloseDate', OldValue: '2026-07-01', NewValue: '2026-06-01' },
    ])
    expect(await rows(standIn, `SELECT StageName, Probability FROM OpportunityHistory WHERE OpportunityId = '${id}'`)).toEqual([
      { StageName: 'Prospecting', Probability: 50 },
      { StageName: 'Closed Won', Probability: 100 },
    ])
  })

  test('a task knows its account, when it was done, and is listed as ours', async () => {
    const { id } = await clientOf(standIn)
      .sobject('Task')
      .create({ Subject: 'Call them', WhoId: salesforceId('Contact', '2000'), ActivityDate: '2026-06-03' })
    expect(standIn.tasks()).toMatchObject([{ Id: id, AccountId: ids[0], Status: 'Not Started', IsClosed: false, CompletedDateTime: null }])
    await clientOf(standIn)
      .sobject('Task')
      .update({ Id: String(id), Status: 'Completed' })
    expect(standIn.tasks()).toMatchObject([{ IsClosed: true, CompletedDateTime: NOW }])
  })
})

describe('collections', () => {
  test('one answer for every row, in their order, and the rest is written', async () => {
    const { status, body } = await update([
      { id: ids[0], Rating: 'Hot' },
      { id: '001000000000001AAA', Rating: 'Hot' },
      { id: ids[1], Name: '' },
      { id: ids[2], Rating: 'Cold' },
      { id: ids[2], Rating: 'Warm' },
    ])
    expect(status).toBe(200)
    expect(body).toEqual([
      { id: ids[0], success: true, errors: [] },
      { success: false, errors: [{ statusCode: 'INVALID_CROSS_REFERENCE_KEY', message: 'invalid cross reference id', fields: [] }] },
      {
        success: false,
        errors: [{ statusCode: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [Name]', fields: ['Name'] }],
      },
      { id: ids[2], success: true, errors: [] },
      { success: false, errors: [{ statusCode: 'DUPLICATE_VALUE', message: `Duplicate id in list: ${ids[2] ?? ''}`, fields: [] }] },
    ])
    expect(ids.map((id) => standIn.get('Account', id)?.['Rating'] ?? null)).toEqual(['Hot', null, 'Cold', null, null])
  })

  test('all or none: one wrong row takes the others back, stamps included', async () => {
    const { body } = await update(
      [
        { id: ids[0], Rating: 'Hot' },
        { id: ids[1], Name: '' },
      ],
      true,
    )
    expect((body as unknown as { errors: { statusCode: string }[] }[]).map((each) => each.errors[0]?.statusCode)).toEqual([
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'REQUIRED_FIELD_MISSING',
    ])
    expect(standIn.get('Account', ids[0] ?? '')).toMatchObject({ SystemModstamp: BEFORE })
    expect(standIn.get('Account', ids[0] ?? '')?.['Rating'] ?? null).toBe(null)
    expect(standIn.writes).toEqual([])
  })

  test('at most 200, which jsforce leaves to the server', async () => {
    const many = Array.from({ length: 201 }, (_, position) => ({ Name: `n${position}` }))
    await expect(clientOf(standIn).sobject('Account').create(many)).rejects.toMatchObject({ errorCode: 'EXCEEDED_ID_LIMIT' })
    const made = await clientOf(standIn).sobject('Account').create(many, { allowRecursive: true })
    expect(made.every((each) => each.success)).toBe(true)
    expect(standIn.requests.count('collections.create', 200)).toBe(2)
  })

  test('upsert by an external id: made, changed, and more than one match', async () => {
    const field = { fullName: 'Account.Ext__c', label: 'Ext', type: 'Text', length: 20, externalId: true }
    await clientOf(standIn, standIn.tokens.admin).metadata.create('CustomField', field as never)
    standIn.create('PermissionSet', { Name: 'Ext', Label: 'Ext' })
    const [set] = standIn.all('PermissionSet').filter((row) => row['Name'] === 'Ext')
    standIn.create('FieldPermissions', {
      ParentId: set?.['Id'] ?? null,
      SobjectType: 'Account',
      Field: 'Account.Ext__c',
      PermissionsRead: true,
      PermissionsEdit: true,
    })
    standIn.create('PermissionSetAssignment', { AssigneeId: standIn.userIds.integration, PermissionSetId: set?.['Id'] ?? null })
    const upsert = (records: object[]) =>
      call(standIn, 'PATCH', '/composite/sobjects/Account/Ext__c', {
        records: records.map((each) => ({ attributes: { type: 'Account' }, ...each })),
      })
    const first = await upsert([{ Ext__c: 'a', Name: 'A' }, { Ext__c: 'b' }])
    expect(first.body[0]).toMatchObject({ success: true, created: true })
    expect(first.body[1]).toMatchObject({ success: false, created: false })
    const second = await upsert([{ Ext__c: 'A', Name: 'AA' }])
    expect(second.body[0]).toEqual({ id: first.body[0]?.['id'], success: true, errors: [], created: false })
    standIn.create('Account', { Name: 'Twin', Ext__c: 'a' })
    expect((await call(standIn, 'GET', '/sobjects/Account/Ext__c/a')).status).toBe(300)
    expect((await upsert([{ Ext__c: 'a', Name: 'x' }])).body[0]?.['errors'][0]?.['statusCode']).toBe('DUPLICATE_EXTERNAL_ID')
  })

  test('read by ids, deleted by ids', async () => {
    const read = await call(standIn, 'POST', '/composite/sobjects/Account', { ids: [ids[0], '001000000000001AAA'], fields: ['Name'] })
    expect(read.body[0]).toMatchObject({ Name: 'Acme 0' })
    expect(read.body[1]).toBe(null)
    const gone = await call(standIn, 'DELETE', `/composite/sobjects?ids=${ids[1] ?? ''},${ids[2] ?? ''}&allOrNone=false`)
    expect(gone.body).toMatchObject([{ success: true }, { success: true }])
    expect((await update([{ id: ids[1], Rating: 'Hot' }])).body[0]?.['errors'][0]?.['statusCode']).toBe('ENTITY_IS_DELETED')
  })

  test('composite: one refers to what another made', async () => {
    const { body } = await call(standIn, 'POST', '/composite', {
      allOrNone: true,
      compositeRequest: [
        { method: 'POST', url: '/services/data/v67.0/sobjects/Account', referenceId: 'a', body: { Name: 'Parent' } },
        {
          method: 'POST',
          url: '/services/data/v67.0/sobjects/Contact',
          referenceId: 'c',
          body: { LastName: 'Child', AccountId: '@{a.id}' },
        },
        { method: 'GET', url: '/services/data/v67.0/query?q=SELECT+COUNT()+FROM+Account', referenceId: 'q' },
      ],
    })
    const responses = body['compositeResponse'] as unknown as { httpStatusCode: number; body: { id: string; totalSize: number } }[]
    expect(responses.map((each) => each.httpStatusCode)).toEqual([201, 201, 200])
    expect(standIn.get('Contact', responses[1]?.body.id ?? '')?.['AccountId']).toBe(responses[0]?.body.id)
    expect(responses[2]?.body.totalSize).toBe(6)
  })
})

test('composite, all or none: a fault takes back what came before, histories included', async () => {
  const deal = { Name: 'Deal', AccountId: ids[0], StageName: 'Prospecting', CloseDate: '2026-07-01' }
  const request = (body: object) => ({
    method: 'POST',
    url: '/services/data/v67.0/sobjects/Opportunity',
    referenceId: `r${JSON.stringify(body).length}`,
    body,
  })
  const send = async (allOrNone: boolean) => {
    const { body } = await call(standIn, 'POST', '/composite', {
      allOrNone,
      compositeRequest: [request(deal), request({ ...deal, Name: '' })],
    })
    return (body['compositeResponse'] as unknown as { httpStatusCode: number; body: { errorCode: string }[] }[]).map(
      (each) => each.body[0]?.errorCode ?? each.httpStatusCode,
    )
  }
  expect(await send(true)).toEqual(['PROCESSING_HALTED', 'REQUIRED_FIELD_MISSING'])
  expect([standIn.all('Opportunity', true), standIn.all('OpportunityHistory'), standIn.writes]).toEqual([[], [], []])
  expect(await send(false)).toEqual([201, 'REQUIRED_FIELD_MISSING'])
  expect(standIn.all('Opportunity')).toHaveLength(1)
})

describe('what stands in the way', () => {
  test('a validation rule refuses the rows it is about, by name', async () => {
    standIn.addRule({ object: 'Account', rejects: (row) => row['Name'] === 'Acme 1', message: 'Acme 1 is closed.', fields: ['Name'] })
    const { body } = await update([
      { id: ids[0], Rating: 'Hot' },
      { id: ids[1], Rating: 'Hot' },
    ])
    expect(body[0]).toMatchObject({ success: true })
    expect(body[1]?.['errors']).toEqual([
      { statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Acme 1 is closed.', fields: ['Name'] },
    ])
  })

  test('locks on demand: the row itself, or what hangs below it', async () => {
    standIn.lock([ids[0] ?? ''])
    expect((await update([{ id: ids[0], Rating: 'Hot' }])).body[0]?.['errors'][0]?.['statusCode']).toBe('UNABLE_TO_LOCK_ROW')
    expect((await update([{ id: ids[0], Rating: 'Hot' }])).body[0]).toMatchObject({ success: true })
    standIn.lock([ids[0] ?? ''], 2)
    const contacts = () =>
      call(standIn, 'PATCH', '/composite/sobjects', {
        records: ['2000', '2001'].map((id) => ({ attributes: { type: 'Contact' }, id: salesforceId('Contact', id), Title: 'Boss' })),
      })
    expect((await contacts()).body).toMatchObject([{ success: false }, { success: false }])
    expect((await contacts()).body).toMatchObject([{ success: true }, { success: true }])
  })

  test('two writes below one parent at the same time: the later one finds it locked', async () => {
    await standIn.close()
    standIn = await startSalesforce({
      world: [
        account('1000', 'Acme', BEFORE),
        contact('2000', '1000', 'Ada Lovelace', BEFORE),
        contact('2001', '1000', 'Grace Hopper', BEFORE),
      ],
      now: () => NOW,
      holdMs: 50,
    })
    const write = (id: string) =>
      call(standIn, 'PATCH', '/composite/sobjects', {
        records: [{ attributes: { type: 'Contact' }, id: salesforceId('Contact', id), Title: 'Boss' }],
      })
    const answers = await Promise.all([write('2000'), write('2001')])
    const successes = new Set(answers.map((answer) => answer.body[0]?.['success']))
    expect(successes).toEqual(new Set([false, true]))
    expect((await write('2000')).body[0]).toMatchObject({ success: true })
  })

  test('the next rows are refused like this, whatever is in them', async () => {
    standIn.failRows('Account', { code: 'DUPLICATES_DETECTED', message: 'Use one of these records?' })
    const { body } = await update([
      { id: ids[0], Rating: 'Hot' },
      { id: ids[1], Rating: 'Hot' },
    ])
    expect([body[0]?.['errors'][0]?.['statusCode'], body[1]?.['success']]).toEqual(['DUPLICATES_DETECTED', true])
  })

  test('a converted lead cannot be changed', async () => {
    const id = standIn.create('Lead', { LastName: 'Lead', Company: 'Lead Inc' })
    standIn.update('Lead', id, { IsConverted: true, ConvertedAccountId: ids[0] ?? null, ConvertedDate: '2026-06-01' })
    const { body } = await call(standIn, 'PATCH', `/sobjects/Lead/${id}`, { Title: 'x' })
    expect(body[0]).toMatchObject({ errorCode: 'CANNOT_UPDATE_CONVERTED_LEAD', message: 'cannot reference converted lead' })
  })
})

describe('deletions and merges', () => {
  const window = `start=${encodeURIComponent(new Date(NOW - 3_600_000).toISOString())}&end=${encodeURIComponent(new Date(NOW + 120_000).toISOString())}`
  test('a deleted account takes its contacts along; plain queries do not see them', async () => {
    standIn.delete('Account', ids[0] ?? '')
    expect(await rows(standIn, 'SELECT Id FROM Contact')).toEqual([])
    expect(await rows(standIn, 'SELECT Name, IsDeleted FROM Contact', true)).toEqual([
      { Name: 'Ada Lovelace', IsDeleted: true },
      { Name: 'Grace Hopper', IsDeleted: true },
    ])
    const { body } = await call(standIn, 'GET', `/sobjects/Contact/deleted/?${window}`)
    expect(body).toEqual({
      deletedRecords: ['2000', '2001'].map((id) => ({ deletedDate: '2026-06-01T12:00:00.000+0000', id: salesforceId('Contact', id) })),
      earliestDateAvailable: '2026-05-17T12:00:00.000+0000',
      latestDateCovered: '2026-06-01T12:00:00.000+0000',
    })
    standIn.clock.advance(16 * 86_400_000)
    expect(await rows(standIn, 'SELECT Id FROM Contact', true)).toEqual([])
  })

  test('a merge: the loser names its master, its contacts move and are modified', async () => {
    standIn.merge('Account', ids[1] ?? '', ids[0] ?? '')
    expect(await rows(standIn, 'SELECT Id, MasterRecordId FROM Account WHERE IsDeleted = true', true)).toEqual([
      { Id: ids[0], MasterRecordId: ids[1] },
    ])
    expect(await rows(standIn, 'SELECT AccountId, SystemModstamp FROM Contact')).toEqual(
      [1, 2].map(() => ({ AccountId: ids[1], SystemModstamp: '2026-06-01T12:00:00.000+0000' })),
    )
    const found = await clientOf(standIn)
      .sobject('Account')
      .updated(new Date(NOW - 3_600_000).toISOString(), new Date(NOW + 120_000).toISOString())
    expect(found.ids).toEqual([ids[1]])
  })

  test('emptied from the bin nothing is left, and the window has its rules', async () => {
    standIn.delete('Account', ids[4] ?? '')
    standIn.erase('Account', ids[4] ?? '')
    expect((await rows(standIn, 'SELECT Id FROM Account', true)).map((row) => row['Id'])).toEqual(ids.slice(0, 4))
    const ask = async (start: number, end: number) =>
      (
        await call(
          standIn,
          'GET',
          `/sobjects/Account/deleted?start=${encodeURIComponent(new Date(start).toISOString())}&end=${encodeURIComponent(new Date(end).toISOString())}`,
        )
      ).body[0]?.['errorCode']
    expect(await ask(NOW, NOW + 59_000)).toBe('INVALID_REPLICATION_DATE')
    expect(await ask(NOW - 16 * 86_400_000, NOW)).toBe('INVALID_REPLICATION_DATE')
    expect(await ask(NOW - 15 * 86_400_000, NOW)).toBe(undefined)
    standIn.undelete('Account', standIn.create('Account', { Name: 'Back' }))
  })
})

describe('who sees what', () => {
  test('a hidden field is absent from describe, and asking for it or writing it is refused', async () => {
    standIn.hideField('Account', 'Region__c')
    const names = async (token: string) => (await clientOf(standIn, token).describe('Account')).fields.map((field) => field.name)
    expect(await names(standIn.tokens.admin)).toContain('Region__c')
    expect(await names(standIn.token)).not.toContain('Region__c')
    expect((await refusal(standIn, 'SELECT Region__c FROM Account')).code).toBe('INVALID_FIELD')
    expect((await update([{ id: ids[0], Region__c: 'x' }])).body[0]?.['errors'][0]?.['statusCode']).toBe('INVALID_FIELD')
  })

  test('a field that may only be read says so', async () => {
    standIn.readOnlyField('Account', 'Region__c')
    const found = (await clientOf(standIn).describe('Account')).fields.find((field) => field.name === 'Region__c')
    expect(found).toMatchObject({ updateable: false, createable: false, custom: true, type: 'string' })
    expect((await update([{ id: ids[0], Region__c: 'x' }])).body[0]?.['errors'][0]?.['statusCode']).toBe('INVALID_FIELD_FOR_INSERT_UPDATE')
  })

  test('a hidden object is not there', async () => {
    standIn.hideObject('Campaign')
    expect((await clientOf(standIn).describeGlobal()).sobjects.map((each) => each.name)).not.toContain('Campaign')
    expect((await refusal(standIn, 'SELECT Id FROM Campaign')).code).toBe('INVALID_TYPE')
  })

  test('a profile that gives nothing: only what permission sets give', async () => {
    await standIn.close()
    standIn = await startSalesforce({ world: [account('1000', 'Acme', BEFORE)], now: () => NOW, integrationSees: 'nothing' })
    expect((await refusal(standIn, 'SELECT Id FROM Account')).code).toBe('INVALID_TYPE')
    const set = standIn.create('PermissionSet', { Name: 'Reader', Label: 'Reader' })
    standIn.create('ObjectPermissions', { ParentId: set, SobjectType: 'Account', PermissionsRead: true })
    standIn.create('FieldPermissions', { ParentId: set, SobjectType: 'Account', Field: 'Account.Industry', PermissionsRead: true })
    standIn.create('PermissionSetAssignment', { AssigneeId: standIn.userIds.integration, PermissionSetId: set })
    expect(await rows(standIn, 'SELECT Name, Industry FROM Account')).toEqual([{ Name: 'Acme', Industry: null }])
    expect((await refusal(standIn, 'SELECT Type FROM Account')).code).toBe('INVALID_FIELD')
  })

  test('rights by permission set, over the API, and what they need', async () => {
    const as = (token: string) => clientOf(standIn, token)
    await expect(as(standIn.token).sobject('PermissionSet').create({ Name: 'X', Label: 'X' })).rejects.toMatchObject({
      errorCode: 'INSUFFICIENT_ACCESS_OR_READONLY',
    })
    const set = String(
      (await as(standIn.tokens.admin).sobject('PermissionSet').create({ Name: 'X', Label: 'X', PermissionsViewAllData: true })).id,
    )
    const assign = () =>
      as(standIn.tokens.admin).sobject('PermissionSetAssignment').create({ AssigneeId: standIn.userIds.integration, PermissionSetId: set })
    await assign()
    await expect(assign()).rejects.toMatchObject({ errorCode: 'DUPLICATE_VALUE' })
    const bad = { ParentId: set, SobjectType: 'Account', Field: 'Account.Name', PermissionsRead: true }
    await expect(as(standIn.tokens.admin).sobject('FieldPermissions').create(bad)).rejects.toMatchObject({
      errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    })
    await expect(as(standIn.tokens.admin).sobject('PermissionSet').delete(set)).rejects.toMatchObject({ errorCode: 'DELETE_FAILED' })
    expect(await rows(standIn, 'SELECT PermissionsViewAllData, PermissionsModifyAllData FROM UserPermissionAccess')).toEqual([
      { PermissionsViewAllData: true, PermissionsModifyAllData: false },
    ])
  })
})
