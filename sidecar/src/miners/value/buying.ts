import type { BuyingModel, History } from '../../numeric/buying/buying-model.ts'
import { bgNbd } from '../../numeric/buying/bg-nbd.ts'
import { fitBuying } from '../../numeric/buying/fit-buying.ts'
import { mbgCnbd } from '../../numeric/buying/mbg-cnbd-k.ts'
import { mbgNbd } from '../../numeric/buying/mbg-nbd.ts'
import { nbd } from '../../numeric/buying/nbd.ts'
import { paretoNbd } from '../../numeric/buying/pareto-nbd.ts'
import { regularity } from '../../numeric/buying/regularity.ts'
import { sampleRows } from '../../numeric/stable-sample.ts'
import { type Customers, followedOf, valuesOf, WEEK } from './customers.ts'
import type { ValueBuying } from './model.ts'

type AnyModel = BuyingModel<ValueBuying['id']>
type Fit = Omit<ValueBuying, 'holdOut'>

/** The reference fit takes (nearly) everybody, so that it can be held against published figures; the others a sample. */
const MOST_REFERENCE = 50_000
const MOST_OTHERS = 10_000
/** Four parameters of a past day, which only serve the comparison, need no more. */
const MOST_PAST = 1_500
/** Gaps at least this even (k of Erlang-k) are worth a model of their own. */
const REGULAR = 1.5
const MOST_K = 12
/** A gain in log-likelihood that chance gives. */
const CHANCE = 1

export const buyingOf = ({ id, k }: Pick<ValueBuying, 'id' | 'k'>): AnyModel =>
  id === 'mbg-cnbd-k' ? mbgCnbd(k) : { nbd, 'bg-nbd': bgNbd, 'mbg-nbd': mbgNbd, 'pareto-nbd': paretoNbd }[id]

/** Histories with some time behind them, of at most so many customers. */
function histories(customers: Customers, most: number): History[] {
  const all = Int32Array.from(customers.ids, (_, i) => i)
  return Array.from(sampleRows(customers.ids, all, most), (i) => customers.histories[i]!).filter((history) => history.age > 0)
}

function fitOne(model: AnyModel, k: number, sample: readonly History[]): Fit | null {
  const fit = fitBuying(model, sample)
  if (![fit.logLikelihood, ...fit.parameters].every(Number.isFinite)) return null
  return {
    id: model.id,
    k,
    title: model.title,
    names: [...model.parameters],
    parameters: [...fit.parameters],
    logLikelihood: fit.logLikelihood,
    customers: sample.length,
    degenerate: fit.degenerate,
  }
}

const known = (fits: readonly (Fit | null)[]): Fit[] => fits.filter((fit) => fit !== null)

/** Whoever explains the same customers no better than NBD has seen nobody stop, whatever its parameters say. */
function marked(fit: Fit, plain: Fit): Fit {
  if (fit.id === 'nbd' || fit.degenerate !== null || fit.logLikelihood > plain.logLikelihood + CHANCE) return fit
  return { ...fit, degenerate: 'explains the data no better than NBD: no stopping can be seen in it' }
}

/** How even the gaps are; null where too few customers have two of them. */
export function regularityOf(customers: Customers): number | null {
  const k = regularity(valuesOf(customers, 'gap_share'))
  return Number.isNaN(k) ? null : k
}

/** Every model that may speak, on all that is known on that day; simplest first. */
export function fitToday(customers: Customers, regular: number | null): Fit[] {
  const everybody = histories(customers, MOST_REFERENCE)
  const sample = everybody.length <= MOST_OTHERS ? everybody : histories(customers, MOST_OTHERS)
  const plain = fitOne(nbd, 1, everybody)
  if (plain === null) return []
  const reference = fitOne(bgNbd, 1, everybody)
  const samplePlain = sample.length === everybody.length ? plain : fitOne(nbd, 1, sample)!
  const cheap = known([reference && marked(reference, plain), ...known([fitOne(mbgNbd, 1, sample)]).map((fit) => marked(fit, samplePlain))])
  const stopping = cheap.some((fit) => fit.degenerate === null)
  const dear = stopping ? known([fitOne(paretoNbd, 1, sample)]).map((fit) => marked(fit, samplePlain)) : []
  return [plain, ...cheap, ...dear, ...clockwork(sample, regular)]
}

