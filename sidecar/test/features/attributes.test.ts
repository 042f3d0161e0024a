import { KINDS, type CrmRecord } from '@assay/shared'
import { beforeAll, expect, it } from 'vitest'
import { attributesOf, withAttributes } from '../../src/features/attributes.ts'
import { buildFrame, type FrameRequest } from '../../src/features/frames.ts'
import { day, live } from '../store/records.ts'
import { openedStore, SLOW } from './opened-store.ts'

const opened = openedStore()
const request: FrameRequest = {
  connection: 'company',
  unit: 'account',
  asOf: day('2025-06-01'),
  permille: 1000,
  everybody: true,
  kinds: new Set(KINDS),
}

beforeAll(async () => {
  const companies = ['a', 'b', 'c', 'd', 'e', 'f'].map((id, at): CrmRecord =>
    live(
      'account',
      id,
      '2024-01-01',
      { name: id, createdAt: day('2024-01-01') },
      { attributes: { region: at % 2 === 0 ? 'north' : 'south', margin: at } },
    ),
  )
  await opened.store.append('company', companies)
}, SLOW)

it('an attribute says where only some may look, unless it is said that everybody may read it', async () => {
  const { driver } = opened.store
  const unit = { connection: 'company', unit: 'account', asOf: request.asOf } as const
  const found = await attributesOf(driver, unit, { stable: ['Region', 'margin'], open: ['region', 'name'] })
  expect(found.used.map(({ name }) => name).sort()).toEqual(['margin', 'region'])
  expect([...found.open]).toEqual(['region'])
  const frame = await withAttributes(driver, await buildFrame(opened.days(), request), request, found)
  const restricted = Object.fromEntries(frame.columns.map(({ info }) => [info.name, info.restricted]))
  expect(restricted).toMatchObject({ region: false, margin: true, orders_90d: false })
})
