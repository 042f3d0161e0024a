import { describe, expect, it } from 'vitest'
import {
  AssayError,
  BODIES,
  CHURN_FIELDS,
  COMMON_FIELDS,
  KINDS,
  OFFER_FIELDS,
  SEGMENT_FIELDS,
  sayFeature,
  sayValue,
  TEXT_LIMIT,
} from '../src/index.ts'

const FIELDS = [...CHURN_FIELDS, ...SEGMENT_FIELDS, ...OFFER_FIELDS, ...COMMON_FIELDS]

describe('fields', () => {
  it('have names that every CRM takes, each once', () => {
    const names = FIELDS.map((field) => field.name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]{1,30}$/)
  })
  it('are no longer than the shortest limit, and picklists have their options', () => {
    for (const field of FIELDS) {
      if (field.type === 'text') expect(field.maxLength).toBe(TEXT_LIMIT)
      if (field.type === 'picklist') expect(field.options?.length).toBeGreaterThan(1)
    }
  })
  it('of people are never written', () => {
    expect(FIELDS.filter((field) => field.setByPeople).map((field) => field.name)).toEqual(
      [1, 2, 3].flatMap((k) => [`offer_${k}_response`, `offer_${k}_response_at`]),
    )
  })
})

it('gives every kind a body, in which nothing is ever made up', () => {
  expect(Object.keys(BODIES).toSorted()).toEqual([...KINDS].toSorted())
  for (const kind of KINDS) {
    const nulls = Object.fromEntries(Object.keys(BODIES[kind].shape).map((name) => [name, null]))
    const required = kind === 'dealHistory' ? { dealId: '1', field: 'stage', changedAt: 0 } : {}
    expect(BODIES[kind].safeParse({ ...nulls, ...required }).success).toBe(true)
  }
})

it.each([
  ['days', 1, '1 day'],
  ['days', 94.4, '94 days'],
  ['count', 12_300, '12,300'],
  ['share', 0.371, '37 %'],
  ['ratio', 2.345, '2.3'],
  ['text', 'North', 'North'],
] as const)('says %s %s as "%s"', (unit, value, said) => {
  expect(sayValue(unit, value)).toBe(said)
})

it('says money with its currency, and a feature as a phrase', () => {
  expect(sayValue('money', 1234.5, 'EUR')).toBe('1,235 EUR')
  const info = { name: 'x', label: 'X', unit: 'days', phrase: '{value} since the last order', sourceFields: [], restricted: false } as const
  expect(sayFeature(info, 94)).toBe('94 days since the last order')
})

it('keeps what an error is about beside its text', () => {
  const cause = new Error('below')
  const error = new AssayError('limit', 'too fast', { hint: 'wait', retryAfterMs: 1000, cause })
  expect([error.kind, error.message, error.hint, error.retryAfterMs, error.cause]).toEqual(['limit', 'too fast', 'wait', 1000, cause])
})
