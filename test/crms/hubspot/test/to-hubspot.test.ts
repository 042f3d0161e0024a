import type { LiveRecord } from '@assay/shared'
import { b2bWorld } from '@assay/worlds'
import { expect, test } from 'vitest'
import { startHubSpot } from '../src/index.ts'
import { objectTypeOfRecord, readProperty } from '../src/to-hubspot.ts'
import { compareIds, instantOf, instantText, numberText, propertyName } from '../src/values.ts'
import { call } from './client.ts'

test.each([0, 0.1, 1 / 3, 12.5, -7, 1e21, 1.5e300, 1e-7, -2.5e-10, 123456789012345680000, Number.MAX_SAFE_INTEGER])(
  'the number %d reads back as itself, without an exponent',
  (value) => {
    expect(numberText(value)).not.toContain('e')
    expect(Number(numberText(value))).toBe(value)
  },
)

test('instants, names and ids', () => {
  expect(instantOf(instantText(1_766_138_691_007))).toBe(1_766_138_691_007)
  expect(instantOf('1766138691007')).toBe(1_766_138_691_007)
  expect(propertyName('Cancellation reason')).toBe('cancellation_reason')
  expect(propertyName('2nd owner (%)')).toBe('p_2nd_owner')
  expect(['10', '9', '100'].sort(compareIds)).toEqual(['9', '10', '100'])
})

test('every value of a deal survives', () => {
  const world = b2bWorld({ accounts: 30, seed: 2 })
  for (let index = 0; index < world.size; index += 1)
    for (const deal of world.bundle(index).deals) {
      const read = (name: string): string | null => readProperty('deals', deal, name) ?? null
      const number = (name: string): number | null => (read(name) === null ? null : Number(read(name)))
      expect([number('amount'), number('amount_in_home_currency')]).toEqual([deal.body.amount, deal.body.homeAmount])
      expect(Date.parse(read('closedate') ?? '')).toBe(deal.body.closedAt)
      expect(read('dealstage')).toBe(deal.body.stage)
    }
})

const head = { version: 5_000, knownAt: 1_000, deleted: false, attributes: {} } as const

test('activities become engagements by their type, the others notes', () => {
  const body = {
    direction: 'inbound',
    accountId: null,
    contactId: null,
    dealId: null,
    ownerId: null,
    happenedAt: 7,
    createdAt: 9,
    durationSeconds: 61.5,
    outcome: 'ok',
  } as const
  const types = (['call', 'email', 'meeting', 'note', 'task', 'other', null] as const).map((type) =>
    objectTypeOfRecord({ kind: 'activity', id: '1', ...head, body: { ...body, type } }),
  )
  expect(types).toEqual(['calls', 'emails', 'meetings', 'notes', 'tasks', 'notes', 'notes'])
  const made: LiveRecord = { kind: 'activity', id: '1', ...head, body: { ...body, type: 'call' } }
  expect(readProperty('calls', made, 'hs_call_duration')).toBe('61500')
  expect(readProperty('calls', made, 'hs_timestamp')).toBe('1970-01-01T00:00:00.007Z')
})

test('a short list of hand-made records is a portal too, changes and links included', async () => {
  const account: LiveRecord<'account'> = {
    kind: 'account',
    id: '7',
    ...head,
    body: {
      name: 'Acme',
      domain: null,
      industry: null,
      type: null,
      country: null,
      city: null,
      employees: 3,
      annualRevenue: null,
      ownerId: '1',
      parentId: null,
      createdAt: 1_000,
    },
    attributes: { 'Cancellation reason': 'price', 'Is key': true },
  }
  const deal: LiveRecord<'deal'> = {
    kind: 'deal',
    id: '8',
    ...head,
    body: {
      name: 'First',
      accountId: '7',
      contactId: null,
      ownerId: null,
      pipeline: 'Direct',
      stage: 'Signed',
      isClosed: true,
      isWon: true,
      amount: 10,
      currency: 'USD',
      homeAmount: 10,
      type: null,
      createdAt: 1_000,
      closedAt: 4_000,
    },
  }
  const standIn = await startHubSpot({ limits: 'off', world: [account, deal] })
  expect(standIn.get('companies', '7')).toMatchObject({
    updatedAt: 5_000,
    properties: { name: 'Acme', numberofemployees: '3', domain: null, cancellation_reason: 'price', is_key: 'true' },
  })
  expect(standIn.associated('companies', '7', 'deals')).toEqual(['8'])
  const pipelines = await call(standIn, 'GET', '/crm/v3/pipelines/deals/Direct/stages')
  expect(pipelines.body['results']?.[0]).toMatchObject({ id: 'Signed', metadata: { isClosed: 'true', probability: '1.0' } })
  await expect(startHubSpot({ world: [{ ...account, id: 'x1' }] })).rejects.toThrow('decimal')
  await standIn.close()
})
