import { domainOf, knownSince } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import {
  homeAmountOf,
  instant,
  isAssayTask,
  isAttribute,
  ownerChanges,
  recordOf,
  stageChanges,
  type Context,
  type DealState,
} from '../src/map.ts'
import { OBJECTS, type ObjectType } from '../src/objects.ts'
import type { WireField, WireRecord } from '../src/wire.ts'

const objectOf = (name: string): ObjectType => {
  const found = OBJECTS.find((entry) => entry.name === name)
  if (found === undefined) throw new Error(name)
  return found
}
const field = (name: string, more: Partial<WireField> = {}): WireField => ({
  name,
  label: name,
  type: 'string',
  custom: name.endsWith('__c'),
  createable: true,
  updateable: true,
  ...more,
})
const context = (more: Partial<Context> = {}): Context => ({
  seen: 'first',
  currency: 'EUR',
  rates: null,
  stages: new Map([
    ['Closed Won', { isClosed: true, isWon: true }],
    ['Prospecting', { isClosed: false, isWon: false }],
  ]),
  custom: [],
  prices: new Map(),
  ...more,
})
const CREATED = '2026-01-10T09:00:00.000Z'
const MODIFIED = '2026-03-01T09:00:00.000+0000'
const head = { Id: '001000000000001AAA', CreatedDate: CREATED, SystemModstamp: MODIFIED, IsDeleted: 'false' }

describe('since when a version is known', () => {
  const [created, modified] = [Date.parse(CREATED), Date.parse('2026-03-01T09:00:00Z')]
  it('a change that was seen is known from its own instant', () => {
    expect(knownSince('changed', { created, modified, closed: created - 5 })).toBe(modified)
  })
  it('a record seen for the first time is known from its creation, an imported deal from its closing', () => {
    expect(knownSince('first', { created, modified })).toBe(created)
    expect(knownSince('first', { created: null, modified })).toBe(modified)
    expect(knownSince('first', { created, modified, closed: created - 5 })).toBe(created - 5)
  })
})

describe('values', () => {
  it('mean the same as texts of a job and as JSON of a query; an empty text says nothing', () => {
    const custom = [
      field('Score__c', { type: 'double' }),
      field('Vip__c', { type: 'boolean' }),
      field('Seen__c', { type: 'datetime' }),
      field('Note__c'),
    ]
    const asText: WireRecord = {
      ...head,
      Name: 'Acme',
      NumberOfEmployees: '12',
      AnnualRevenue: '',
      BillingCountry: '',
      Score__c: '1.5',
      Vip__c: 'true',
      Seen__c: '2026-02-01T08:00:00.000Z',
      Note__c: '',
    }
    const asJson: WireRecord = {
      ...head,
      IsDeleted: false,
      Name: 'Acme',
      NumberOfEmployees: 12,
      AnnualRevenue: null,
      BillingCountry: null,
      Score__c: 1.5,
      Vip__c: true,
      Seen__c: '2026-02-01T08:00:00.000+0000',
      Note__c: null,
    }
    const [one, other] = [asText, asJson].map((row) => recordOf(objectOf('Account'), row, context({ custom })))
    expect(one).toEqual(other)
    expect(one).toMatchObject({ kind: 'account', version: Date.parse('2026-03-01T09:00:00Z'), knownAt: Date.parse(CREATED) })
    expect(one).toMatchObject({ body: { name: 'Acme', employees: 12, annualRevenue: null, country: null } })
    expect(one).toMatchObject({ attributes: { Score__c: 1.5, Vip__c: true, Seen__c: '2026-02-01T08:00:00.000Z', Note__c: null } })
  })
  it('a day is its midnight, and both spellings of an instant are one', () => {
    expect(instant('2026-08-21')).toBe(Date.UTC(2026, 7, 21))
    expect(instant('2026-08-21T14:03:11.000+0000')).toBe(instant('2026-08-21T14:03:11.000Z'))
    expect(instant('no date')).toBeNull()
  })
  it('a deal closed on the day it was entered was not closed before that', () => {
    const closedAt = (CloseDate: string) => {
      const record = recordOf(objectOf('Opportunity'), { ...head, CloseDate, IsClosed: true }, context())
      return record.kind === 'deal' && !record.deleted ? [record.body.closedAt, record.knownAt] : null
    }
    const entered = Date.parse(CREATED)
    expect(closedAt('2026-01-10')).toEqual([entered, entered])
    expect(closedAt('2026-01-09')).toEqual([Date.parse('2026-01-09'), Date.parse('2026-01-09')])
    expect(closedAt('2026-01-11')).toEqual([Date.parse('2026-01-11'), entered])
  })
  it('a website is a domain', () => {
    expect(domainOf('HTTPS://www.Acme.example/about?x=1')).toBe('acme.example')
    expect(domainOf('acme.example')).toBe('acme.example')
    expect(domainOf('  ')).toBeNull()
    expect(domainOf(null)).toBeNull()
  })
  it('a task ticked off on its day happened then; one ticked off later on its day', () => {
    const task = (more: WireRecord) => recordOf(objectOf('Task'), { ...head, ...more }, context())
    expect(
      task({ ActivityDate: '2026-02-03', CompletedDateTime: '2026-02-03T15:00:00.000Z', TaskSubtype: 'Call', CallType: 'Inbound' }),
    ).toMatchObject({
      body: { type: 'call', direction: 'inbound', happenedAt: Date.parse('2026-02-03T15:00:00Z') },
    })
    expect(task({ ActivityDate: '2026-02-03', CompletedDateTime: '2026-02-09T15:00:00.000Z', Type: 'Email' })).toMatchObject({
      body: { type: 'email', happenedAt: Date.parse('2026-02-03T00:00:00Z') },
    })
    expect(task({ ActivityDate: '', CompletedDateTime: '' })).toMatchObject({ body: { type: 'task', happenedAt: null } })
  })
  it('people and things are told by the prefix of their ids', () => {
    const event = recordOf(
      objectOf('Event'),
      { ...head, WhoId: '00Q000000000001AAA', WhatId: '006000000000001AAA', DurationInMinutes: 30 },
      context(),
    )
    expect(event).toMatchObject({ body: { type: 'meeting', contactId: null, dealId: '006000000000001AAA', durationSeconds: 1800 } })
  })
})

