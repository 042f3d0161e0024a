import { html, type Markup } from './markup.ts'

export type Cell = string | number | Markup | null

export interface Column {
  readonly title: string
  /** Right-aligned, in figures of one width. */
  readonly number?: boolean
}

/** A table that scrolls by itself where it is too wide, by keyboard too. The first cell of a row names it. */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Cell[])[]): Markup {
  const side = (column: Column | undefined): Markup => (column?.number ? html` class="number"` : html``)
  return html`<div class="wide" role="group" tabindex="0" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col" ${side(column)}>${column.title === '' ? 'remark' : column.title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, i) => (i === 0 ? html`<th scope="row" ${side(columns[i])}>${cell}</th>` : html`<td${side(columns[i])}>${cell}</td>`))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`
}

/** What only some want to see. */
export const folded = (title: string, content: Markup): Markup =>
  html`<details>
    <summary>${title}</summary>
    ${content}
  </details>`
