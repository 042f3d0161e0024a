import type { Driver, Trial } from '@assay/shared'
import { correlation } from '../../numeric/correlation.ts'
import { partsOf } from './learned.ts'
import type { PropensityModel } from './model.ts'
import { chosenOf, prepare } from './predict.ts'
import { columnOf, tableOf } from './table.ts'

const MOST = 12

/** What the newest model leans on, on the newest judged rows, strongest first. */
export function driversOf(trials: readonly Trial<PropensityModel>[]): Driver[] {
  const { model, frame } = trials.at(-1)!
  const table = prepare(model, tableOf(frame))
  const { parts } = partsOf(chosenOf(model).learned, table)
  const drivers = model.features.map((info): Omit<Driver, 'share'> => {
    const part = parts.get(info.name) ?? new Float64Array(table.size)
    const moves = part.reduce((sum, value) => sum + Math.abs(value), 0) / Math.max(1, table.size)
    const column = columnOf(table, info.name)
    if (column?.type !== 'number') return { feature: info.name, label: info.label, moves, direction: 'mixed' }
    const known = [...part.keys()].filter((row) => !Number.isNaN(column.values[row]!))
    const slope = correlation(
      known.map((row) => column.values[row]!),
      known.map((row) => part[row]!),
    )
    return { feature: info.name, label: info.label, moves, direction: slope >= 0 ? 'up' : 'down' }
  })
  const all = drivers.reduce((sum, { moves }) => sum + moves, 0)
  return drivers
    .map((driver) => ({ ...driver, share: all > 0 ? driver.moves / all : 0 }))
    .sort((a, b) => b.moves - a.moves || (a.feature < b.feature ? -1 : 1))
    .slice(0, MOST)
}
