import { expect, it } from 'vitest'
import { openIdSet } from '../src/index.ts'

const idOf = (at: number): string => `00000000-0000-0000-0000-${at.toString(16).padStart(12, '0')}`

it('holds each id once, and no stranger', () => {
  const set = openIdSet()
  for (let at = 0; at < 50_000; at += 1) set.add(idOf(at))
  expect(set.add(idOf(0))).toBe(false)
  expect([set.size, set.full]).toEqual([50_000, false])
  expect(set.has(idOf(49_999))).toBe(true)
  for (let at = 50_000; at < 100_000; at += 1) if (set.has(idOf(at))) throw new Error(`a stranger: ${idOf(at)}`)
})

it('says that it is full once an id goes by that it does not remember', () => {
  const set = openIdSet({ most: 2 })
  expect(['a', 'b', 'a'].map((id) => set.add(id))).toEqual([true, true, false])
  expect(set.full).toBe(false)
  expect([set.add('c'), set.full, set.has('c'), set.size]).toEqual([true, true, false, 2])
})

it('takes two ids for one that differ only behind the characters that count', () => {
  const set = openIdSet({ characters: 3 })
  set.add('abcX')
  expect([set.has('abcY'), set.has('abc'), set.has('ab')]).toEqual([true, true, false])
})
