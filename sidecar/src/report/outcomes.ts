import type { Report } from '@assay/shared'
import { z } from 'zod'
import { across, at, bars, boxes, chart, figureOf, ticks, up } from './chart.ts'
import { html, type Markup, NOTHING } from './markup.ts'
import { table } from './table.ts'
import { count, percent } from './words.ts'

const share = z.number()
/** What a miner of a yes or no leaves in its report for drawing. */
const outcomes = z.object({
  reliability: z.array(z.object({ said: share, happened: share, n: z.number() })),
  confusion: z.object({
    threshold: share,
    warnedAndHappened: z.number(),
    warnedInVain: z.number(),
    missed: z.number(),
    rightlyQuiet: z.number(),
  }),
  lift: z.array(z.object({ share, n: z.number(), rate: share, lift: z.number().nullable(), gain: z.number().nullable() })),
})
const spread = z.object({
  spread: z.object({
    /** Counts of rows by probability, in bins of equal width from 0 to 1. */
    happened: z.array(z.number()),
    not: z.array(z.number()),
    /** Least, quartiles and most of the probability. */
    happenedBox: z.array(z.number()).length(5).nullable(),
    notBox: z.array(z.number()).length(5).nullable(),
  }),
})

const whole = (value: number): string => percent(value, 0)

/** Reliability, lift, confusion matrix, histograms and boxes of a yes-or-no miner; nothing where the report has none of it. */
export function outcomeCharts(report: Report): Markup {
  const parsed = outcomes.safeParse(report.details)
  if (!parsed.success) return NOTHING
  const { reliability, lift, confusion } = parsed.data
  const more = spread.safeParse(report.details)
  return html`<h3>What was said and what happened</h3>
    <div class="charts">
      ${reliabilityChart(reliability)} ${liftChart(lift)} ${more.success ? [histogram(more.data.spread), boxChart(more.data.spread)] : null}
    </div>
    ${matrix(confusion)}`
}

type Outcomes = z.infer<typeof outcomes>
type Spread = z.infer<typeof spread>['spread']

/** A round number at or above the value, for the end of an axis of shares. */
const roundUp = (value: number): number => [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1].find((edge) => edge >= value) ?? 1

function reliabilityChart(bins: Outcomes['reliability']): Markup {
  const most = roundUp(Math.max(...bins.flatMap((bin) => [bin.said, bin.happened]), 0))
  const points = bins.map((bin) => ({ x: across(bin.said / most), y: up(bin.happened / most), ...bin }))
  const largest = Math.max(...bins.map((bin) => bin.n), 1)
  const drawing = chart(
    `Reliability curve of ${bins.length} groups: ${bins.map((bin) => `said ${whole(bin.said)}, happened ${whole(bin.happened)}`).join('; ')}`,
    { x: ticks(most, whole), y: ticks(most, whole), xTitle: 'said, on average', yTitle: 'happened' },
    [
      html`<line class="ideal" x1="${at(across(0))}" y1="${at(up(0))}" x2="${at(across(1))}" y2="${at(up(1))}" />`,
      html`<polyline class="line" points="${points.map(({ x, y }) => `${at(x)},${at(y)}`).join(' ')}" />`,
      ...points.map(({ x, y, n }) => html`<circle class="dot" cx="${at(x)}" cy="${at(y)}" r="${at(3 + 2 * Math.sqrt(n / largest))}" />`),
    ],
  )
  return figureOf(
    'Reliability',
    'Customers in groups by what was said. On the dashed line, as many as said.',
    drawing,
    table(
      'Said and happened, by group',
      [
        { title: 'said', number: true },
        { title: 'happened', number: true },
        { title: 'rows', number: true },
      ],
      bins.map((bin) => [percent(bin.said), percent(bin.happened), count(bin.n)]),
    ),
  )
}

function liftChart(rows: Outcomes['lift']): Markup {
  return figureOf(
    'Lift',
    'How many times as often it happened at the top of the list as on average.',
    bars(
      `Lift: ${rows.map((row) => `top ${whole(row.share)}: ${(row.lift ?? 0).toFixed(2)} times`).join(', ')}`,
      rows.map((row) => ({ name: `top ${whole(row.share)} of the list`, value: row.lift ?? 0, text: `${(row.lift ?? 0).toFixed(2)} ×` })),
    ),
    table(
      'Top of the list',
      ['part of the list', 'rows', 'happened', 'lift', 'share of all events'].map((title, i) => ({ title, number: i > 0 })),
      rows.map((row) => [`top ${whole(row.share)}`, count(row.n), percent(row.rate), (row.lift ?? 0).toFixed(2), percent(row.gain ?? 0)]),
    ),
  )
}

function histogram({ happened, not }: Spread): Markup {
  const groups = [
    { name: 'it happened', counts: happened, kind: 'bar' },
    { name: 'it did not', counts: not, kind: 'bar other' },
  ].map((group) => ({
    ...group,
    n: Math.max(
      1,
      group.counts.reduce((a, b) => a + b, 0),
    ),
  }))
  const most = Math.max(...groups.flatMap(({ counts, n }) => counts.map((value) => value / n)), 1e-9)
  const width = 1 / happened.length
  const label = (bin: number): string => `${whole(bin * width)} to ${whole((bin + 1) * width)}`
  // One above the line, the other below: neither hides the other.
  const drawing = chart(
    `Histogram of what was said, above where it happened, below where it did not`,
    {
      x: ticks(1, whole),
      y: [
        { at: 0, text: whole(most) },
        { at: 0.5, text: '0 %' },
        { at: 1, text: whole(most) },
      ],
      xTitle: 'said',
      yTitle: 'did not · happened',
    },
    groups.flatMap(({ counts, n, kind }, side) =>
      counts.map((value, bin) => {
        const size = (value / n / most) * 0.5
        const top = side === 0 ? up(0.5 + size) : up(0.5)
        return html`<rect
          class="${kind}"
          x="${at(across(bin * width) + 1)}"
          y="${at(top)}"
          width="${at(across(width) - across(0) - 2)}"
          height="${at(up(0) - up(size))}"
        />`
      }),
    ),
  )
  return figureOf(
    'Histograms',
    'Share of the rows by what was said: above the line where it happened, below it where it did not.',
    drawing,
    table(
      'Rows by what was said',
      [{ title: 'said' }, { title: 'it happened', number: true }, { title: 'it did not', number: true }],
      happened.map((value, bin) => [label(bin), count(value), count(not[bin] ?? 0)]),
    ),
  )
}

