/** Why a beta(a, b) chance of stopping after a purchase says nothing, or null. */
export function noStopping(a: number, b: number): string | null {
  if (a < 1e-3) return 'a fell to zero: no stopping can be seen in this data'
  if (b > 1e3) return 'b grew without end: no stopping can be seen in this data'
  return null
}