describe('several currencies', () => {
  const rates = new Map([
    ['EUR', [{ from: -Infinity, rate: 1 }]],
    [
      'USD',
      [
        { from: Date.UTC(2025, 0, 1), rate: 1.25 },
        { from: Date.UTC(2026, 0, 1), rate: 1.6 },
      ],
    ],
  ])
  it('an amount is converted by the rate of its day', () => {
    expect(homeAmountOf(100, 'USD', Date.UTC(2025, 5, 1), context({ rates }))).toBe(80)
    expect(homeAmountOf(160, 'USD', Date.UTC(2026, 5, 1), context({ rates }))).toBe(100)
    expect(homeAmountOf(100, 'USD', Date.UTC(2020, 5, 1), context({ rates }))).toBe(80)
    expect(homeAmountOf(100, 'EUR', null, context({ rates }))).toBe(100)
  })
  it('what nobody can convert stays unconverted; where there is one currency there is nothing to convert', () => {
    expect(homeAmountOf(100, 'CHF', null, context({ rates }))).toBeNull()
    expect(homeAmountOf(null, 'USD', null, context({ rates }))).toBeNull()
    expect(homeAmountOf(100, null, null, context({ currency: null }))).toBe(100)
  })
})

describe('what is not read', () => {
  it("formulas, long texts, standard fields and Assay's own fields are no attributes; people's answers are", () => {
    const fields = [
      field('Region__c'),
      field('Formula__c', { calculated: true }),
      field('Essay__c', { type: 'textarea' }),
      field('Rating'),
      field('Assay_churn_risk__c', { type: 'double' }),
      field('Assay_offer_1__c'),
      field('Assay_offer_1_response__c', { type: 'picklist' }),
    ]
    expect(fields.filter(isAttribute).map(({ name }) => name)).toEqual(['Region__c', 'Assay_offer_1_response__c'])
    const record = recordOf(
      objectOf('Account'),
      { ...head, Assay_offer_1_response__c: 'Accepted' },
      context({ custom: fields.filter(isAttribute) }),
    )
    expect(record).toMatchObject({ attributes: { assay_offer_1_response: 'Accepted', Region__c: null } })
  })
  it("tasks with Assay's mark", () => {
    expect(isAssayTask('Call.\n\n[assay:churn:7]')).toBe(true)
    expect(isAssayTask('Assay the ore')).toBe(false)
    expect(isAssayTask(null)).toBe(false)
  })
})

it('a deleted row is a tombstone that names the winner of a merge', () => {
  const record = recordOf(objectOf('Account'), { ...head, IsDeleted: 'true', MasterRecordId: '001000000000002AAA' }, context())
  expect(record).toMatchObject({ deleted: true, mergedInto: '001000000000002AAA', version: Date.parse('2026-03-01T09:00:00Z') })
})

it('a row of a history says what changed against the row before, and starts anew with the next deal', () => {
  const rows: WireRecord[] = [
    { Id: 'h1', OpportunityId: 'a', CreatedDate: CREATED, StageName: 'Prospecting', Amount: '10', CloseDate: '2026-02-01' },
    { Id: 'h2', OpportunityId: 'a', CreatedDate: CREATED, StageName: 'Closed Won', Amount: '10', CloseDate: '2026-02-01' },
    { Id: 'h3', OpportunityId: 'b', CreatedDate: CREATED, StageName: 'Gone', Amount: '', CloseDate: '2026-02-01' },
  ]
  let before: DealState | null = null
  const said: unknown[] = []
  for (const row of rows) {
    const changed = stageChanges(row, before, context().stages)
    before = changed?.after ?? null
    said.push(changed?.records.map(({ id, body, knownAt }) => [id, body.value, body.isWon, knownAt - Date.parse(CREATED)]))
  }
  expect(said).toEqual([
    [
      ['h1-stage', 'Prospecting', false, 0],
      ['h1-amount', '10', null, 0],
      ['h1-closedAt', '2026-02-01', null, 0],
    ],
    // One second is all that Salesforce knows: the later row moves by a millisecond.
    [['h2-stage', 'Closed Won', true, 1]],
    [
      ['h3-stage', 'Gone', null, 0],
      ['h3-amount', null, null, 0],
      ['h3-closedAt', '2026-02-01', null, 0],
    ],
  ])
})

it('the first change of owner also says who was the first', () => {
  const row = {
    Id: 'f1',
    OpportunityId: 'a',
    CreatedDate: '2026-02-01T00:00:00Z',
    OldValue: '005A',
    NewValue: '005B',
    'Opportunity.CreatedDate': CREATED,
  }
  expect(ownerChanges(row, true).map(({ id, body, version }) => [id, body.value, version - Date.parse(CREATED)])).toEqual([
    ['a-ownerId', '005A', 1],
    ['f1-ownerId', '005B', Date.parse('2026-02-01') - Date.parse(CREATED)],
  ])
  expect(ownerChanges(row, false)).toHaveLength(1)
  expect(ownerChanges({ ...row, OldValue: 'Ann', NewValue: 'Bo' }, true)).toEqual([])
})
