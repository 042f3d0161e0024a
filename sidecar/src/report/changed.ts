import type { Report } from '@assay/shared'
import { html, type Markup, NOTHING } from './markup.ts'
import { table } from './table.ts'
import { count, percent } from './words.ts'

/** What is not as it was: against the model before, and against the same customers a month ago. */
export function changeSection({ changes, moves }: Report, names: Readonly<Record<string, string>>): Markup {
  if (!changes && !moves) return NOTHING
  return html`<h3>What changed</h3>
    ${
      changes
        ? html`<p>
              Since the model with data until ${changes.since}: ${changes.found.length} of ${count(changes.tested)} differences are more
              than chance (of those at most ${percent(changes.rate, 0)} are expected to be).
            </p>
            ${
              changes.found.length === 0
                ? null
                : table(
                    'Differences beyond chance',
                    [{ title: 'what' }, { title: 'how' }, { title: 'in numbers' }, { title: 'p', number: true }],
                    changes.found.map((one) => [
                      `${one.what} ${one.name}`,
                      one.how,
                      one.text,
                      one.p < 0.0001 ? '< .0001' : one.p.toFixed(4),
                    ]),
                  )
            }`
        : null
    }${moves ? movesPart(moves, names) : null}`
}

function movesPart(moves: NonNullable<Report['moves']>, names: Readonly<Record<string, string>>): Markup {
  const { groups, matrix, arrived } = moves
  return html`<p>
      Since ${moves.since ?? 'the earlier day'} ${count(moves.moved)} customers moved to another segment, ${count(moves.stayed)} stayed,
      ${count(arrived.reduce((a, b) => a + b, 0))} arrived.
    </p>
    ${table(
      'From (rows) to (columns)',
      [{ title: 'from' }, ...groups.map((title) => ({ title, number: true }))],
      [...matrix.map((row, i) => [groups[i]!, ...row.map(count)]), ['arrived', ...arrived.map(count)]],
    )}
    ${
      moves.who.length === 0
        ? null
        : table(
            'Who moved farthest, and what moved them',
            [{ title: 'who' }, { title: 'from' }, { title: 'to' }, { title: 'why' }],
            moves.who.map((one) => [one.name ?? names[one.id] ?? one.id, one.from, one.to, one.why]),
          )
    }`
}

/** How published scores did, and how a new model stood beside the live one. */
export function trackSection({ matured, guard }: Report): Markup {
  if (!matured && !guard) return NOTHING
  return html`<h3>How it does in use</h3>
    ${
      matured
        ? html`<p>${matured.text}</p>
            ${table(
              'Published scores whose horizon is over, by band',
              [{ title: 'band' }, { title: 'scores', number: true }, { title: 'said', number: true }, { title: 'happened', number: true }],
              [
                ...matured.bands.map((one) => [one.band, ...three(one)]),
                ['with a task', ...three(matured.warned)],
                ...matured.days.map((one) => [`said on ${one.on}`, ...three(one)]),
              ],
            )}`
        : null
    }${guard ? html`<p>${guard.why}</p>` : null}`
}

const three = (one: { n: number; happened: number; said: number }): string[] => [
  count(one.n),
  percent(one.said),
  one.n === 0 ? '' : `${count(one.happened)} (${percent(one.happened / one.n)})`,
]
