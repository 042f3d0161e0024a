import { normalTail } from './normal-tail.ts'

/** 97.5 % point of the normal distribution: a verdict asks for a 95 % interval above zero. */
const Z = 1.959963984540054
/** 80 % point: the usual chance at which a difference is called detectable. */
const Z80 = 0.8416212335729143
/** 1 - AUC is the share of pairs that are ranked wrongly. A good model puts this part of them right, by convention. */
const RIGHTED = 0.2

/** AUC of a model called good beside such a baseline: it ranks a fifth of the pairs rightly that the baseline ranks wrongly. */
export const goodAuc = (baseline: number): number => baseline + RIGHTED * (1 - baseline)

/** Standard error of such an AUC on so many rows of either kind: Hanley & McNeil 1982 (Radiology 143:29), equation 1. */
export function errorOfAuc(auc: number, positives: number, others: number): number {
  const square = auc * auc
  const spread = auc * (1 - auc) + (positives - 1) * (auc / (2 - auc) - square) + (others - 1) * ((2 * square) / (1 + auc) - square)
  return Math.sqrt(spread / (positives * others))
}

/** The smallest true difference whose 95 % interval lies above zero in four of five samples; `error` is its standard error. */
export const detectable = (error: number): number => (Z + Z80) * error

/** Chance that the 95 % interval of a difference lies above zero, where the true one is `difference`. 0 where the error is not known. */
export function chanceToPass(difference: number, error: number): number {
  if (!(error > 0) || !(difference > 0)) return 0
  const z = difference / error - Z
  return z >= 0 ? 1 - normalTail(z) / 2 : normalTail(z) / 2
}

/**
 * An interval narrows with the root of the rows: how many times the rows it takes until it would leave zero out, if the difference is
 * what it seems. Null where the difference is smaller than its own standard error: then it is as likely nothing, and no count
 * of rows follows from it. So never above 1.96².
 */
export const timesTheRows = ({ value, error }: { readonly value: number; readonly error: number }): number | null =>
  error > 0 && value >= error ? Math.max(1, (Z * error) / value) ** 2 : null
