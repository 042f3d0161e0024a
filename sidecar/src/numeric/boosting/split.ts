import { BINS, MISSING } from './inputs.ts'

/**
 * Sums of gradient and curvature travel in one number: gradient x PACK + curvature, both whole. So one addition a row and
 * column fills both histograms, exactly as long as each stays within its 26 bits.
 */
export const PACK = 2 ** 26

export interface SplitRules {
  /** L2 penalty on leaf values, and the least sum of curvatures in a child; in the unit of the packed curvature. */
  readonly lambda: number
  readonly minWeight: number
  /** Curvature added to a word before its mean gradient is compared, and to the penalty of a split on words; same unit. */
  readonly smoothing: number
}

export interface Split {
  readonly input: number
  readonly bin: number
  readonly leftBins: readonly number[]
  readonly missingLeft: boolean
  /** Packed sum of the rows that go left. */
  readonly leftTotal: number
  /** Fall of the loss x 2, in packed units: G_L^2/(H_L+lambda) + G_R^2/(H_R+lambda) - G^2/(H+lambda). */
  readonly gain: number
}

/**
 * The best question for a node (Chen & Guestrin 2016, equation 7, and algorithm 3 for missing values), or null where
 * none lowers the loss; of equally good ones the first.
 *
 * @param histogram packed sums, `[k * BINS + bin]`
 * @param allowed the inputs that may be asked
 * @param sizes bins of each input without the one for missing
 */
export function findSplit(
  histogram: Float64Array,
  allowed: readonly number[],
  sizes: readonly number[],
  isWord: readonly boolean[],
  total: number,
  rules: SplitRules,
): Split | null {
  const gradient = Math.floor(total / PACK)
  const curvature = total - gradient * PACK
  const { lambda, minWeight } = rules
  const before = (gradient * gradient) / (curvature + lambda)
  let best: Split | null = null
  let bestGain = 0
  for (const input of allowed) {
    if (isWord[input]!) {
      const found = splitWords(histogram, input, sizes[input]!, gradient, curvature, rules)
      if (found !== null && found.gain > bestGain) {
        best = found
        bestGain = found.gain
      }
      continue
    }
    const start = input * BINS
    const end = start + sizes[input]!
    const missing = histogram[start + MISSING]!
    // The best one as a fraction: comparing products spares a division a bin.
    let over = bestGain + before
    let under = 1
    let at = -1
    let missingLeft = false
    let leftTotal = 0
    let sum = 0
    for (let k = start; k < end; k++) {
      const here = histogram[k]!
      if (here === 0) continue
      sum += here
      const g = Math.floor(sum / PACK)
      const h = sum - g * PACK
      const otherH = curvature - h
      if (h >= minWeight && otherH >= minWeight) {
        const otherG = gradient - g
        const a = h + lambda
        const b = otherH + lambda
        const top = g * g * b + otherG * otherG * a
        if (top * under > over * a * b) {
          over = top
          under = a * b
          at = k
          missingLeft = false
          leftTotal = sum
        }
      }
      if (missing === 0) continue
      const withG = Math.floor((sum + missing) / PACK)
      const withH = sum + missing - withG * PACK
      const restH = curvature - withH
      if (withH < minWeight || restH < minWeight) continue
      const restG = gradient - withG
      const a = withH + lambda
      const b = restH + lambda
      const top = withG * withG * b + restG * restG * a
      if (top * under > over * a * b) {
        over = top
        under = a * b
        at = k
        missingLeft = true
        leftTotal = sum + missing
      }
    }
    if (at < 0) continue
    const gain = over / under - before
    if (gain <= bestGain * (1 + 1e-12)) continue
    bestGain = gain
    if (missing === 0) missingLeft = isHeavierLeft(histogram, start, at, curvature)
    best = { input, bin: at - start, leftBins: [], missingLeft, leftTotal, gain }
  }
  return best
}

/** Where nobody was missing, a missing value goes with the larger side. */
function isHeavierLeft(histogram: Float64Array, start: number, at: number, curvature: number): boolean {
  let sum = 0
  for (let k = start; k <= at; k++) sum += histogram[k]!
  return 2 * (sum - Math.floor(sum / PACK) * PACK) >= curvature
}

/**
 * Words in the order of their mean gradient: the best two groups are one of the cuts of that order (Fisher 1958; Ke et al.
 * 2017, section 4). Missing is a word like the others.
 */
function splitWords(
  histogram: Float64Array,
  input: number,
  size: number,
  gradient: number,
  curvature: number,
  { lambda, minWeight, smoothing }: SplitRules,
): Split | null {
  const words: { bin: number; g: number; h: number; rank: number }[] = []
  for (let bin = 0; bin <= MISSING; bin = bin === size - 1 ? MISSING : bin + 1) {
    const here = histogram[input * BINS + bin]!
    if (here === 0) continue
    const g = Math.floor(here / PACK)
    const h = here - g * PACK
    words.push({ bin, g, h, rank: g / (h + smoothing) })
  }
  words.sort((a, b) => a.rank - b.rank || a.bin - b.bin)
  const penalty = lambda + smoothing
  const before = (gradient * gradient) / (curvature + penalty)
  let best = -1
  let bestGain = 0
  let leftHeavier = false
  let leftTotal = 0
  let g = 0
  let h = 0
  for (let k = 0; k < words.length - 1; k++) {
    g += words[k]!.g
    h += words[k]!.h
    if (h < minWeight || curvature - h < minWeight) continue
    const gain = (g * g) / (h + penalty) + (gradient - g) ** 2 / (curvature - h + penalty) - before
    if (gain <= bestGain * (1 + 1e-12)) continue
    best = k
    bestGain = gain
    leftHeavier = 2 * h >= curvature
    leftTotal = g * PACK + h
  }
  if (best < 0) return null
  const left = words.slice(0, best + 1).map(({ bin }) => bin)
  const right = words.slice(best + 1).map(({ bin }) => bin)
  const missingLeft = left.includes(MISSING) || (!right.includes(MISSING) && leftHeavier)
  // A word that this node has not seen goes where a missing value goes.
  const seen = new Set([...left, ...right])
  const unseen = missingLeft ? Array.from({ length: size }, (_, bin) => bin).filter((bin) => !seen.has(bin)) : []
  const leftBins = [...left.filter((bin) => bin !== MISSING), ...unseen].sort((a, b) => a - b)
  return { input, bin: -1, leftBins, missingLeft, leftTotal, gain: bestGain }
}