function boxChart({ happenedBox, notBox }: Spread): Markup {
  const rows = [
    { name: 'it happened', five: happenedBox },
    { name: 'it did not', five: notBox },
  ].flatMap(({ name, five }) => (five === null ? [] : [{ name, five }]))
  if (rows.length === 0) return NOTHING
  const most = roundUp(Math.max(...rows.map((row) => row.five[4]!)))
  return figureOf(
    'Boxes',
    'Half of the rows lie in the box, the line in it is the middle one.',
    boxes(
      `Box plots of what was said: ${rows.map(({ name, five }) => `${name}: middle ${whole(five[2]!)}, half between ${whole(five[1]!)} and ${whole(five[3]!)}`).join('; ')}`,
      rows,
      0,
      most,
      whole,
    ),
    table(
      'What was said',
      ['rows', 'least', 'lower quarter', 'middle', 'upper quarter', 'most'].map((title, i) => ({ title, number: i > 0 })),
      rows.map(({ name, five }) => [name, ...five.map((value) => percent(value))]),
    ),
  )
}

function matrix(confusion: Outcomes['confusion']): Markup {
  const { warnedAndHappened, warnedInVain, missed, rightlyQuiet, threshold } = confusion
  const all = Math.max(1, warnedAndHappened + warnedInVain + missed + rightlyQuiet)
  const cell = (value: number, right: boolean): Markup =>
    html`<td class="${right ? 'right' : 'wrong'}"><b>${count(value)}</b>${percent(value / all)}</td>`
  const warned = warnedAndHappened + warnedInVain
  const happened = warnedAndHappened + missed
  return html`<h3>Confusion matrix</h3>
    <p>
      Warned about is who was said to have ${percent(threshold)} or more.
      ${
        warned > 0 ? `Of ${count(warned)} warnings ${count(warnedAndHappened)} came true (${percent(warnedAndHappened / warned)}). ` : ''
      }${happened > 0 ? `Of ${count(happened)} to whom it happened ${count(warnedAndHappened)} were warned about (${percent(warnedAndHappened / happened)}).` : ''}
    </p>
    <div class="wide" role="group" tabindex="0" aria-label="Confusion matrix">
      <table class="confusion">
        <caption>
          Rows, and their share of all
        </caption>
        <thead>
          <tr>
            <td></td>
            <th scope="col">it happened</th>
            <th scope="col">it did not</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">warned about</th>
            ${cell(warnedAndHappened, true)}${cell(warnedInVain, false)}
          </tr>
          <tr>
            <th scope="row">not warned about</th>
            ${cell(missed, false)}${cell(rightlyQuiet, true)}
          </tr>
        </tbody>
      </table>
    </div>`
}

const namedRow = z.object({ id: z.string(), on: z.string().nullable(), probability: z.number() })
const lists = z.object({ hits: z.array(namedRow), misses: z.array(namedRow) })

/** Customers by name: whom it would have warned about, and whom it missed. */
export function hitsAndMisses(report: Report, names: Readonly<Record<string, string>>): Markup {
  const parsed = lists.safeParse(report.details)
  if (!parsed.success) return NOTHING
  const rows = (all: z.infer<typeof namedRow>[]): (string | null)[][] =>
    all.map((one) => [names[one.id] ?? one.id, one.on ?? '', percent(one.probability)])
  const columns = [{ title: 'who' }, { title: 'on' }, { title: 'said', number: true }]
  const { hits, misses } = parsed.data
  return html`<h3>Hits and misses by name</h3>
    <div class="charts">
      <div>
        ${hits.length > 0 ? table(`Warned about, and it happened: the ${hits.length} surest`, columns, rows(hits)) : html`<p>Nobody was warned about to whom it happened.</p>`}
      </div>
      <div>
        ${misses.length > 0 ? table(`It happened, and nobody was warned: the ${misses.length} least expected`, columns, rows(misses)) : html`<p>Nobody was missed.</p>`}
      </div>
    </div>`
}

/** What the model leans on. */
export function driverChart(report: Report): Markup {
  const drivers = report.drivers ?? []
  if (drivers.length === 0) return NOTHING
  const direction = { up: 'more of it, more often', down: 'more of it, less often', mixed: 'by its word' } as const
  return html`<h3>Drivers</h3>
    <div class="charts">
      ${figureOf(
        'What the model leans on',
        'Share of all that moves its scores; signs, not causes.',
        bars(
          `Drivers: ${drivers.map((one) => `${one.label} ${whole(one.share)}`).join(', ')}`,
          drivers.map((one) => ({ name: one.label, value: one.share, text: whole(one.share) })),
        ),
        table(
          'Drivers',
          [{ title: 'driver' }, { title: 'share', number: true }, { title: 'direction' }],
          drivers.map((one) => [one.label, percent(one.share), direction[one.direction]]),
        ),
      )}
    </div>`
}
