import { sortedKnown } from '../quantile.ts'

/** A column as a tree reads it; the columns of a frame are of this shape. */
export type InputColumn =
  | { readonly type: 'number'; readonly info: { readonly name: string }; readonly values: Float64Array }
  | {
      readonly type: 'category'
      readonly info: { readonly name: string }
      readonly codes: Int32Array
      readonly levels: readonly string[]
    }

/** How the values of one column become bins 0, 1, ...; a missing value is bin `MISSING`. Plain JSON. */
export type Input =
  /** A number is in the bin of the first edge that is not below it; above all edges, in the last bin. */
  | { readonly type: 'number'; readonly name: string; readonly edges: readonly number[] }
  /** A word has the bin of its place in `levels`; rare and new words share the bin after them. */
  | { readonly type: 'category'; readonly name: string; readonly levels: readonly string[] }

/** Bins of a column, the one for missing values among them: what fits into a byte. */
export const BINS = 256
export const MISSING = 255
/** Rows that are sorted to find the edges: 200 a bin. */
const SORTED_ROWS = 50_000

export interface InputLimits {
  /** At most so many bins for numbers, 2 to 255. */
  readonly bins: number
  /** At most so many words of a column have a bin of their own. */
  readonly levels: number
  /** Words seen less often share one bin. */
  readonly rare: number
}

/** What the columns can be asked about, and their bins as `binAll` gives them; columns that are the same in all rows are left out. */
export function learnInputs(columns: readonly InputColumn[], rows: number, limits: InputLimits): { inputs: Input[]; bins: Uint8Array } {
  const all = new Uint8Array(columns.length * rows)
  const inputs: Input[] = []
  for (const column of columns) {
    const input: Input =
      column.type === 'number'
        ? { type: 'number', name: column.info.name, edges: edgesOf(column.values, limits.bins) }
        : { type: 'category', name: column.info.name, levels: frequentLevels(column.codes, column.levels, limits) }
    const bins = binsOf(input, column, rows)
    if (bins.every((bin) => bin === bins[0])) continue
    all.set(bins, inputs.length * rows)
    inputs.push(input)
  }
  return { inputs, bins: all.subarray(0, inputs.length * rows) }
}

/** Bins of the values without the one for missing. */
export const binCount = (input: Input): number => (input.type === 'number' ? input.edges.length : input.levels.length) + 1

/** Edges between bins of about equal size, equal values kept together; one bin a value where they are few. */
function edgesOf(values: Float64Array, most: number): number[] {
  const step = Math.max(1, Math.floor(values.length / SORTED_ROWS))
  const sorted = sortedKnown(step === 1 ? values : values.filter((_, row) => row % step === 0))
  let different = sorted.length > 0 ? 1 : 0
  for (let k = 1; k < sorted.length; k++) if (sorted[k] !== sorted[k - 1]) different++
  const edges: number[] = []
  let rowsLeft = sorted.length
  let binsLeft = most
  let start = 0
  for (let end = 1; end < sorted.length; end++) {
    if (sorted[end] === sorted[end - 1]) continue
    if (different > most && end - start < rowsLeft / binsLeft) continue
    edges.push(between(sorted[end - 1]!, sorted[end]!))
    rowsLeft -= end - start
    binsLeft--
    start = end
  }
  return edges
}

/** The middle of two different numbers, as long as it is below the upper one. */
function between(low: number, high: number): number {
  const middle = low / 2 + high / 2
  return middle >= low && middle < high ? middle : low
}

/** Words by how often they occur, then by name: the order of a file leaves no trace. */
function frequentLevels(codes: Int32Array, levels: readonly string[], limits: InputLimits): string[] {
  const counts = new Int32Array(levels.length)
  for (const code of codes) if (code >= 0) counts[code]!++
  return levels
    .map((level, code) => ({ level, n: counts[code]! }))
    .filter(({ n }) => n >= limits.rare)
    .sort((a, b) => b.n - a.n || (a.level < b.level ? -1 : 1))
    .slice(0, Math.min(limits.levels, MISSING - 1))
    .map(({ level }) => level)
}

/** Bins of all inputs, one input after the other: `[k * rows + row]`. An input without its column is missing in all rows. */
export function binAll(inputs: readonly Input[], columns: readonly InputColumn[], rows: number): Uint8Array {
  const byName = new Map(columns.map((column) => [column.info.name, column]))
  const all = new Uint8Array(inputs.length * rows)
  inputs.forEach((input, k) => all.set(binsOf(input, byName.get(input.name), rows), k * rows))
  return all
}

/** Bins of one column; all missing where it is not there or of another type. O(rows log bins). */
export function binsOf(input: Input, column: InputColumn | undefined, rows: number): Uint8Array {
  const bins = new Uint8Array(rows).fill(MISSING)
  if (input.type === 'number' && column?.type === 'number') {
    const edges = new Float64Array(BINS).fill(Infinity)
    edges.set(input.edges)
    for (let row = 0; row < rows; row++) {
      const value = column.values[row]!
      let bin = 0
      for (let step = BINS >> 1; step > 0; step >>= 1) bin += edges[bin + step - 1]! < value ? step : 0
      bins[row] = value === value ? bin : MISSING
    }
  }
  if (input.type === 'category' && column?.type === 'category') {
    const place = new Map(input.levels.map((level, bin) => [level, bin]))
    const binOfCode = column.levels.map((level) => place.get(level) ?? input.levels.length)
    for (let row = 0; row < rows; row++) bins[row] = column.codes[row]! < 0 ? MISSING : binOfCode[column.codes[row]!]!
  }
  return bins
}
