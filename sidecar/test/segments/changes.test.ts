import type { Change, Frame } from '@assay/shared'
import { expect, test, vi } from 'vitest'
import { segments } from '../../src/miners/segments/index.ts'
import { descent, keptNames } from '../../src/miners/segments/lineage.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { frameOf } from '../offers/frames.ts'
import { customerId, DEFINITION, planted } from './planted.ts'

// Learning many times is work; how long it takes is not what is tested.
vi.setConfig({ testTimeout: 120_000 })

const params = segments.params.parse({ resamples: 6, restarts: 2, references: 6, mostSegments: 6 })
const fit = (frame: Frame, previous?: unknown, seed = 'fit') =>
  segments.fit({ definition: DEFINITION, frames: [frame], order: 'none', previous }, params, seededRng(seed))

test('names and members stay when the model is learned anew, from other customers and another seed', async () => {
  const first = await fit(planted('a'))
  // A person's own words must outlive the next model too: names are what it hands on.
  const named = { ...first, segments: first.segments.map((each, i) => ({ ...each, name: `Group ${i}` })) }
  const frame = planted('b', 500)
  const second = await fit(frame, named, 'another')
  expect(second.segments.map((each) => each.name).sort()).toEqual(named.segments.map((each) => each.name).sort())
  expect(segments.score(second, frame, params).fields['segment']).toEqual(segments.score(named, frame, params).fields['segment'])
  expect(second.lineage?.agreement).toBeGreaterThan(0.98)
  expect(second.lineage?.gone).toEqual([])
  for (const each of second.lineage?.from ?? []) expect(each).toMatchObject({ name: each.earlier })
})

test('a segment goes on where it shares most customers; a new one never takes an old name', () => {
  const before = Int32Array.of(0, 0, 0, 1, 1, 1, 1, 1)
  const after = Int32Array.of(1, 1, 1, 0, 0, 0, 2, 2)
  const found = descent(before, after, 2, 3)
  expect(found.earlier).toEqual([1, 0, -1])
  expect(keptNames(['New', 'Old', 'Rare'], ['Rare', 'Often'], found)).toEqual(['Often', 'Rare', 'Rare (2)'])
})

test('who moved, from where to where, and why; who arrived', async () => {
  const frame = planted('a')
  const model = await fit(frame)
  const then = planted('a', 300, 100)
  const moved = frameOf(
    then.ids.concat('zz-new'),
    Object.fromEntries(
      then.columns.map((each) => {
        const values = each.type === 'number' ? [...each.values] : []
        // The first customer bought often and lately; now it is quiet for long and has not ordered since.
        if (each.info.name === 'days_since_last_order') values[0] = 400
        if (each.info.name === 'orders') values[0] = 1
        if (each.info.name === 'money') values[0] = 60
        return [each.info.name, [...values, values[1]!]]
      }),
    ),
  )
  const told = segments.moves!(model, then, moved, params)
  expect([told.moved, told.stayed, told.arrived.reduce((a, b) => a + b, 0)]).toEqual([1, 299, 1])
  expect(told.since).toBe('1970-04-11')
  expect(told.who).toHaveLength(1)
  expect(told.who[0]).toMatchObject({ id: customerId(0), from: 'Frequent big buyers', to: 'Quiet for long' })
  expect(told.who[0]!.why).toMatch(/^1, was 45; 60, was 25,529$/)
  expect(told.matrix.flat().reduce((a, b) => a + b, 0)).toBe(300)
})

const byName = (all: readonly Change[], name: string): Change | undefined => all.find((each) => each.name === name)

