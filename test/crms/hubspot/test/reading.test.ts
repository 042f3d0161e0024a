import { b2bWorld } from '@assay/worlds'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startHubSpot, type HubSpotStandIn } from '../src/index.ts'
import { call, clientOf, listAll, misfits } from './client.ts'

const world = b2bWorld({ accounts: 60, seed: 7 })
const bundles = Array.from({ length: world.size }, (_, index) => world.bundle(index))
let standIn: HubSpotStandIn

beforeAll(async () => {
  standIn = await startHubSpot({ world, limits: 'off' })
})
afterAll(() => standIn.close())

describe('lists', () => {
  test('the real client walks a list to its end and gets every deal once, ascending', async () => {
    const deals = await clientOf(standIn).crm.deals.getAll(100, undefined, ['dealname', 'amount'])
    const ids = bundles.flatMap((bundle) => bundle.deals.map((deal) => deal.id))
    expect(deals.map((deal) => deal.id)).toEqual(ids)
    expect(deals[0]?.createdAt).toBeInstanceOf(Date)
  })

  test.each([
    ['companies', bundles.map((bundle) => bundle.account.id)],
    ['contacts', bundles.flatMap((bundle) => bundle.contacts.map((record) => record.id))],
    ['line_items', bundles.flatMap((bundle) => bundle.lineItems.map((record) => record.id))],
    ['tickets', bundles.flatMap((bundle) => bundle.cases.map((record) => record.id))],
    ['2-7001', bundles.flatMap((bundle) => bundle.subscriptions.map((record) => record.id))],
    ['calls', bundles.flatMap((bundle) => bundle.activities.filter((each) => each.body.type === 'call').map((record) => record.id))],
    ['products', world.products.map((record) => record.id)],
  ])('both path families list all %s', async (type, ids) => {
    expect(ids.length).toBeGreaterThan(0)
    expect((await listAll(standIn, `/crm/v3/objects/${type}?limit=100`)).ids).toEqual(ids)
    expect((await listAll(standIn, `/crm/objects/2026-03/${type}?limit=100`)).ids).toEqual(ids)
  })

  test('limits above the cap are refused, with history the cap is 50', async () => {
    expect((await call(standIn, 'GET', '/crm/v3/objects/deals?limit=101')).status).toBe(400)
    expect((await call(standIn, 'GET', '/crm/v3/objects/deals?limit=51&propertiesWithHistory=amount')).status).toBe(400)
    expect((await call(standIn, 'GET', '/crm/v3/objects/deals?limit=50&propertiesWithHistory=amount')).status).toBe(200)
  })

  test('a page fits the generated model, and every value is a text or null', async () => {
    const { body } = await call(
      standIn,
      'GET',
      '/crm/v3/objects/deals?limit=20&properties=amount,hs_is_closed,nonsense&associations=companies,contacts',
    )
    const model = 'CollectionResponseSimplePublicObjectWithAssociationsForwardPaging'
    expect(misfits('crm/deals', model, body, ['url'])).toEqual([])
    for (const record of body['results'] as unknown as { properties: Record<string, unknown> }[]) {
      expect(Object.keys(record.properties).sort()).toEqual(['amount', 'createdate', 'hs_is_closed', 'hs_lastmodifieddate', 'hs_object_id'])
      for (const value of Object.values(record.properties)) expect(value === null || typeof value === 'string').toBe(true)
    }
  })

  test('the history of a deal comes newest first and tells all the world has', async () => {
    const bundle = bundles.find((each) => each.dealHistory.length > 3)
    const deal = bundle?.deals.find(
      (each) => bundle.dealHistory.filter((change) => change.body.dealId === each.id && change.body.field === 'stage').length > 1,
    )
    const { body } = await call(
      standIn,
      'GET',
      `/crm/v3/objects/deals/${deal?.id}?propertiesWithHistory=dealstage,amount,closedate,hubspot_owner_id`,
    )
    const stages = body['propertiesWithHistory']?.['dealstage'] as unknown as { value: string; timestamp: string }[]
    const told = bundle?.dealHistory.filter((change) => change.body.dealId === deal?.id && change.body.field === 'stage') ?? []
    expect(stages.map((each) => [each.value, Date.parse(each.timestamp)])).toEqual(
      told.map(({ body: change }) => [change.value, change.changedAt]).reverse(),
    )
    expect(misfits('crm/deals', 'SimplePublicObject', body, ['url'])).toEqual([])
  })

  test('deleted records of the world are in the archived list only', async () => {
    const gone = bundles.flatMap((bundle) => bundle.deleted.filter((each) => each.kind === 'deal').map((each) => each.id))
    expect(gone.length).toBeGreaterThan(0)
    expect((await listAll(standIn, '/crm/v3/objects/deals?limit=100&archived=true')).ids.sort()).toEqual(gone.sort())
    expect((await call(standIn, 'GET', `/crm/v3/objects/deals/${gone[0]}`)).status).toBe(404)
  })

  test('short and empty pages hold the same records as full ones', async () => {
    const odd = await startHubSpot({ world, limits: 'off', shortPages: true })
    const { ids, sizes } = await listAll(odd, '/crm/v3/objects/deals?limit=10')
    expect(ids).toEqual(bundles.flatMap((bundle) => bundle.deals.map((deal) => deal.id)))
    expect(sizes).toContain(0)
    expect(sizes.slice(0, -1).some((size) => size > 0 && size < 10)).toBe(true)
    await odd.close()
  })
})

