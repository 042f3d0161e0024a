import { integers } from '../shared-arrays.ts'
import { BINS } from './inputs.ts'

/** Columns that are counted in one pass over the rows: eight bins fill two words. */
export const TOGETHER = 8
/** Places of their histograms. */
export const GROUP_BINS = TOGETHER * BINS

/** Bins of all inputs as the histograms read them: eight inputs beside each other, row by row. */
export interface PackedBins {
  readonly inputs: number
  readonly groups: readonly Int32Array[]
}

/** @param bins as `binAll` gives them */
export function packBins(bins: Uint8Array, inputs: number, rows: number): PackedBins {
  const groups: Int32Array[] = []
  for (let first = 0; first < inputs; first += TOGETHER) {
    const words = integers(rows * 2)
    for (let k = first; k < Math.min(inputs, first + TOGETHER); k++) {
      const word = (k - first) >> 2
      const shift = ((k - first) & 3) * 8
      const column = bins.subarray(k * rows, (k + 1) * rows)
      for (let row = 0; row < rows; row++) words[2 * row + word]! |= column[row]! << shift
    }
    groups.push(words)
  }
  return { inputs, groups }
}

/**
 * Adds `weights[k]` by bin for the rows `order[start .. end]`, k counted from 0, for one group of inputs: `[place in the group * BINS + bin]`.
 * The innermost loop of boosting: rows x inputs additions.
 */
export function fillGroup(
  own: Float64Array,
  words: Int32Array,
  order: Int32Array,
  start: number,
  end: number,
  weights: Float64Array,
): void {
  for (let k = start; k < end; k++) {
    const at = order[k]! << 1
    const low = words[at]!
    const high = words[at + 1]!
    const weight = weights[k - start]!
    own[low & 255]! += weight
    own[256 + ((low >>> 8) & 255)]! += weight
    own[512 + ((low >>> 16) & 255)]! += weight
    own[768 + (low >>> 24)]! += weight
    own[1024 + (high & 255)]! += weight
    own[1280 + ((high >>> 8) & 255)]! += weight
    own[1536 + ((high >>> 16) & 255)]! += weight
    own[1792 + (high >>> 24)]! += weight
  }
}