test('a segment that grew beyond chance is told from one that did not; nothing changes between two draws', async () => {
  const before = await fit(planted('a', 400))
  const same = await fit(planted('b', 400), before)
  const quiet = segments.changes!(before, same, planted('b', 400), params, seededRng('changes'))
  expect(quiet).toHaveLength(4)
  for (const each of quiet) expect(each.p).toBeGreaterThan(0.05)

  // Three kinds lose half of their customers.
  const whole = planted('c', 800)
  const rows = whole.ids.map((_, row) => row).filter((row) => row % 4 === 3 || row % 8 < 4)
  const shrunk = frameOf(
    rows.map((row) => whole.ids[row]!),
    Object.fromEntries(whole.columns.map((each) => [each.info.name, rows.map((row) => (each.type === 'number' ? each.values[row]! : 0))])),
  )
  const after = await fit(shrunk, before)
  const told = segments.changes!(before, after, shrunk, params, seededRng('changes'))
  expect(byName(told, 'Quiet for long')).toMatchObject({ how: 'strengthened', before: 0.25, now: 0.4 })
  expect(byName(told, 'Quiet for long')!.p).toBeLessThan(0.001)
})

test('a kind that is gone vanished, beyond chance', async () => {
  const before = await fit(planted('a', 800))
  const rest = planted('b', 800)
  const rows = rest.ids.map((_, row) => row).filter((row) => row % 4 !== 3)
  const frame = frameOf(
    rows.map((row) => rest.ids[row]!),
    Object.fromEntries(rest.columns.map((each) => [each.info.name, rows.map((row) => (each.type === 'number' ? each.values[row]! : 0))])),
  )
  const after = await fit(frame, before)
  expect(after.segments).toHaveLength(3)
  const told = segments.changes!(before, after, frame, params, seededRng('changes'))
  expect(byName(told, 'Quiet for long')).toMatchObject({ how: 'vanished', now: null })
  expect(byName(told, 'Quiet for long')!.p).toBeLessThan(0.01)
  expect(after.lineage?.gone).toEqual(['Quiet for long'])
})

test('rules say who belongs, nearly without error where groups are far apart; a word that sets one apart is named', async () => {
  const frame = planted('a', 400)
  const branch = {
    type: 'category' as const,
    info: { name: 'branch', label: 'Branch', unit: 'text' as const, phrase: '{value}', sourceFields: [], restricted: false },
    codes: Int32Array.from(frame.ids, (_, row) => (row % 4 === 0 ? 0 : 1)),
    levels: ['Retail', 'Trade'],
  }
  const model = await fit({ ...frame, columns: [...frame.columns, branch] })
  for (const each of model.segments) {
    expect(each.rules.length).toBeGreaterThan(0)
    expect(each.ruled).toBeGreaterThan(0.9)
    for (const rule of each.rules) expect(rule.right).toBeGreaterThan(0.9)
  }
  const big = model.segments.find((each) => each.name === 'Frequent big buyers')!
  expect(big.words[0]).toMatchObject({ word: 'Retail', here: 1, everywhere: 0.25 })
})

test('customers who are all alike, or alike but for one: a reason, and no NaN', async () => {
  const ids = Array.from({ length: 120 }, (_, i) => customerId(i))
  const same = frameOf(ids, { days_since_last_order: ids.map(() => 10), orders: ids.map(() => 2), money: ids.map(() => 50) })
  const odd = frameOf(ids, {
    days_since_last_order: ids.map((_, i) => (i === 0 ? 300 : 10)),
    orders: ids.map(() => 2),
    money: ids.map(() => 50),
  })
  for (const frame of [same, odd]) {
    const model = await fit(frame)
    expect(model.centres).toBeNull()
    expect(JSON.stringify(model)).not.toMatch(/NaN/)
    expect(segments.model.parse(JSON.parse(JSON.stringify(model)))).toEqual(model)
    const report = segments.judge([{ model, frame }], DEFINITION, params, seededRng('judge'))
    expect(report.verdict).toBe('refuse')
    expect(report.why).toMatch(/^No cluster structure: /)
    expect(segments.changes!(model, model, frame, params, seededRng('x'))).toEqual([])
    expect(segments.moves!(model, frame, frame, params).moved).toBe(0)
  }
})
