import type { Cursor, Page } from '@assay/shared'
import { expect, it } from 'vitest'
import { gather } from '../../src/flow/sync/gather.ts'
import { live } from '../store/records.ts'

const page = (id: string, more: Partial<Page> = {}): Page => ({
  records: [live('account', id, '2026-01-01', { name: id })],
  next: `after ${id}` as Cursor,
  ...more,
})
async function* pages(): AsyncGenerator<Page> {
  yield await Promise.resolve(page('a', { refused: [{ kind: 'account', where: 'line 3', why: 'no id' }] }))
  yield page('b', { skipped: [{ kind: 'activity', why: 'Meetings: broken' }] })
  yield page('c')
}

it('joins pages into one that ends where the last did, with what was set aside and passed over in any of them', async () => {
  const joined: Page[] = []
  for await (const one of gather(pages(), 2)) joined.push(one)
  expect(joined.map(({ records, refused, skipped, next }) => [records.map(({ id }) => id), refused, skipped, next])).toEqual([
    [['a', 'b'], [{ kind: 'account', where: 'line 3', why: 'no id' }], [{ kind: 'activity', why: 'Meetings: broken' }], 'after b'],
    [['c'], [], [], 'after c'],
  ])
})
