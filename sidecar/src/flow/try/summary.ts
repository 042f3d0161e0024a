import { AssayError, type EventDefinition, type FeatureInfo, type Frame, type NumberColumn, type Report } from '@assay/shared'
import { flatFrame } from '../../features/flat.ts'
import type { Store } from '../../store/store.ts'
import type { Workshop } from '../mine/workshop.ts'

const MINER = 'value'
const WEEK = 7
/** How such tables call their columns, as letters and digits only; what counts is repeat purchases, time of the last and age of the customer. */
const NAMES = {
  repeats: ['x', 'frequency', 'repeatpurchases'],
  recency: ['tx', 'recency'],
  age: ['t', 'age'],
  value: ['zbar', 'monetaryvalue', 'mx'],
} as const

const DEFINITION: EventDefinition = {
  event: 'money in the next 90 days',
  from: 'column',
  horizonDays: 90,
  who: 'customers of a table that sums up their purchases',
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '')
const info = (name: string): FeatureInfo => ({
  name,
  label: name,
  unit: 'number',
  phrase: `${name} {value}`,
  sourceFields: [],
  restricted: false,
})

/**
 * A table of one row a customer with repeat purchases, time of the last one and age (x, t_x, T: what buying models are published
 * with) instead of purchases. Time is taken for weeks. Fitted, never judged: such a table knows no later period. Null where it is
 * no such table.
 */
export async function buyingSummary(store: Store, connection: string, workshop: Workshop): Promise<Report | null> {
  const { frame } = await flatFrame(store.driver, {
    connection,
    kind: 'account',
    asOf: Date.UTC(2199, 0, 1),
    outcome: { column: '', isPositive: () => null },
    ignore: [],
    order: 'none',
  })
  const summed = summedUp(frame)
  if (summed === null) return null
  try {
    const { model } = await workshop.fit(MINER, { definition: DEFINITION, frames: [summed], order: 'none' }, {}, `${MINER} summary`)
    return await workshop.judge(MINER, [{ model, frame: summed }], DEFINITION, {}, `${MINER} summary`)
  } catch (error) {
    // Too few to fit is an answer: the table stays one that nothing was asked of.
    if (error instanceof AssayError && error.kind === 'data') return null
    throw error
  }
}

/** The same customers in the columns that the miner knows; null where the table is of another kind, or says the impossible. */
function summedUp(frame: Frame): Frame | null {
  const find = (names: readonly string[]): Float64Array | null => {
    const found = frame.columns.find(
      (column): column is NumberColumn => column.type === 'number' && names.includes(plain(column.info.name)),
    )
    return found?.values ?? null
  }
  const [repeats, recency, age, value] = [find(NAMES.repeats), find(NAMES.recency), find(NAMES.age), find(NAMES.value)]
  if (!repeats || !recency || !age || frame.ids.length === 0) return null
  const possible = frame.ids.every((_, row) => {
    const [x, last, all] = [repeats[row]!, recency[row]!, age[row]!]
    return Number.isInteger(x) && x >= 0 && last >= 0 && last <= all && (x > 0 || last === 0)
  })
  if (!possible) return null
  // Ages here are exact: the miner takes a day off where nobody bought on the last one.
  const whole = frame.ids.some((_, row) => recency[row] === age[row])
  // Without amounts every purchase counts as one.
  const mean = (row: number): number => (value === null ? 1 : value[row]! > 0 ? value[row]! : Number.NaN)
  const columns: Readonly<Record<string, (row: number) => number>> = {
    order_days: (row) => repeats[row]! + 1,
    span_days: (row) => recency[row]! * WEEK,
    tenure_days: (row) => age[row]! * WEEK + (whole ? 0 : 1),
    net_money: (row) => repeats[row]! * (mean(row) || 0),
    net_money_365d: (row) => repeats[row]! * (mean(row) || 0),
    valued_days: (row) => repeats[row]!,
    day_value: mean,
    repeat_days: (row) => repeats[row]!,
    repeat_value: mean,
  }
  return {
    ...frame,
    outcome: null,
    followed: [],
    columns: Object.entries(columns).map(([name, of]): NumberColumn => ({
      type: 'number',
      info: info(name),
      values: Float64Array.from(frame.ids, (_, row) => of(row)),
    })),
  }
}