describe('associations', () => {
  test('a batch read answers for a thousand deals as the world has them, with numbers and texts mixed', async () => {
    const deals = bundles.flatMap((bundle) => bundle.deals).slice(0, 400)
    const answer = await clientOf(standIn).crm.associations.v4.batchApi.getPage('deals', 'companies', {
      inputs: deals.map(({ id }) => ({ id })),
    })
    const found = new Map(answer.results.map(({ _from: from, to }) => [from.id, to]))
    const kinds = new Set<string>()
    for (const deal of deals) {
      const [end] = found.get(deal.id) ?? []
      expect(String(end?.toObjectId)).toBe(deal.body.accountId)
      expect(end?.associationTypes.map((type) => type.typeId)).toEqual([5, 341])
      kinds.add(typeof end?.toObjectId)
    }
    expect([...kinds].sort()).toEqual(['number', 'string'])
  })

  test('the other direction gives the children, a page at a time, and inputs without any are left out or named', async () => {
    const paged = await startHubSpot({ world, limits: 'off', associationsPerPage: 3, noAssociations: '207', toObjectId: 'string' })
    const bundle = bundles.find((each) => each.deals.length > 6)
    const ids: string[] = []
    let after: string | undefined
    do {
      const inputs = [{ id: bundle?.account.id, ...(after === undefined ? {} : { after }) }, { id: '77' }]
      const { status, body } = await call(paged, 'POST', '/crm/associations/2026-03/companies/deals/batch/read', { inputs })
      expect(status).toBe(207)
      expect(body['errors']?.[0]?.['subCategory']).toBe('crm.associations.NO_ASSOCIATIONS_FOUND')
      expect(
        misfits('crm/associations/v4', 'BatchResponsePublicAssociationMultiWithLabelWithErrors', body, ['correlationId', 'label']),
      ).toEqual([])
      const ends = body['results']?.[0]?.['to'] as unknown as { toObjectId: string }[]
      ids.push(...ends.map((each) => each.toObjectId))
      after = body['results']?.[0]?.['paging']?.['next']?.['after']
    } while (after !== undefined)
    expect(ids).toEqual(bundle?.deals.map((deal) => deal.id))
    const { status, body } = await call(standIn, 'POST', '/crm/v4/associations/companies/deals/batch/read', { inputs: [{ id: '77' }] })
    expect([status, (body['results'] as unknown as []).length]).toEqual([200, 0])
    await paged.close()
  })

  test('more than a thousand inputs are refused', async () => {
    const inputs = Array.from({ length: 1001 }, (_, id) => ({ id: String(id + 1) }))
    expect((await call(standIn, 'POST', '/crm/v4/associations/deals/companies/batch/read', { inputs })).status).toBe(400)
  })

  test('a line item hangs on its deal, a ticket on its company, a subscription on its company', async () => {
    const bundle = bundles.find((each) => each.cases.length > 0 && each.subscriptions.length > 0 && each.lineItems.length > 0)
    const lineItem = bundle?.lineItems[0]
    expect(standIn.associated('line_items', lineItem?.id ?? '', 'deals')).toEqual([lineItem?.body.dealId])
    expect(standIn.associated('tickets', bundle?.cases[0]?.id ?? '', 'companies')).toEqual([bundle?.account.id])
    expect(standIn.associated('companies', bundle?.account.id ?? '', 'subscriptions')).toEqual(bundle?.subscriptions.map((each) => each.id))
  })
})

