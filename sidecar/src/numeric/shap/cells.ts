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
  const limit = branch.children.length === 0 ? mostAlone : most
  const different = new Set(branch.paths.flatMap((path) => path.inputs)).size
  // Every input has two states at least: near the root that is enough to know that there are too many.
  const states = different > 0 && different <= Math.log2(limit) ? statesOf(branch.paths) : []
  const count = states.reduce((product, { bins }) => product * bins.length, 1)
  if (states.length > 0 && count <= limit) return { cells: [tabulate(branch.paths, states, count, quadratures)], alone: [] }
  if (branch.children.length === 0) return { cells: [], alone: branch.paths.filter((path) => path.inputs.length > 0) }
  const parts = branch.children.map((child) => cellsOf(child, most, mostAlone, quadratures))
  return { cells: parts.flatMap(({ cells }) => cells), alone: parts.flatMap(({ alone }) => alone) }
}

function tabulate(paths: readonly Path[], states: readonly States[], count: number, quadratures: Quadratures): Cells {
  let stride = 1
  const steps = states.map(({ ofBin, bins }) => {
    const own = Uint16Array.from(ofBin, (state) => state * stride)
    stride *= bins.length
    return own
  })
  const tables = states.map(() => new Float64Array(count))
  for (const path of paths) addPath(path, states, tables, quadratures)
  return { inputs: states.map(({ input }) => input), steps, tables }
}

/** Adds one leaf to the tables. A row differs for it only in which of its own inputs pass: 2^d kinds, each worked out once. */
function addPath(path: Path, states: readonly States[], tables: readonly Float64Array[], quadratures: Quadratures): void {
  const d = path.inputs.length
  const kinds = kindOfCell(path, states)
  const quadrature = quadratures(d)
  const passes = new Uint8Array(d)
  const shares = Float64Array.from(path.shares)
  const worked = new Float64Array(d << d)
  const isKnown = new Uint8Array(1 << d)
  for (const kind of kinds) {
    if (isKnown[kind] === 1) continue
    isKnown[kind] = 1
    for (let j = 0; j < d; j++) passes[j] = (kind >> j) & 1
    leafShare(path.value, passes, shares, quadrature, worked, kind * d)
  }
  path.inputs.forEach((input, j) => {
    const table = tables[states.findIndex((state) => state.input === input)]!
    for (let cell = 0; cell < kinds.length; cell++) table[cell]! += worked[kinds[cell]! * d + j]!
  })
}

/** For each cell, bit j set where the path's input j passes. The first input's state runs fastest. */
function kindOfCell(path: Path, states: readonly States[]): Uint16Array {
  let kinds = new Uint16Array(1)
  for (const { input, bins } of states) {
    const j = path.inputs.indexOf(input)
    const wider = new Uint16Array(kinds.length * bins.length)
    bins.forEach((bin, state) => {
      const bit = j < 0 ? 0 : path.passes[j]![bin]! << j
      for (let k = 0; k < kinds.length; k++) wider[state * kinds.length + k] = kinds[k]! | bit
    })
    kinds = wider
  }
  return kinds
}
