import type { Report } from '@assay/shared'
import { changeSection, trackSection } from './changed.ts'
import { ruleSection, segmentSection } from './groups.ts'
import { html, type Markup, NOTHING } from './markup.ts'
import { driverChart, hitsAndMisses, outcomeCharts } from './outcomes.ts'
import { STYLE } from './style.ts'
import { folded, table } from './table.ts'
import { buyingSection, outlookSection } from './value.ts'
import { anything, count, figure } from './words.ts'

/** A report, and what its model is where that is known. */
export type PageReport = Report & {
  readonly model?: string
  readonly state?: string
  /** Epoch ms. */
  readonly fittedAt?: number
  readonly dataUntil?: number
  readonly names?: Readonly<Record<string, string>> | undefined
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10)
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
/** A page that holds all it needs, runs nothing and asks nobody. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'"

/** All reports as one HTML document that needs nothing else: no script, no font, no image from anywhere. */
export function reportPage(reports: readonly PageReport[]): string {
  const titles = reports.map(titleOf)
  const title = `Assay report: ${titles.join(', ')}`
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${{ html: STYLE }}
        </style>
      </head>
      <body>
        <a class="skip" href="#content">To the content</a>
        <header>
          <h1>How good it is on your own past</h1>
          <p class="quiet">Every figure is of rows that the model had not seen when it spoke of them.</p>
          ${
            reports.length > 1
              ? html`<nav aria-label="Reports">
                  <ul>
                    ${reports.map((_, i) => html`<li><a href="#report-${i}">${titles[i]!}</a></li>`)}
                  </ul>
                </nav>`
              : null
          }
        </header>
        <main id="content" tabindex="-1">${reports.map(reportSection)}</main>
      </body>
    </html> `.html
}

const titleOf = (report: PageReport): string => capital(report.miner)

function reportSection(report: PageReport, i: number): Markup {
  const names = report.names ?? {}
  const published = report.verdict === 'publish'
  return html`<section id="report-${i}" aria-labelledby="title-${i}">
    <h2 id="title-${i}">${titleOf(report)}: ${report.event}</h2>
    <p class="verdict ${report.verdict}"><strong>${published ? 'Good enough to publish' : 'Not published'}.</strong> ${report.why}</p>
    <p class="quiet">${about(report)}</p>
    ${tiles(report)} ${outcomeCharts(report)} ${driverChart(report)} ${hitsAndMisses(report, names)} ${segmentSection(report)}
    ${outlookSection(report)} ${buyingSection(report)} ${ruleSection(report)} ${changeSection(report, names)} ${trackSection(report)}
    ${warnings(report)}
    <h3>Against what it was held</h3>
    ${namedTable('Naive baselines', report.baselines)} ${namedTable('Candidates', report.candidates)}
  </section> `
}

function about(report: PageReport): string {
  const { who, rows, positives } = report.population
  const model = [
    report.model === undefined ? null : `model ${report.model.slice(0, 8)}`,
    report.state ?? null,
    report.fittedAt === undefined ? null : `learned on ${day(report.fittedAt)}`,
    report.dataUntil === undefined ? null : `data until ${day(report.dataUntil)}`,
  ].filter((part) => part !== null)
  const protocol = {
    'later-period': 'judged on later periods',
    'cross-validation': 'judged by cross-validation',
    resampling: 'judged by resampling',
  }
  return `${capital(who)}: ${count(rows)} rows${positives > 0 ? `, ${count(positives)} events` : ''}; ${protocol[report.protocol]}${report.judgedAt.length > 0 ? ` (${report.judgedAt.join(', ')})` : ''}.${model.length > 0 ? ` ${capital(model.join(', '))}.` : ''}`
}

function tiles(report: PageReport): Markup {
  const entries = Object.entries(report.metrics)
  if (entries.length === 0) return NOTHING
  return html`<dl class="tiles">
    ${entries.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>
            ${figure(typeof value === 'number' ? value : value.value)}${
              typeof value === 'number' ? null : html`<small>95 %: ${figure(value.low)} to ${figure(value.high)}</small>`
            }
          </dd>
        </div>`,
    )}${
      report.power === undefined
        ? null
        : html`<div>
            <dt>power</dt>
            <dd>
              ${figure(report.power)}<small
                >chance that a good model passes with so much
                data${
                  report.detectable === undefined ? '' : `; a difference of AUC of ${figure(report.detectable)} is seen four times in five`
                }</small
              >
            </dd>
          </div>`
    }
  </dl>`
}

/** Columns that know too much, and columns that are no longer what they were. */
function warnings({ leaks = [], drift = [] }: PageReport): Markup {
  return html`${
    leaks.length === 0
      ? null
      : html`<h3>Columns that know too much</h3>
          ${namedTable('Left out until somebody says otherwise', leaks)}`
  }${drift.length === 0 ? null : folded('Columns that moved', namedTable('Drift', drift))}`
}

/** Rows of whatever the report has, a column for every key. */
function namedTable(caption: string, rows: readonly Readonly<Record<string, unknown>>[]): Markup {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((key) => key !== 'why' && key !== 'against')
  const words = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((key) => key === 'why' || key === 'against')
  if (rows.length === 0) return html`<p class="quiet">${caption}: none.</p>`
  const isNumber = (key: string): boolean =>
    rows.every((row) => row[key] === undefined || row[key] === null || typeof row[key] === 'number')
  return table(
    caption,
    [...keys, ...words].map((key) => ({ title: key, number: isNumber(key) })),
    rows.map((row) => [...keys, ...words].map((key) => (row[key] === undefined || row[key] === null ? '' : anything(row[key])))),
  )
}