describe('the account', () => {
  test('owners: a slash at the end, an opaque cursor, archived ones apart', async () => {
    const client = clientOf(standIn)
    const [active, archived] = [true, false].map((flag) => world.users.filter((user) => user.body.isActive === flag).map((user) => user.id))
    const page = await client.crm.owners.ownersApi.getPage(undefined, undefined, 2)
    expect(page.results.map((owner) => owner.id)).toEqual(active?.slice(0, 2))
    expect(page.paging?.next?.after).not.toMatch(/^\d+$/)
    const rest = await client.crm.owners.ownersApi.getPage(undefined, page.paging?.next?.after, 500)
    expect([...page.results, ...rest.results].map((owner) => owner.id)).toEqual(active)
    const { body } = await call(standIn, 'GET', '/crm/v3/owners/?limit=100&archived=true')
    expect((body['results'] as unknown as { id: string }[]).map((owner) => owner.id)).toEqual(archived)
    expect(misfits('crm/owners', 'CollectionResponsePublicOwnerForwardPaging', body)).toEqual([])
  })

  test('pipelines: texts in the metadata, numbers as ids in the custom one, every stage of the world known', async () => {
    const { body } = await call(standIn, 'GET', '/crm/v3/pipelines/deals')
    expect(misfits('crm/pipelines', 'CollectionResponsePipelineNoPaging', body)).toEqual([])
    const { results } = await clientOf(standIn).crm.pipelines.pipelinesApi.getAll('deals')
    const stages = new Map(results.flatMap((pipeline) => pipeline.stages.map((stage) => [stage.id, stage.metadata])))
    for (const deal of bundles.flatMap((bundle) => bundle.deals)) {
      const metadata = stages.get(deal.body.stage ?? '')
      expect(metadata?.['isClosed']).toBe(String(deal.body.isClosed))
      expect(metadata?.['isClosed'] === 'true' && Number(metadata['probability']) === 1).toBe(deal.body.isWon)
    }
    expect(results.find((pipeline) => pipeline.label === 'Renewals')?.stages.every((stage) => /^\d+$/.test(stage.id))).toBe(true)
    const tickets = await clientOf(standIn).crm.pipelines.pipelinesApi.getAll('tickets')
    expect(tickets.results[0]?.stages.find((stage) => stage.id === 'closed')?.metadata).toMatchObject({ ticketState: 'CLOSED' })
  })

  test('details, the custom object and the definitions of its columns', async () => {
    const details = await call(standIn, 'GET', '/account-info/v3/details')
    expect(details.body).toMatchObject({ companyCurrency: world.currency, additionalCurrencies: ['USD'], dataHostingLocation: 'na1' })
    const schemas = await call(standIn, 'GET', '/crm-object-schemas/v3/schemas')
    expect(schemas.body['results']?.[0]).toMatchObject({ name: 'subscriptions', objectTypeId: '2-7001' })
    const { body } = await call(standIn, 'GET', '/crm/v3/properties/companies')
    expect(misfits('crm/properties', 'CollectionResponsePropertyNoPaging', body)).toEqual([])
    const reason = (body['results'] as unknown as { name: string; hubspotDefined: boolean }[]).find(
      (each) => each.name === 'cancellation_reason',
    )
    expect(reason?.hubspotDefined).toBe(false)
  })

  test('a merged company answers with its winner, which names it, and is in no list', async () => {
    const bundle = bundles.find((each) => each.merged.length > 0)
    const loser = bundle?.merged[0]
    const { body } = await call(
      standIn,
      'GET',
      `/crm/v3/objects/companies/${loser?.id}?properties=hs_merged_object_ids&propertiesWithHistory=hs_merged_object_ids`,
    )
    expect(body['id']).toBe(loser?.mergedInto)
    expect(body['properties']?.['hs_merged_object_ids']).toContain(loser?.id)
    const told = body['propertiesWithHistory']?.['hs_merged_object_ids']
    expect(Date.parse(String(told?.[(told as unknown as []).length - 1]?.['timestamp']))).toBe(loser?.version)
  })
})
