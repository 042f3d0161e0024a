import { html, type Markup } from './markup.ts'

/** Inside of a chart in its own units: small enough that its letters can be read on a telephone. */
export const WIDTH = 360
export const HEIGHT = 240
const LEFT = 60
const RIGHT = 18
const TOP = 12
const BOTTOM = 42

/** Where a share of the way (0 to 1) along either axis lies. */
export const across = (share: number): number => LEFT + share * (WIDTH - LEFT - RIGHT)
export const up = (share: number): number => HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

export interface Tick {
  readonly at: number
  readonly text: string
}

/** A number in a drawing: a tenth of a unit is finer than any screen. */
export const at = (value: number): string => String(Math.round(value * 10) / 10)

/** Ticks at round shares of `most`. */
export function ticks(most: number, text: (value: number) => string, parts = 4): Tick[] {
  return Array.from({ length: parts + 1 }, (_, i) => ({ at: i / parts, text: text((most * i) / parts) }))
}

/** A chart with both axes. `said` is what a screen reader says instead; the numbers stand in a table beside it. */
export function chart(
  said: string,
  axes: { readonly x: readonly Tick[]; readonly y: readonly Tick[]; readonly xTitle: string; readonly yTitle: string },
  content: readonly Markup[],
): Markup {
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${said}">
    ${axes.y.map((tick) => html`<line class="grid" x1="${at(across(0))}" x2="${at(across(1))}" y1="${at(up(tick.at))}" y2="${at(up(tick.at))}" /><text x="${at(across(0) - 6)}" y="${at(up(tick.at) + 4)}" text-anchor="end">${tick.text}</text>`)}
    ${axes.x.map((tick) => html`<text x="${at(across(tick.at))}" y="${at(up(0) + 16)}" text-anchor="middle">${tick.text}</text>`)}
    <line class="axis" x1="${at(across(0))}" x2="${at(across(1))}" y1="${at(up(0))}" y2="${at(up(0))}" />
    <text class="title" x="${at(across(0.5))}" y="${HEIGHT - 6}" text-anchor="middle">${axes.xTitle}</text>
    <text class="title" x="12" y="${at(up(0.5))}" text-anchor="middle" transform="rotate(-90 12 ${at(up(0.5))})">${axes.yTitle}</text>
    ${content}
  </svg>`
}

/** A chart with its heading, what to make of it, and its numbers. */
export const figureOf = (title: string, note: string, drawing: Markup, numbers: Markup): Markup =>
  html`<figure>
    <figcaption>
      <h4>${title}</h4>
      <p>${note}</p>
    </figcaption>
    ${drawing}
    <details>
      <summary>The numbers<span class="unseen"> of ${title.toLowerCase()}</span></summary>
      ${numbers}
    </details>
  </figure>`

export interface Bar {
  readonly name: string
  /** 0 or more. */
  readonly value: number
  readonly text: string
}

const ROW = 34

/** Horizontal bars, the name above each: names are long and screens narrow. */
export function bars(said: string, rows: readonly Bar[], kind = 'bar'): Markup {
  const most = Math.max(...rows.map((row) => row.value), 1e-12)
  const space = WIDTH - 110
  return html`<svg viewBox="0 0 ${WIDTH} ${rows.length * ROW + 4}" role="img" aria-label="${said}">
    ${rows.map(
      (row, i) =>
        html`<text x="0" y="${i * ROW + 13}">${row.name}</text
          ><rect class="${kind}" x="0" y="${i * ROW + 18}" width="${at(Math.max(1, (space * row.value) / most))}" height="10" rx="2" /><text
            x="${at(Math.max(1, (space * row.value) / most) + 6)}"
            y="${i * ROW + 27}"
            >${row.text}</text
          >`,
    )}
  </svg>`
}

/** Least, lower quartile, median, upper quartile, most: of what a box is drawn. */
export interface Box {
  readonly name: string
  readonly five: readonly number[]
}

const BOX = 46

/** Box plots above each other on one scale, from `low` to `high`. */
export function boxes(said: string, rows: readonly Box[], low: number, high: number, text: (value: number) => string): Markup {
  const x = (value: number): string => at(8 + ((value - low) / Math.max(high - low, 1e-12)) * (WIDTH - 16))
  const height = rows.length * BOX + 26
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${said}">
    ${[0, 0.5, 1].map((share, i) => html`<line class="grid" x1="${x(low + share * (high - low))}" x2="${x(low + share * (high - low))}" y1="0" y2="${height - 20}" /><text x="${x(low + share * (high - low))}" y="${height - 5}" text-anchor="${['start', 'middle', 'end'][i]!}">${text(low + share * (high - low))}</text>`)}
    ${rows.map(({ name, five }, i) => {
      const [least, lower, median, upper, most] = five.map(x)
      const y = i * BOX + 20
      return html`<text x="0" y="${i * BOX + 13}">${name}</text
        ><line class="whisker" x1="${least!}" x2="${most!}" y1="${y + 9}" y2="${y + 9}" /><rect
          class="box"
          x="${lower!}"
          y="${y}"
          width="${at(Math.max(1, Number(upper) - Number(lower)))}"
          height="18"
          rx="2"
        /><line class="median" x1="${median!}" x2="${median!}" y1="${y}" y2="${y + 18}" />`
    })}
  </svg>`
}
