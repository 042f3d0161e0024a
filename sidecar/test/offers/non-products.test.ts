import { expect, test } from 'vitest'
import { nonProducts } from '../../src/miners/offers/non-products.ts'

const usual = Array.from({ length: 60 }, (_, i) => `${20_000 + i}${i % 5 === 0 ? 'A' : ''}`)

test('charges and codes that look like none of the others are told apart from products', () => {
  const codes = [...usual, 'POST', 'D', 'C2', '23444', '21001', '22003']
  const names: (string | null)[] = [
    ...usual.map(() => 'WHITE LANTERN'),
    'POSTAGE',
    null,
    'CARRIAGE',
    'Next Day Carriage',
    'SET OF 6 VINTAGE POST CARDS',
    'MANUAL COFFEE GRINDER',
  ]
  const why = nonProducts(codes, names)
  expect(why.slice(0, 60).every((each) => each === null)).toBe(true)
  expect(why.slice(60).map((each) => each !== null)).toEqual([true, true, true, true, false, false])
})

test('a catalogue of words keeps its products', () => {
  const codes = ['CRM-PRO', 'IMPL', 'TRAINING', 'SUPPORT', 'SHIPPING', 'Rabatt', 'STANDARD']
  const names = ['CRM Professional', 'Implementation', 'Training day', 'Support plan', 'Express shipping', null, 'Standard licence']
  expect(nonProducts(codes, names).map((each) => each !== null)).toEqual([false, false, false, false, true, true, false])
})

test('a fee is a charge only where nothing else is in the name', () => {
  expect(nonProducts(['F1', 'F2', 'F3'], ['Handling fee', 'Bank charges', 'Licence fee per seat']).map((each) => each !== null)).toEqual([
    true,
    true,
    false,
  ])
})
