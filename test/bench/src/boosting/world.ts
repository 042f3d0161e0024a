import type { InputColumn } from '../../../../sidecar/src/numeric/boosting/inputs.ts'
import { seededRng } from '../../../../sidecar/src/numeric/rng.ts'

export interface World {
  readonly columns: InputColumn[]
  readonly outcome: Float64Array
}

/** Rows with steps, waves, products, counts and gaps in them; half of the columns say nothing. */
export function boostingWorld(rows: number, width: number): World {
  const rng = seededRng('boosting bench')
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next())
  const draw = (k: number): number => {
    if (k % 4 === 3) return rng.below(20)
    return k % 5 === 0 && rng.next() < 0.05 ? Number.NaN : normal()
  }
  const columns = Array.from({ length: width }, (_, k) => ({
    type: 'number' as const,
    info: { name: `c${k}` },
    values: Float64Array.from({ length: rows }, () => draw(k)),
  }))
  const outcome = Float64Array.from({ length: rows }, (_, row) => {
    let logOdds = -1
    for (let k = 0; k < width / 2; k++) {
      const value = columns[k]!.values[row]!
      if (k % 4 === 3) logOdds += value > 10 ? 0.3 : -0.3
      else if (Number.isNaN(value)) logOdds += 0.8
      else logOdds += k % 3 === 0 ? 0.4 * Math.sin(2 * value) : 0.3 * value * (columns[(k + 1) % width]!.values[row]! > 0 ? 1 : 0)
    }
    return rng.next() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0
  })
  return { columns, outcome }
}

/** All of it as bytes: column after column of float64, then the outcome. */
export function bytesOf({ columns, outcome }: World): Uint8Array {
  const rows = outcome.length
  const all = new Float64Array(rows * (columns.length + 1))
  columns.forEach((column, k) => column.type === 'number' && all.set(column.values, k * rows))
  all.set(outcome, rows * columns.length)
  return new Uint8Array(all.buffer)
}

/** Some rows of a world. */
export const part = ({ columns, outcome }: World, from: number, to: number): World => ({
  columns: columns.map((column) => (column.type === 'number' ? { ...column, values: column.values.slice(from, to) } : column)),
  outcome: outcome.slice(from, to),
})
