import type { LiveRecord } from '@assay/shared'
import { recordId } from './ids.ts'
import type { Nature } from './nature.ts'
import type { Random } from './random.ts'
import type { Settings } from './settings.ts'

interface Line {
  readonly product: number
  readonly quantity: number
}

const cents = (value: number): number => Math.round(value * 100) / 100

/** What one order holds: mostly what this customer likes, what goes with it, and now and then something else. */
function basketOf(settings: Settings, nature: Nature, bought: Set<number>, size: number, random: Random): Line[] {
  const { catalogue } = settings
  const taken = new Set<number>()
  const wanted = 1 + random.poisson((nature.segment.lines - 1) * (settings.plain ? 0.7 : 0.8))
  for (let line = 0; line < wanted; line++) {
    const favourite = random.chance(0.8)
    // A liking falls off with its rank: the square of a uniform draw prefers the front.
    const draw = random.next()
    const chosen = favourite
      ? nature.likes[Math.floor(draw * draw * nature.likes.length)]!
      : catalogue.usual[Math.floor(draw * catalogue.usual.length)]!
    if (!catalogue.products[chosen]!.isActive && random.chance(0.7)) continue
    taken.add(chosen)
    for (const pair of catalogue.pairs.get(chosen) ?? []) if (random.chance(pair.probability)) taken.add(pair.other)
  }
  if (taken.size === 0) taken.add(nature.likes[0]!)
  const lines: Line[] = []
  for (const product of taken) {
    const { quantity } = catalogue.products[product]!
    lines.push({ product, quantity: Math.max(1, Math.round(quantity * size * Math.exp(0.4 * random.normal()))) })
  }
  for (const [product, chance] of [
    [catalogue.implementation, bought.size === 0 && nature.size > 2 ? 0.35 : 0.01],
    [catalogue.training, 0.04],
  ] as const)
    if (!bought.has(product) && random.chance(chance)) {
      bought.add(product)
      lines.push({ product, quantity: 1 })
    }
  bought.add(lines[0]!.product)
  if (random.chance(0.4)) lines.push({ product: catalogue.shipping, quantity: 1 })
  if (random.chance(0.08)) lines.push({ product: catalogue.discount, quantity: 1 })
  return lines
}

export interface Basket {
  /** In the deal's currency. */
  readonly amount: number
  readonly lines: readonly Omit<LiveRecord<'lineItem'>['body'], 'dealId' | 'createdAt'>[]
}

export function fillBasket(
  settings: Settings,
  nature: Nature,
  bought: Set<number>,
  size: number,
  currency: string,
  random: Random,
): Basket {
  const lines: Basket['lines'][number][] = []
  let amount = 0
  for (const line of basketOf(settings, nature, bought, size, random)) {
    const product = settings.catalogue.products[line.product]!
    const price = product === settings.catalogue.products[settings.catalogue.discount] ? -cents(Math.max(5, amount * 0.05)) : product.price
    const unitPrice = currency === settings.home ? price : cents(price / settings.rate)
    const lineAmount = cents(unitPrice * line.quantity)
    amount = cents(amount + lineAmount)
    lines.push({
      productId: product.id,
      sku: product.sku,
      name: product.name,
      quantity: line.quantity,
      unitPrice,
      amount: lineAmount,
      currency,
    })
  }
  return { amount, lines }
}

export function lineRecords(basket: Basket, index: number, firstSlot: number, dealId: string, createdAt: number): LiveRecord<'lineItem'>[] {
  return basket.lines.map((line, offset) => ({
    kind: 'lineItem',
    id: recordId('lineItem', index, firstSlot + offset),
    version: createdAt,
    knownAt: createdAt,
    deleted: false,
    body: { ...line, dealId, createdAt },
    attributes: {},
  }))
}
