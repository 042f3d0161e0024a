import type { EventDefinition, Frame, Training } from '@assay/shared'
import { expect, test } from 'vitest'
import { offers } from '../../src/miners/offers/index.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { basketsOf, lastOrderFrame, type Order } from './frames.ts'
import { machineSeller, NAMES } from './machine-seller.ts'

const DAY = 86_400_000
const DEFINITION: EventDefinition = { event: 'next order', from: 'silence', horizonDays: null, who: 'customers with an order' }
const params = offers.params.parse({})
const training = (frame: Frame): Training => ({ definition: DEFINITION, frames: [frame], order: 'none' })
const fit = (frame: Frame) => offers.fit(training(frame), params, seededRng('offers'))
const customer = (i: number): string => `c${String(i).padStart(4, '0')}`

test('a machine seller: charges, owned products, consumables and what goes with what', async () => {
  const frame = lastOrderFrame(machineSeller('a'), 400 * DAY, NAMES)
  const model = await fit(frame)
  expect(model.excluded).toEqual([{ code: 'SHIP', name: 'Shipping', why: 'the name "Shipping" is a charge' }])
  const owned = model.codes.filter((_, item) => model.owned[item] === 1)
  expect(owned).toEqual(expect.arrayContaining(['IMPL', 'LIC', 'SCAN', 'SCANX']))
  expect(owned).not.toContain('INK')
  expect(owned).not.toContain('PAPER')
  const rule = model.rules.find(
    (each) => each.ifBought.length === 1 && model.codes[each.ifBought[0]!] === 'SCAN' && model.codes[each.offer] === 'SCANX',
  )
  expect(rule?.confidence).toBeGreaterThan(0.6)

  const report = offers.judge([{ model, frame }], DEFINITION, params, seededRng('judge'))
  expect(report.verdict).toBe('publish')
  expect(report.baselines.map((each) => each.name)).toEqual(['personal frequency', 'most popular'])

  const ids = ['inky', 'none', 'scanner']
  const order = (who: string, day: number, ...codes: string[]): Order => ({ customer: who, at: day * DAY, codes })
  const now: Frame = {
    asOf: 132 * DAY,
    ids,
    columns: [],
    outcome: null,
    baskets: basketsOf(
      ids,
      [
        order('inky', 0, 'IMPL', 'LIC', 'INK'),
        ...[20, 40, 60, 80].map((day) => order('inky', day, 'INK', 'SHIP')),
        order('inky', 100, 'PAPER'),
        order('scanner', 0, 'IMPL', 'LIC'),
        order('scanner', 50, 'SCAN'),
      ],
      NAMES,
    ),
    next: null,
  }
  const { fields, unscored } = offers.score(model, now, params)
  expect(fields['offer_1']![0]).toBe('Ink cartridge')
  expect(fields['offer_1_why']![0]).toBe('Bought in 4 of the last 5 orders, last 52 days ago')
  expect(unscored).toEqual([null, 'No bought product is known.', null])
  const toScanner = [1, 2, 3].map((k) => fields[`offer_${k}_code`]![2])
  expect(toScanner).toContain('SCANX')
  const why = fields[`offer_${toScanner.indexOf('SCANX') + 1}_why`]![2]
  expect(why).toMatch(/^Bought by \d+ % of customers who bought .*Scanner.* \(n = \d+\)/)
  expect(toScanner).not.toContain('SCAN')
  for (const k of [1, 2, 3]) for (const code of fields[`offer_${k}_code`]!) expect(['IMPL', 'LIC', 'SHIP']).not.toContain(code)
})

test('orders without any pattern: nothing better than the most popular, so nothing is published', async () => {
  const rng = seededRng('noise')
  const orders = Array.from({ length: 1500 }, (_, b): Order => ({
    customer: customer(b % 300),
    at: b * DAY,
    codes: Array.from({ length: 3 }, () => `P${String(Math.floor(200 * rng.next() ** 2)).padStart(3, '0')}`),
  }))
  const frame = lastOrderFrame(orders, null)
  const report = offers.judge([{ model: await fit(frame), frame }], DEFINITION, params, seededRng('judge'))
  expect(report.verdict).toBe('refuse')
})

test('scoring in chunks and refitting on shuffled columns of codes give the same answer', async () => {
  const orders = machineSeller('b', 120)
  const frame = lastOrderFrame(orders, 400 * DAY, NAMES)
  const model = await fit(frame)
  expect(offers.model.parse(JSON.parse(JSON.stringify(model)))).toEqual(model)
  const whole = offers.score(model, frame, params)
  const half = frame.ids.slice(60)
  const before = orders.filter((order) => half.includes(order.customer))
  const part = offers.score(model, { ...lastOrderFrame(before, 400 * DAY, NAMES) }, params)
  expect(part.fields['offer_1_why']).toEqual(whole.fields['offer_1_why']!.slice(60))

  const { baskets } = frame
  const last = baskets!.codes.length - 1
  const turned: Frame = {
    ...frame,
    baskets: {
      ...baskets!,
      codes: baskets!.codes.toReversed(),
      names: baskets!.names.toReversed(),
      items: baskets!.items.map((item) => last - item),
    },
  }
  expect(await fit(turned)).toEqual(model)
})

test('what follows a frame is never learned from', async () => {
  const frame = lastOrderFrame(machineSeller('c', 150), 400 * DAY, NAMES)
  expect(await fit(frame)).toEqual(await fit({ ...frame, next: null }))
})

test('no products at all: an error that says so', async () => {
  await expect(fit({ asOf: null, ids: ['a'], columns: [], outcome: null, baskets: null, next: null })).rejects.toThrow(/there are none/)
})
