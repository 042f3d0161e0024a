import { expect, it } from 'vitest'
import { accountOf } from '../src/map.ts'

it('what the CRM does not say is null', () => {
  const account = accountOf({ id: '7', name: '', createdAt: '2026-01-01T00:00:00Z', modifiedAt: '2026-02-01T00:00:00Z' }, true)
  expect(account).toMatchObject({ body: { name: null, employees: null }, knownAt: Date.UTC(2026, 0, 1), version: Date.UTC(2026, 1, 1) })
})
