import { bfgs } from '../bfgs.ts'
import { nelderMead } from '../nelder-mead.ts'
import { bgNbd } from './bg-nbd.ts'
import type { BuyingId, BuyingModel, History } from './buying-model.ts'
import { mbgNbd } from './mbg-nbd.ts'
import { nbd } from './nbd.ts'
import { paretoNbd } from './pareto-nbd.ts'

export const buyingModels: readonly BuyingModel[] = [nbd, mbgNbd, bgNbd, paretoNbd]

export interface BuyingFit<Id extends string = BuyingId> {
  readonly model: Id
  /** In the unit of time of the histories. */
  readonly parameters: readonly number[]
  readonly logLikelihood: number
  /** Why nothing about stopping can be read from it; null where it can. */
  readonly degenerate: string | null
}

/** Parameters stay between e^-9 and e^9 (after time is scaled to about 10): outside, a steep wall. */
const WALL = 9

interface Distinct {
  readonly history: History
  weight: number
  /** Sum over those that are alike: a likelihood is linear in it, so that their mean stands for each. */
  lnGaps: number
}

/** Equal histories once, with how often they occur: the fit costs as much as there are different ones. */
function collapse(histories: readonly History[], unit: number): { history: History; weight: number }[] {
  const seen = new Map<string, Distinct>()
  for (const { repeats, recency, age, lnGaps = 0 } of histories) {
    const key = `${repeats}|${recency}|${age}`
    const scaled = lnGaps - repeats * Math.log(unit)
    const known = seen.get(key)
    if (known) {
      known.weight++
      known.lnGaps += scaled
    } else seen.set(key, { history: { repeats, recency: recency / unit, age: age / unit }, weight: 1, lnGaps: scaled })
  }
  return Array.from(seen.values(), ({ history, weight, lnGaps }) => ({ history: { ...history, lnGaps: lnGaps / weight }, weight }))
}

const inUnit = ({ repeats, recency, age, lnGaps = 0 }: History, unit: number): History => ({
  repeats,
  recency: recency * unit,
  age: age * unit,
  lnGaps: lnGaps + repeats * Math.log(unit),
})

/**
 * Maximum likelihood on the logarithms of the parameters, from two starts by Nelder-Mead, the better one sharpened by
 * BFGS. Time is scaled to about [0, 10] meanwhile.
 *
 * @param histories at least one, with age > 0
 */
export function fitBuying<Id extends string>(model: BuyingModel<Id>, histories: readonly History[]): BuyingFit<Id> {
  const oldest = histories.reduce((most, h) => Math.max(most, h.age), 0)
  const unit = oldest > 0 && model.inPeriods !== true ? oldest / 10 : 1
  const distinct = collapse(histories, unit)
  const total = histories.length
  const loss = (logs: Float64Array): number => {
    const parameters = logs.map(Math.exp)
    let sum = 0
    for (const { history, weight } of distinct) sum += weight * model.logLikelihood(parameters, history)
    let wall = 0
    for (const value of logs) wall += Math.max(0, Math.abs(value) - WALL) ** 2
    return -sum / total + wall
  }
  const size = model.parameters.length
  const starts = [Float64Array.from([0, 1, 0, 1].slice(0, size)), Float64Array.from([-1, 0, -1, 0.5].slice(0, size))]
  const rough = starts
    .map((start) => nelderMead(loss, start, { tolerance: 1e-4, maxEvaluations: 80 }))
    .sort((p, q) => p.value - q.value)[0]!
  const fine = bfgs(loss, rough.at, { tolerance: 1e-7, maxIterations: 40 })
  const best = fine.value <= rough.value ? fine.at : rough.at
  const parameters = Array.from(best, (log, j) => Math.exp(log) * (model.timed.includes(j) ? unit : 1))
  let logLikelihood = 0
  for (const { history, weight } of distinct) logLikelihood += weight * model.logLikelihood(parameters, inUnit(history, unit))
  return { model: model.id, parameters, logLikelihood, degenerate: model.degenerate(parameters, oldest) }
}

/**
 * All models on the same histories, NBD first; Pareto/NBD only where one of the others has seen stopping. A model that explains the data no better than NBD (less than 1 in
 * log-likelihood) has not seen anybody stop, whatever its parameters say, and is marked degenerate.
 */
export function fitAllBuying(histories: readonly History[]): BuyingFit[] {
  const plain = fitBuying(nbd, histories)
  const floor = plain.logLikelihood + 1
  const fits = [plain, ...[mbgNbd, bgNbd].map((model) => fitBuying(model, histories))]
  // The dear one only where a cheap one has seen anybody stop.
  if (fits.some((fit) => fit.model !== 'nbd' && fit.degenerate === null && fit.logLikelihood > floor))
    fits.push(fitBuying(paretoNbd, histories))
  return fits.map((fit) =>
    fit.model === 'nbd' || fit.degenerate !== null || fit.logLikelihood > floor
      ? fit
      : { ...fit, degenerate: 'explains the data no better than NBD: no stopping can be seen in it' },
  )
}

/** The model of that id. */
export const buyingModel = (id: BuyingId): BuyingModel => buyingModels.find((model) => model.id === id) ?? nbd
