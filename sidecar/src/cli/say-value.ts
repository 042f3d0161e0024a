import { type Btyd, type BuyingFitReport, type Outlook, sayValue } from '@assay/shared'
import { indent, n, percent } from './words.ts'

/** People named in a terminal. */
const MOST = 5

function fitLine(fit: BuyingFitReport): string {
  const parameters = Object.entries(fit.parameters).map(([name, value]) => `${name} ${value.toFixed(4)}`)
  const off =
    fit.holdOut === null
      ? ''
      : `; in the ${fit.holdOut.days} days after, said ${n(fit.holdOut.said)} and made ${n(fit.holdOut.happened)} purchases, off by ${fit.holdOut.mae.toFixed(3)} a customer`
  return `${fit.model}: ${parameters.join(', ')}; log-likelihood ${fit.logLikelihood.toFixed(1)}${off}${fit.why === null ? '' : `; ${fit.why}`}`
}

/** When customers buy: the fits with their parameters (weeks). */
export const buyingLines = (btyd: Btyd | undefined): string[] =>
  btyd === undefined
    ? []
    : [
        `buying rhythm of ${n(btyd.customers)} customers until ${btyd.until}, in weeks; forecasts use ${btyd.used}`,
        ...indent(btyd.tried.map(fitLine)),
      ]

type Person = Outlook['named'][number]

function personLine(one: Person): string {
  const ahead =
    one.expected === null
      ? ''
      : `, expected ${n(one.expected)}${one.low === null || one.high === null ? '' : ` (${n(one.low)} to ${n(one.high)})`}`
  return `${one.name ?? one.id}: ${n(one.past)} in a year (${percent(one.share)})${ahead}${one.silence === null ? '' : `, last order ${sayValue('days', one.silence)} ago`}`
}

const people = (heading: string, all: readonly Person[]): string[] =>
  all.length === 0
    ? []
    : [heading, ...indent(all.slice(0, MOST).map(personLine)), ...(all.length > MOST ? [`  and more: --json names ${all.length}`] : [])]

/** The 80/20 report: who makes the revenue, who may come to, who fades, and what is to be expected of all together. */
export function outlookLines(outlook: Outlook | undefined): string[] {
  if (outlook === undefined) return []
  const { golden } = outlook
  return [
    `${n(golden.customers)} of ${n(outlook.customers)} customers (${percent(golden.shareOfCustomers)}) made ${percent(golden.shareOfRevenue)} of the revenue of a year (${n(outlook.revenue)}); the richest fifth made ${percent(outlook.topFifth)}`,
    ...outlook.forecasts.map((one) =>
      one.said === null || one.low === null || one.high === null
        ? `next ${one.days} days: no figure; ${one.beyond ?? 'nothing to learn it from'}`
        : `next ${one.days} days: ${n(one.said)} in all, ${one.assumed === true ? 'assumed to lie' : 'in 95 of 100 cases'} between ${n(one.low)} and ${n(one.high)} (corrected by an earlier window: ${n(one.corrected ?? one.said)})`,
    ),
    ...people(`golden customers, with what is expected in ${outlook.days} days`, outlook.named),
    ...people('may become golden', outlook.mayBecome),
    ...people('golden and fading', outlook.fading),
  ]
}