/** MBG/CNBD-k with the likeliest k, where the gaps are even. */
function clockwork(sample: readonly History[], regular: number | null): Fit[] {
  if (regular === null || regular < REGULAR) return []
  let best: Fit | null = null
  let worse = 0
  for (let k = 2; k <= MOST_K && worse < 2; k++) {
    const fit = fitOne(mbgCnbd(k), k, sample)
    if (fit !== null && (best === null || fit.logLikelihood > best.logLikelihood)) {
      best = fit
      worse = 0
    } else worse++
  }
  return best === null ? [] : [best]
}

/** The same models as `today`, as they would have been fitted on an earlier day. */
export function fitPast(customers: Customers, today: readonly Fit[]): Fit[] {
  const sample = histories(customers, MOST_PAST)
  if (sample.every((history) => history.repeats === 0)) return []
  return known(today.map((fit) => (fit.degenerate === null ? fitOne(buyingOf(fit), fit.k, sample) : null)))
}

/** Expected purchases of every customer in the next `days`. */
export function expectedPurchases(fit: Pick<Fit, 'id' | 'k' | 'parameters'>, customers: Customers, days: number): Float64Array {
  const model = buyingOf(fit)
  return Float64Array.from(customers.histories, (history) => {
    const said = model.expected(fit.parameters, history, days / WEEK)
    // Far out of what was seen a series may give up: nobody is expected to buy then, which is the limit.
    return Number.isFinite(said) && said > 0 ? said : 0
  })
}

export interface PastDay {
  readonly customers: Customers
  readonly fits: readonly Fit[]
}

/** How far each model was off in windows of past days. Null without any. */
export function holdOutOf(fit: Pick<Fit, 'id' | 'k'>, past: readonly PastDay[], days: number): ValueBuying['holdOut'] {
  let [rows, absolute, squares, said, happened] = [0, 0, 0, 0, 0]
  for (const { customers, fits } of past) {
    const then = fits.find((one) => one.id === fit.id && one.k === fit.k)
    const followed = followedOf(customers, days)
    if (then === undefined || followed === null) continue
    expectedPurchases(then, customers, days).forEach((expected, i) => {
      const gap = expected - followed.orderDays[i]!
      rows++
      absolute += Math.abs(gap)
      squares += gap * gap
      said += expected
      happened += followed.orderDays[i]!
    })
  }
  return rows === 0 ? null : { days, rows, mae: absolute / rows, rmse: Math.sqrt(squares / rows), said, happened }
}

/** Errors nearer to each other than this are a tie. */
const TIE = 0.005

/**
 * The model with the least mean error on windows after earlier fits, on ties (or without such windows) the one with the lowest BIC.
 * One that sees nobody stop does not compete: NBD says the same and says so.
 */
export function chooseBuying(fits: readonly ValueBuying[]): { used: ValueBuying; choice: string } {
  const sound = fits.filter((fit) => fit.degenerate === null)
  const bic = (fit: ValueBuying): number => (fit.parameters.length * Math.log(fit.customers) - 2 * fit.logLikelihood) / fit.customers
  const least = (all: readonly ValueBuying[]): ValueBuying => all.reduce((a, b) => (bic(b) < bic(a) ? b : a))
  const judged = sound.filter((fit) => fit.holdOut !== null)
  const alone = sound.length === 1 ? ': no other model sees anybody stop' : ''
  if (judged.length === 0) {
    const used = least(sound)
    return { used, choice: `${used.title}, by the information criterion${alone}` }
  }
  const best = judged.reduce((most, fit) => Math.min(most, fit.holdOut!.mae), Number.POSITIVE_INFINITY)
  const used = least(judged.filter((fit) => fit.holdOut!.mae <= best * (1 + TIE)))
  return { used, choice: `${used.title}, by the error on ${used.holdOut!.rows} customers of past days${alone}` }
}
