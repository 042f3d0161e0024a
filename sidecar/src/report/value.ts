import type { Report } from '@assay/shared'
import { html, type Markup, NOTHING } from './markup.ts'
import { folded, table } from './table.ts'
import { count, figure } from './words.ts'

type Outlook = NonNullable<Report['outlook']>
type Person = Outlook['named'][number]

const share = (value: number): string => `${(100 * value).toFixed(value < 0.1 ? 1 : 0)} %`
const money = (value: number | null): string => (value === null ? '' : count(Math.round(value)))

/** Who makes the revenue, who may come to, who fades, and what all together are expected to buy. */
export function outlookSection({ outlook }: Pick<Report, 'outlook'>): Markup {
  if (outlook === undefined) return NOTHING
  const { golden } = outlook
  return html`<h3>Who makes the revenue</h3>
    <p>
      ${count(golden.customers)} of ${count(outlook.customers)} customers (${share(golden.shareOfCustomers)}) made
      ${share(golden.shareOfRevenue)} of the revenue of a year, ${money(outlook.revenue)}, on ${outlook.on}. The richest fifth made
      ${share(outlook.topFifth)}.
    </p>
    ${forecasts(outlook)} ${people(`Golden customers, with what is expected in ${outlook.days} days`, outlook.named)}
    ${people('May become golden: much is expected, little was bought', outlook.mayBecome)} ${people('Golden and fading', outlook.fading)}`
}

function forecasts({ forecasts: all }: Outlook): Markup {
  if (all.length === 0) return NOTHING
  return table(
    'What all customers together are expected to buy',
    ['days ahead', 'said', 'from', 'to', 'corrected by an earlier window', ''].map((title, i) => ({ title, number: i < 5 })),
    all.map((one) => [
      count(one.days),
      money(one.said),
      money(one.low),
      money(one.high),
      money(one.corrected),
      one.beyond ?? (one.assumed === true ? 'the range is assumed: too few such windows are over' : '95 of 100 such totals lie within'),
    ]),
  )
}

const people = (caption: string, all: readonly Person[]): Markup =>
  all.length === 0
    ? NOTHING
    : table(
        caption,
        ['customer', 'in a year', 'share', 'expected', 'from', 'to', 'days since the last order'].map((title, i) => ({
          title,
          number: i > 0,
        })),
        all.map((one) => [
          one.name ?? one.id,
          money(one.past),
          share(one.share),
          money(one.expected),
          money(one.low),
          money(one.high),
          one.silence === null ? '' : count(one.silence),
        ]),
      )

/** The buying fits, time in weeks. */
export function buyingSection({ btyd }: Pick<Report, 'btyd'>): Markup {
  if (btyd === undefined) return NOTHING
  return folded(
    'When customers buy, and stop buying',
    html`<p class="quiet">${count(btyd.customers)} customers until ${btyd.until}; time in weeks. Forecasts use ${btyd.used}.</p>
      ${table(
        'Buying models',
        [
          { title: 'model', number: false },
          { title: 'parameters', number: false },
          { title: 'log-likelihood', number: true },
          { title: 'error a customer', number: true },
          { title: 'said', number: true },
          { title: 'made', number: true },
          { title: '', number: false },
        ],
        btyd.tried.map((fit) => [
          fit.model,
          Object.entries(fit.parameters)
            .map(([name, value]) => `${name} ${value.toFixed(3)}`)
            .join(', '),
          fit.logLikelihood.toFixed(1),
          fit.holdOut === null ? '' : figure(fit.holdOut.mae),
          fit.holdOut === null ? '' : count(Math.round(fit.holdOut.said)),
          fit.holdOut === null ? '' : count(Math.round(fit.holdOut.happened)),
          fit.why ?? '',
        ]),
      )}`,
  )
}
