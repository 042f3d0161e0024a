import { BINS } from '../boosting/inputs.ts'
import { leafShare, type Quadratures } from './leaf-share.ts'
import type { Branch, Path } from './paths.ts'

/** Neighbouring leaves with the answer for every kind of row worked out in advance. */
export interface Cells {
  readonly inputs: readonly number[]
  /** For each input, by bin: what it adds to the number of a row's cell. */
  readonly steps: readonly Uint16Array[]
  /** For each input, by cell: its contribution. */
  readonly tables: readonly Float64Array[]
}

/** Bins that every path treats alike are one state. */
interface States {
  readonly input: number
  readonly ofBin: Uint8Array
  /** A bin of each state. */
  readonly bins: readonly number[]
}

function statesOf(paths: readonly Path[]): States[] {
  const inputs = [...new Set(paths.flatMap((path) => path.inputs))].sort((a, b) => a - b)
  return inputs.map((input) => {
    let ofBin = new Uint8Array(BINS)
    let bins = [0]
    for (const path of paths) {
      const at = path.inputs.indexOf(input)
      if (at < 0) continue
      const passes = path.passes[at]!
      const finer = new Int16Array(2 * bins.length).fill(-1)
      const next = new Uint8Array(BINS)
      const nextBins: number[] = []
      for (let bin = 0; bin < BINS; bin++) {
        const key = 2 * ofBin[bin]! + passes[bin]!
        if (finer[key] === -1) finer[key] = nextBins.push(bin) - 1
        next[bin] = finer[key]!
      }
      ofBin = next
      bins = nextBins
    }
    return { input, ofBin, bins }
  })
}

/**
 * Cuts a tree into groups of neighbouring leaves with at most `most` different kinds of row each, and works them out. A
 * single leaf may have `mostAlone`; with more it stays a path: it is worked out row by row.
 */
export function cellsOf(branch: Branch, most: number, mostAlone: number, quadratures: Quadratures): { cells: Cells[]; alone: Path[] } {
  const states = statesOf(branch.paths)
  const count = states.reduce((product, { bins }) => product * bins.length, 1)
  if (states.length > 0 && count <= (branch.children.length === 0 ? mostAlone : most))
    return { cells: [tabulate(branch.paths, states, count, quadratures)], alone: [] }
  if (branch.children.length === 0) return { cells: [], alone: branch.paths.filter((path) => path.inputs.length > 0) }
  const parts = branch.children.map((child) => cellsOf(child, most, mostAlone, quadratures))
  return { cells: parts.flatMap(({ cells }) => cells), alone: parts.flatMap(({ alone }) => alone) }
}

function tabulate(paths: readonly Path[], states: readonly States[], count: number, quadratures: Quadratures): Cells {
  let stride = 1
  const strides = states.map(({ bins }) => {
    const own = stride
    stride *= bins.length
    return own
  })
  const tables = states.map(() => new Float64Array(count))
  for (const path of paths) addPath(path, states, strides, tables, quadratures)
  return {
    inputs: states.map(({ input }) => input),
    steps: states.map(({ ofBin }, k) => Uint16Array.from(ofBin, (state) => state * strides[k]!)),
    tables,
  }
}

function addPath(
  path: Path,
  states: readonly States[],
  strides: readonly number[],
  tables: readonly Float64Array[],
  quadratures: Quadratures,
): void {
  const d = path.inputs.length
  const places = path.inputs.map((input) => states.findIndex((state) => state.input === input))
  const quadrature = quadratures(d)
  const passes = new Uint8Array(d)
  // A row differs for this leaf only in which of its inputs pass.
  const known = new Map<number, Float64Array>()
  const count = tables[0]!.length
  for (let cell = 0; cell < count; cell++) {
    let key = 0
    for (let j = 0; j < d; j++) {
      const { bins } = states[places[j]!]!
      const state = Math.floor(cell / strides[places[j]!]!) % bins.length
      passes[j] = path.passes[j]![bins[state]!]!
      key = 2 * key + passes[j]!
    }
    let shares = known.get(key)
    if (!shares) {
      shares = new Float64Array(d)
      leafShare(path.value, passes, path.shares, quadrature, shares, 0)
      known.set(key, shares)
    }
    for (let j = 0; j < d; j++) tables[places[j]!]![cell]! += shares[j]!
  }
}
