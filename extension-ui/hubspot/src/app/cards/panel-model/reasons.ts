// Made by `npm run build -w @assay/panel` from extension-ui/panel-model: change that.
import { capital, type PanelFieldValue, textOf } from './fields.ts'

export interface Reason {
  readonly key: string
  /** "94 days since the last order"; "Usual gap 21 days". */
  readonly text: string
  /** `unknown` where the text was cut off or somebody wrote it by hand. */
  readonly direction: 'raises' | 'lowers' | 'unknown'
  /** Up or down; '' where unknown. Decoration: `effect` says the same in words. */
  readonly arrow: string
  /** "raises the risk by 14 points". */
  readonly effect: string
  /** "+14", "−3", or ''. */
  readonly points: string
  /** '' or a word that not every viewer may read this. */
  readonly restricted: string
}

interface Parsed {
  readonly text: string
  readonly points: number | null
}

/** `text (+14)` and `text (−3)`, joined by "; ". The bracket ends a sign, so a sign's own text may hold semicolons. */
function parse(signs: string): Parsed[] {
  const found: Parsed[] = []
  const sign = /\s*(.*?)\s*\(([-+−])(\d{1,3})\)(?:\s*;\s*|\s*$)/gy
  let end = 0
  for (let match = sign.exec(signs); match !== null; match = sign.exec(signs)) {
    end = sign.lastIndex
    if (match[1]) found.push({ text: match[1], points: Number(match[3]) * (match[2] === '+' ? 1 : -1) })
    if (end >= signs.length) break
  }
  const rest = signs.slice(end).trim()
  if (rest !== '') found.push({ text: rest, points: null })
  return found
}

/** Both sign fields as one list, those that weigh most first. */
export function reasonsOf(open: PanelFieldValue, restricted: PanelFieldValue): readonly Reason[] {
  const all = [
    ...parse(textOf(open)).map((one) => ({ ...one, restricted: '' })),
    ...parse(textOf(restricted)).map((one) => ({ ...one, restricted: 'Not visible to everyone' })),
  ]
  const weight = (one: Parsed): number => (one.points === null ? -1 : Math.abs(one.points))
  // Sorting keeps the order of equals, so the writer's order decides between them.
  return all
    .sort((a, b) => weight(b) - weight(a))
    .map((one, i) => ({ key: `reason-${i + 1}`, ...one, text: capital(one.text), ...directed(one.points) }))
}

function directed(points: number | null): Pick<Reason, 'direction' | 'arrow' | 'effect' | 'points'> {
  if (points === null) return { direction: 'unknown', arrow: '', effect: '', points: '' }
  if (points === 0) return { direction: 'unknown', arrow: '', effect: 'hardly changes the risk', points: '0' }
  const size = Math.abs(points)
  const by = `the risk by ${size} ${size === 1 ? 'point' : 'points'}`
  return points > 0
    ? { direction: 'raises', arrow: '▲', effect: `raises ${by}`, points: `+${size}` }
    : { direction: 'lowers', arrow: '▼', effect: `lowers ${by}`, points: `−${size}` }
}
