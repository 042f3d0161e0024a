import type { Trial } from '@assay/shared'
import { correlation } from '../../numeric/correlation.ts'
import { encode } from './encoding.ts'
import type { PropensityModel } from './model.ts'
import { chosenOf, prepare } from './predict.ts'
import { columnOf, tableOf } from './table.ts'

const MOST = 12

export interface Driver {
  readonly feature: string
  readonly label: string
  /** Mean size of what it moves, in log-odds before calibration. */
  readonly moves: number
  /** Whether more of it goes with a higher chance; `mixed` for words. */
  readonly direction: 'up' | 'down' | 'mixed'
}

/** What the newest model leans on, on the newest judged rows, strongest first. */
export function driversOf(trials: readonly Trial<PropensityModel>[]): Driver[] {
  const { model, frame } = trials.at(-1)!
  const table = prepare(model, tableOf(frame))
  const candidate = chosenOf(model)
  const drivers = model.features.map((info): Driver => {
    const part = new Float64Array(table.size)
    candidate.slots.forEach((slot, j) => {
      if (slot.column === info.name) encode(slot, table).forEach((value, row) => (part[row]! += candidate.weights[j]! * value))
    })
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
  return drivers.sort((a, b) => b.moves - a.moves || (a.feature < b.feature ? -1 : 1)).slice(0, MOST)
}
