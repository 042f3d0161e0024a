import type { LiveRecord } from '@assay/shared'
import { DAY } from './calendar.ts'
import { productId } from './ids.ts'
import { CONCERN, stream } from './random.ts'

/** `usual` is bought again and again, `once` at most once by a customer, `code` is no product (shipping, discount). */
export type Nature = 'usual' | 'once' | 'code'

export interface Product {
  readonly id: string
  readonly name: string
  readonly sku: string
  readonly family: string
  readonly nature: Nature
  /** In home currency. */
  readonly price: number
  /** A customer's usual quantity at size 1. */
  readonly quantity: number
  /** How popular it is within its family. */
  readonly weight: number
  readonly isActive: boolean
}

export interface Catalogue {
  readonly products: readonly Product[]
  /** Positions of products bought again and again. */
  readonly usual: readonly number[]
  /** Planted co-purchases: who takes the first takes the second in the same order with that probability. */
  readonly pairs: ReadonlyMap<number, readonly { readonly other: number; readonly probability: number }[]>
  readonly implementation: number
  readonly training: number
  readonly shipping: number
  readonly discount: number
}

const FAMILIES: readonly { name: string; prefix: string; price: [number, number]; quantity: number; items: readonly string[] }[] = [
  {
    name: 'Instruments',
    prefix: 'INS',
    price: [900, 6500],
    quantity: 1,
    items: [
      'Bench meter',
      'Hand-held meter',
      'Data logger',
      'Pressure calibrator',
      'Thermal camera',
      'Vibration analyser',
      'Gas detector',
      'Flow meter',
    ],
  },
  {
    name: 'Sensors',
    prefix: 'SEN',
    price: [60, 480],
    quantity: 4,
    items: [
      'Temperature probe',
      'Humidity probe',
      'Pressure sensor',
      'Proximity sensor',
      'Load cell',
      'Vibration sensor',
      'Oxygen cell',
      'Level sensor',
      'Conductivity cell',
      'Light barrier',
    ],
  },
  {
    name: 'Consumables',
    prefix: 'CON',
    price: [6, 70],
    quantity: 12,
    items: [
      'Calibration gas',
      'Buffer solution',
      'Filter set',
      'Cleaning kit',
      'Seal kit',
      'Test strips',
      'Thermal paper',
      'Contact gel',
      'Cable ties',
      'Battery pack',
      'Marking labels',
      'Lubricant',
    ],
  },
  {
    name: 'Accessories',
    prefix: 'ACC',
    price: [18, 240],
    quantity: 3,
    items: [
      'Carrying case',
      'Mounting bracket',
      'Extension cable',
      'Wall adapter',
      'Protective boot',
      'Tripod',
      'Docking station',
      'Spare charger',
      'Display shield',
    ],
  },
  {
    name: 'Software',
    prefix: 'SOF',
    price: [150, 1900],
    quantity: 1,
    items: ['Logging licence', 'Analysis licence', 'Fleet licence', 'Interface module', 'Reporting module'],
  },
  {
    name: 'Services',
    prefix: 'SRV',
    price: [90, 950],
    quantity: 1,
    items: [
      'Calibration certificate',
      'Yearly inspection',
      'Repair flat rate',
      'Loan instrument',
      'Extended warranty',
      'Remote support hours',
    ],
  },
]

const SPECIAL: readonly { name: string; sku: string; family: string; nature: Nature; price: number }[] = [
  { name: 'Implementation', sku: 'SRV-IMPL', family: 'Projects', nature: 'once', price: 4800 },
  { name: 'Operator training', sku: 'SRV-TRAIN', family: 'Projects', nature: 'once', price: 1450 },
  { name: 'Shipping', sku: 'SHIPPING', family: 'Other', nature: 'code', price: 19 },
  { name: 'Discount', sku: 'DISCOUNT', family: 'Other', nature: 'code', price: 0 },
]

const PAIRS: readonly (readonly [string, string, number])[] = [
  ['Gas detector', 'Calibration gas', 0.6],
  ['Oxygen cell', 'Calibration gas', 0.45],
  ['Thermal camera', 'Tripod', 0.5],
  ['Hand-held meter', 'Carrying case', 0.55],
  ['Pressure calibrator', 'Calibration certificate', 0.5],
  ['Data logger', 'Logging licence', 0.55],
  ['Vibration sensor', 'Mounting bracket', 0.5],
  ['Conductivity cell', 'Buffer solution', 0.55],
  ['Bench meter', 'Extended warranty', 0.35],
  ['Thermal paper', 'Cleaning kit', 0.35],
  ['Filter set', 'Seal kit', 0.4],
  ['Vibration analyser', 'Analysis licence', 0.5],
]

/** The price list: the same names in every world, prices by the seed. */
export function makeCatalogue(seed: number): Catalogue {
  const random = stream(seed, 0, CONCERN.catalogue)
  const products: Product[] = []
  for (const family of FAMILIES)
    for (const [rank, name] of family.items.entries()) {
      const [low, high] = family.price
      const price = Math.round(100 * Math.exp(random.between(Math.log(low), Math.log(high)))) / 100
      const sku = `${family.prefix}-${100 + rank * 10}`
      // One product of each long list was withdrawn and is still in old orders.
      const isActive = rank !== 7
      products.push({
        id: productId(products.length),
        name,
        sku,
        family: family.name,
        nature: 'usual',
        price,
        quantity: family.quantity,
        weight: 1 / (rank + 2),
        isActive,
      })
    }
  const usual = products.map((_, position) => position)
  for (const special of SPECIAL) products.push({ ...special, id: productId(products.length), quantity: 1, weight: 0, isActive: true })
  const position = (name: string): number => products.findIndex((product) => product.name === name)
  const pairs = new Map<number, { other: number; probability: number }[]>()
  for (const [first, second, probability] of PAIRS) {
    const key = position(first)
    pairs.set(key, [...(pairs.get(key) ?? []), { other: position(second), probability }])
  }
  return {
    products,
    usual,
    pairs,
    implementation: position('Implementation'),
    training: position('Operator training'),
    shipping: position('Shipping'),
    discount: position('Discount'),
  }
}

export function productRecords(catalogue: Catalogue, startsAt: number, currency: string): LiveRecord<'product'>[] {
  return catalogue.products.map((product, position) => {
    const createdAt = startsAt - 30 * DAY + position * 61_000
    return {
      kind: 'product',
      id: product.id,
      version: createdAt,
      knownAt: createdAt,
      deleted: false,
      body: {
        name: product.name,
        sku: product.sku,
        family: product.family,
        price: product.price,
        currency,
        isActive: product.isActive,
        createdAt,
      },
      attributes: {},
    }
  })
}
