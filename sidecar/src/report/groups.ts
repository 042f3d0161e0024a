import type { Report } from '@assay/shared'
import { z } from 'zod'
import { bars, boxes, figureOf } from './chart.ts'
import { html, type Markup, NOTHING } from './markup.ts'
import { folded, table } from './table.ts'
import { count, figure, percent } from './words.ts'

const segment = z.object({
  name: z.string(),
  description: z.string(),
  size: z.number(),
  share: z.number(),
  apart: z.array(z.object({ label: z.string(), difference: z.number() })),
  words: z.array(z.object({ label: z.string(), word: z.string(), here: z.number(), everywhere: z.number() })).default([]),
  rules: z.array(z.object({ text: z.string(), n: z.number(), right: z.number() })).default([]),
  ruled: z.number().default(0),
  boxes: z.array(z.object({ label: z.string(), unit: z.string(), five: z.array(z.number()).length(5) })).default([]),
})
const groups = z.object({
  segments: z.array(segment).min(1),
  table: z.array(
    z.object({
      k: z.number(),
      inertia: z.number(),
      silhouette: z.number(),
      gap: z.number(),
      gapError: z.number(),
      stability: z.number(),
      weakest: z.number(),
      smallest: z.number(),
      against: z.string().nullable(),
      chosen: z.boolean(),
    }),
  ),
  lineage: z
    .object({
      agreement: z.number(),
      from: z.array(z.object({ name: z.string(), earlier: z.string().nullable(), overlap: z.number() })),
      gone: z.array(z.string()),
    })
    .nullable()
    .default(null),
})

type Segment = z.infer<typeof segment>

/** Segments: how large, who belongs, how they differ, how many were tried. Nothing where the report has none. */
export function segmentSection(report: Report): Markup {
  const parsed = groups.safeParse(report.details)
  if (!parsed.success) return NOTHING
  const { segments, table: tried, lineage } = parsed.data
  return html`<h3>Segments</h3>
    <div class="charts">
      ${figureOf(
        'Size',
        'Share of all customers with an order.',
        bars(
          `Size of the segments: ${segments.map((one) => `${one.name} ${percent(one.share, 0)}`).join(', ')}`,
          segments.map((one) => ({ name: one.name, value: one.share, text: `${percent(one.share)} (${count(one.size)})` })),
        ),
        table(
          'Size',
          [{ title: 'segment' }, { title: 'customers', number: true }, { title: 'share', number: true }],
          segments.map((one) => [one.name, count(one.size), percent(one.share)]),
        ),
      )}${boxCharts(segments)}
    </div>
    <h4>Who belongs</h4>
    <ul class="cards">
      ${segments.map(card)}
    </ul>
    ${folded('How many segments were tried, and what speaks against the others', triedTable(tried))}
    ${lineage === null ? null : folded('What became of the segments of the model before', lineageTable(lineage))}`
}

function card(one: Segment): Markup {
  return html`<li>
    <strong>${one.name}</strong>
    <p>${one.description}</p>
    ${
      one.rules.length === 0
        ? null
        : html`<p>Who belongs (${percent(one.ruled, 0)} of the segment):</p>
            <ul>
              ${one.rules.map((rule) => html`<li>${rule.text} <span class="quiet">(${percent(rule.right, 0)} right of ${count(rule.n)})</span></li>`)}
            </ul>`
    }
    ${
      one.apart.length === 0
        ? null
        : html`<p>What sets it apart:</p>
            <ul>
              ${one.apart.map((each) => html`<li>${each.label}: ${each.difference >= 0 ? '+' : '−'}${Math.abs(each.difference).toFixed(2)} <span class="quiet">standard deviations</span></li>`)}
            </ul>`
    }
    ${
      one.words.length === 0
        ? null
        : html`<ul>
            ${one.words.map((each) => html`<li>${each.label} ${each.word}: ${percent(each.here, 0)} <span class="quiet">(${percent(each.everywhere, 0)} of all)</span></li>`)}
          </ul>`
    }
  </li> `
}

/** One chart a measure, with a box a segment; on a scale of ratios, as the segments were found. */
function boxCharts(segments: readonly Segment[]): Markup[] {
  const measures = segments[0]?.boxes ?? []
  return measures.map(({ label }, m) => {
    const rows = segments.flatMap((one) => (one.boxes[m] ? [{ name: one.name, five: one.boxes[m].five }] : []))
    const scaled = rows.map(({ name, five }) => ({ name, five: five.map((value) => Math.log10(1 + Math.max(0, value))) }))
    const ends = scaled.flatMap(({ five }) => five)
    return figureOf(
      label,
      'Nine in ten customers lie between the ends, half in the box; every step to the right is the same ratio.',
      boxes(
        `Box plots of ${label}: ${rows.map(({ name, five }) => `${name}: middle ${figure(five[2]!)}`).join('; ')}`,
        scaled,
        Math.min(...ends),
        Math.max(...ends),
        (value) => count(10 ** value - 1),
      ),
      table(
        label,
        ['segment', '5 %', 'lower quarter', 'middle', 'upper quarter', '95 %'].map((title, i) => ({ title, number: i > 0 })),
        rows.map(({ name, five }) => [name, ...five.map((value) => count(value))]),
      ),
    )
  })
}

const triedTable = (tried: z.infer<typeof groups>['table']): Markup =>
  table(
    'Numbers of segments that were tried',
    ['segments', 'inertia', 'silhouette', 'gap', 'found again', 'weakest', 'smallest']
      .map((title, i) => ({ title, number: i > 0 }))
      .concat([{ title: 'against it', number: false }]),
    tried.map((one) => [
      one.chosen ? `${one.k} (chosen)` : String(one.k),
      one.inertia.toFixed(1),
      one.silhouette.toFixed(3),
      `${one.gap.toFixed(3)} ± ${one.gapError.toFixed(3)}`,
      one.stability.toFixed(2),
      one.weakest.toFixed(2),
      count(one.smallest),
      one.against ?? '',
    ]),
  )

const lineageTable = ({ agreement, from, gone }: NonNullable<z.infer<typeof groups>['lineage']>): Markup =>
  html`<p>
      Agreement of both models on the customers of today: adjusted Rand index
      ${agreement.toFixed(2)}.${gone.length > 0 ? ` Gone: ${gone.join(', ')}.` : ''}
    </p>
    ${table(
      'Segments and where they come from',
      [{ title: 'segment' }, { title: 'goes on' }, { title: 'overlap', number: true }],
      from.map((one) => [one.name, one.earlier ?? 'new', one.overlap.toFixed(2)]),
    )}`

const rules = z.object({
  rules: z.object({
    count: z.number(),
    customers: z.number(),
    strongest: z.array(
      z.object({ ifBought: z.array(z.string()), offer: z.string(), customers: z.number(), confidence: z.number(), lift: z.number() }),
    ),
  }),
})

/** Rules between products, strongest first. Nothing where the report has none. */
export function ruleSection(report: Report): Markup {
  const parsed = rules.safeParse(report.details)
  if (!parsed.success) return NOTHING
  const { count: all, customers, strongest } = parsed.data.rules
  return html`<h3>Rules between products</h3>
    <p>${count(all)} rules among ${count(customers)} customers; the strongest:</p>
    ${table(
      'Who bought this tends to buy that',
      [
        { title: 'who bought' },
        { title: 'also buys' },
        { title: 'customers', number: true },
        { title: 'of those who bought', number: true },
        { title: 'lift', number: true },
      ],
      strongest.map((one) => [one.ifBought.join(' and '), one.offer, count(one.customers), percent(one.confidence), one.lift.toFixed(1)]),
    )}`
}
