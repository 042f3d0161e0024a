import { b2bWorld } from '@assay/worlds'
import { expect, test } from 'vitest'
import { bundleAfter, modifiedIndex, sampleOf } from '../src/index.ts'

test('where to look on behind an id that is not known any more, empty bundles or not', () => {
  const ids = [['a', 'c'], [], ['f'], [], [], ['h', 'k'], []]
  const first = (id: string): number =>
    bundleAfter(
      ids.length,
      (position) => ids[position]?.at(-1),
      (last) => last <= id,
    )
  for (const id of ['', 'b', 'c', 'd', 'f', 'g', 'j', 'k', 'z']) {
    const found = ids
      .slice(first(id))
      .flat()
      .filter((each) => each > id)
    expect([id, found]).toEqual([id, ids.flat().filter((each) => each > id)])
    expect(
      ids
        .slice(0, first(id))
        .flat()
        .every((each) => each <= id),
    ).toBe(true)
  }
})

test('what was modified when, by instant and id, with and without the edges', () => {
  const rows = [
    ['a', 'x', 5],
    ['a', 'w', 5],
    ['b', 'v', 5],
    ['a', 'z', 1],
    ['a', 'y', 9],
  ] as const
  const found = modifiedIndex(rows.map(([table, id, at]) => ({ table, id, at }))).get('a')
  expect(found?.ids).toEqual(['z', 'w', 'x', 'y'])
  expect([0, 1, 2, 5, 9, 10].map((at) => [found?.from(at), found?.after(at)])).toEqual([
    [0, 0],
    [0, 1],
    [1, 1],
    [1, 3],
    [3, 4],
    [4, 4],
  ])
})

test('a sample of a small world is all of it', () => {
  const world = b2bWorld({ accounts: 10, seed: 1 })
  const sampled = [...sampleOf(world)]
  expect(sampled.filter(({ kind }) => kind === 'account')).toHaveLength(10)
  expect(sampled.filter(({ kind }) => kind === 'product')).toEqual(world.products)
})
