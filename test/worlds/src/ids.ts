import type { BundleKind } from './world.ts'

/**
 * Every bundle owns a fixed range of ids of each kind, so that an id tells its bundle by arithmetic. All ids of a
 * kind have the same number of digits: they sort alike as numbers and as text. The ranges hold more than a bundle
 * ever fills; what `change` adds later takes the next free ones.
 */
export const STRIDE = {
  account: 4,
  contact: 16,
  deal: 256,
  lineItem: 2048,
  activity: 2048,
  case: 256,
  subscription: 8,
} as const satisfies Record<BundleKind, number>

const FIRST: Record<BundleKind, number> = {
  account: 10_000_000_000,
  contact: 20_000_000_000,
  deal: 30_000_000_000,
  lineItem: 40_000_000_000,
  activity: 50_000_000_000,
  case: 60_000_000_000,
  subscription: 70_000_000_000,
}

export const recordId = (kind: BundleKind, index: number, slot: number): string => String(FIRST[kind] + index * STRIDE[kind] + slot)

export const slotOf = (kind: BundleKind, id: string): number => (Number(id) - FIRST[kind]) % STRIDE[kind]

/** The bundle that owns the id, whether or not the slot is filled; null for an id of no bundle. */
export function bundleOf(kind: BundleKind, id: string, size: number): number | null {
  if (!/^\d{11}$/.test(id)) return null
  const index = Math.floor((Number(id) - FIRST[kind]) / STRIDE[kind])
  return index >= 0 && index < size ? index : null
}

const PRODUCT = 8_000_000_000
const USER = 90_000_000
export const productId = (position: number): string => String(PRODUCT + position * 7)
export const userId = (position: number): string => String(USER + position * 13)
