import { type Column, type Frame, sayFeature } from '@assay/shared'

/** What helps when there is no score: the plainest things known about a customer, most telling first. */
const TELLING: readonly { readonly name: string; readonly least: number }[] = [
  { name: 'days_since_last_order', least: 0 },
  { name: 'mean_gap_days', least: 0 },
  { name: 'cases_open', least: 1 },
  { name: 'open_deals', least: 1 },
  { name: 'days_to_renewal', least: 0 },
  { name: 'orders_365d', least: 0 },
  // Of an open deal.
  { name: 'days_overdue', least: 1 },
  { name: 'days_in_stage', least: 0 },
  { name: 'pushes', least: 1 },
  { name: 'days_since_touch', least: 0 },
  { name: 'age_days', least: 0 },
]
const MOST = 4

/** Facts of one row as phrases ("94 days since the last order", "usual gap 21 days"). Unknown values are left out. */
export function facts(frame: Frame): (row: number) => readonly string[] {
  const columns = TELLING.flatMap(({ name, least }) => {
    const found: Column | undefined = frame.columns.find((c) => c.info.name === name)
    return found?.type === 'number' ? [{ found, least }] : []
  })
  return (row) =>
    columns
      .filter(({ found, least }) => found.values[row]! >= least)
      .slice(0, MOST)
      .map(({ found }) => sayFeature(found.info, found.values[row]!))
}
