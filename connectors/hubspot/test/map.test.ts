import { knownSince } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { historyOf, isAssayTask, isAttribute, mergedRecords, recordOf, type Context } from '../src/map.ts'
import { objectsOf, type ObjectType } from '../src/objects.ts'
import type { WireProperty } from '../src/wire.ts'

const objectOf = (kind: Parameters<typeof objectsOf>[0], name?: string): ObjectType => {
  const found = objectsOf(kind).find((entry) => name === undefined || entry.name === name)
  if (found === undefined) throw new Error(kind)
  return found
}
const property = (name: string, more: Partial<WireProperty> = {}): WireProperty => ({
  name,
  label: name,
  type: 'string',
  fieldType: 'text',
  ...more,
})
const context = (more: Partial<Context> = {}): Context => ({
  seen: 'first',
  currency: 'EUR',
  stages: new Map([
    ['96542119', { isClosed: true, isWon: true }],
    ['contractsent', { isClosed: false, isWon: false }],
  ]),
  custom: [],
  linked: () => null,
  ...more,
})
const CREATED = '2026-01-10T09:00:00.000Z'
const MODIFIED = '2026-03-01T09:00:00.000Z'
const head = { createdAt: CREATED, updatedAt: MODIFIED }

describe('since when a version is known', () => {
  const [created, modified] = [Date.parse(CREATED), Date.parse(MODIFIED)]
  it('a change that was seen is known from its own instant', () => {
    expect(knownSince('changed', { created, modified, closed: created - 5 })).toBe(modified)
  })
  it('a record seen for the first time is known from its creation', () => {
    expect(knownSince('first', { created, modified })).toBe(created)
    expect(knownSince('first', { created: null, modified })).toBe(modified)
  })
  it('an imported deal that had closed before is known from its closing', () => {
    expect(knownSince('first', { created, modified, closed: created - 5 })).toBe(created - 5)
    expect(knownSince('first', { created, modified, closed: modified })).toBe(created)
  })
})

describe('values', () => {
  it('are texts on the wire and ours after it; an empty text says nothing', () => {
    const properties = {
      name: 'Acme',
      numberofemployees: '12',
      annualrevenue: '',
      country: null,
      createdate: CREATED,
      hs_lastmodifieddate: MODIFIED,
    }
    const custom = [
      property('score', { type: 'number' }),
      property('vip', { type: 'bool' }),
      property('since', { type: 'date' }),
      property('note'),
    ]
    const record = recordOf(
      objectOf('account'),
      { id: '7', ...head, properties: { ...properties, score: '1.5', vip: 'true', since: '2026-02-01', note: '' } },
      context({ custom }),
    )
    expect(record).toMatchObject({ kind: 'account', id: '7', version: Date.parse(MODIFIED), knownAt: Date.parse(CREATED) })
    expect(record).toMatchObject({ body: { name: 'Acme', employees: 12, annualRevenue: null, country: null, city: null } })
    expect(record).toMatchObject({ attributes: { score: 1.5, vip: true, since: '2026-02-01', note: null } })
  })

  it('a stage is won by its pipeline, whatever its id', () => {
    const properties = {
      dealstage: '96542119',
      amount: '10',
      createdate: CREATED,
      closedate: '2026-02-01T00:00:00.000Z',
      hs_lastmodifieddate: MODIFIED,
    }
    const record = recordOf(objectOf('deal'), { id: '9', ...head, properties }, context())
    expect(record).toMatchObject({ body: { isClosed: true, isWon: true, amount: 10, currency: 'EUR', homeAmount: 10 } })
  })

  it('a stage that left its pipeline is known by what HubSpot calculated', () => {
    const properties = { dealstage: 'old', hs_is_closed: 'true', hs_is_closed_won: 'false', hs_lastmodifieddate: MODIFIED }
    expect(recordOf(objectOf('deal'), { id: '9', ...head, properties }, context())).toMatchObject({
      body: { isClosed: true, isWon: false },
    })
  })

  it('a foreign amount that HubSpot did not convert stays unconverted', () => {
    const properties = { amount: '10', deal_currency_code: 'USD', hs_lastmodifieddate: MODIFIED }
    expect(recordOf(objectOf('deal'), { id: '9', ...head, properties }, context())).toMatchObject({
      body: { currency: 'USD', homeAmount: null },
    })
  })

  it('a meeting lasts from its start to its end, a call as many ms as it says', () => {
    const meeting = { hs_meeting_start_time: CREATED, hs_meeting_end_time: '2026-01-10T09:30:00.000Z' }
    expect(recordOf(objectOf('activity', 'meetings'), { id: '1', ...head, properties: meeting }, context())).toMatchObject({
      body: { durationSeconds: 1800 },
    })
    const call = { hs_call_duration: '90500', hs_call_direction: 'OUTBOUND' }
    expect(recordOf(objectOf('activity', 'calls'), { id: '1', ...head, properties: call }, context())).toMatchObject({
      body: { type: 'call', direction: 'outbound', durationSeconds: 90.5 },
    })
  })
})

describe('what is not read', () => {
  it("Assay's own fields, HubSpot's standard ones and free texts are no attributes; people's answers are", () => {
    const names = [
      property('region'),
      property('assay_churn_risk'),
      property('assay_offer_1'),
      property('assay_offer_1_response'),
      property('assay_offer_1_response_at'),
      property('website', { hubspotDefined: true }),
      property('essay', { fieldType: 'textarea' }),
    ]
    expect(names.filter(isAttribute).map(({ name }) => name)).toEqual(['region', 'assay_offer_1_response', 'assay_offer_1_response_at'])
  })
  it("tasks with Assay's mark", () => {
    expect(isAssayTask({ id: '1', properties: { hs_task_body: 'Call.\n\n[assay:churn:7]' } })).toBe(true)
    expect(isAssayTask({ id: '1', properties: { hs_task_subject: 'Assay the ore', hs_task_body: null } })).toBe(false)
  })
})

it('history comes oldest first, with what each stage means', () => {
  const dealstage = [
    { value: '96542119', timestamp: MODIFIED },
    { value: 'contractsent', timestamp: CREATED },
  ]
  const changes = historyOf(
    { id: '9', properties: {}, propertiesWithHistory: { dealstage, amount: [{ value: '', timestamp: CREATED }] } },
    context().stages,
  )
  expect(changes.map(({ id, body }) => [id, body.value, body.isWon])).toEqual([
    [`9-stage-${Date.parse(CREATED)}`, 'contractsent', false],
    [`9-amount-${Date.parse(CREATED)}`, null, null],
    [`9-stage-${Date.parse(MODIFIED)}`, '96542119', true],
  ])
})

it('a merge is dated to the first entry of the history that names the loser', () => {
  const hs_merged_object_ids = [
    { value: '2;3', timestamp: MODIFIED },
    { value: '2', timestamp: CREATED },
  ]
  const winner = { id: '1', ...head, properties: { hs_merged_object_ids: '2;3' }, propertiesWithHistory: { hs_merged_object_ids } }
  expect(mergedRecords(objectOf('account'), winner).map(({ id, version }) => [id, version])).toEqual([
    ['2', Date.parse(CREATED)],
    ['3', Date.parse(MODIFIED)],
  ])
})
