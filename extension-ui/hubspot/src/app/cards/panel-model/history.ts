// Made by `npm run build -w @assay/panel` from extension-ui/panel-model: change that.
import { instantOf, type PanelFieldValue, textOf } from './fields.ts'
import type { Words } from './words.ts'

export interface History {
  /** An SVG path in `viewBox`, for a line without fill. */
  readonly path: string
  readonly viewBox: string
  readonly width: number
  readonly height: number
  /** Where the line ends: the newest score. */
  readonly end: { readonly x: number; readonly y: number }
  /** "Was 31 % on Oct 23, 2026, is 37 % now." */
  readonly summary: string
  /** Oldest first. */
  readonly points: readonly { readonly key: string; readonly day: string; readonly risk: string }[]
}

const DAY = 86_400_000
const WIDTH = 160
const HEIGHT = 40
const EDGE = 4

interface Point {
  readonly at: number
  readonly risk: number
}

/** "2026-11-22 37; 2026-10-23 31" drawn by day. The scale is always 0 to 100, so that a small move looks small. Null below two points. */
export function historyOf(value: PanelFieldValue, now: number, words: Words): History | null {
  const points = parse(textOf(value), now)
  const first = points[0]
  const last = points[points.length - 1]
  if (first === undefined || last === undefined || points.length < 2) return null
  const place = ({ at, risk }: Point): { x: number; y: number } => ({
    x: round(EDGE + ((at - first.at) / (last.at - first.at)) * (WIDTH - 2 * EDGE)),
    y: round(EDGE + (1 - risk / 100) * (HEIGHT - 2 * EDGE)),
  })
  const path = points.map(place).map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`)
  return {
    path: path.join(' '),
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    width: WIDTH,
    height: HEIGHT,
    end: place(last),
    summary: `${first.risk} % on ${words.day(first.at)}, ${last.risk} % on ${words.day(last.at)}.`,
    points: points.map((point, i) => ({ key: `point-${i + 1}`, day: words.day(point.at), risk: `${point.risk} %` })),
  }
}

/** Entries that are no day and score are left out, and so are days to come; of one day the first entry, which is the newest, stays. */
function parse(text: string, now: number): readonly Point[] {
  const byDay = new Map<number, Point>()
  for (const entry of text.split(';')) {
    const match = /^\s*(\d{4}-\d{2}-\d{2})\s+(\d{1,3})\s*$/.exec(entry)
    const at = instantOf(match?.[1])
    const risk = Number(match?.[2])
    if (at === null || Number.isNaN(at) || at > now + DAY || !(risk >= 0 && risk <= 100) || byDay.has(at)) continue
    byDay.set(at, { at, risk })
  }
  return [...byDay.values()].sort((a, b) => a.at - b.at)
}

const round = (value: number): number => Math.round(value * 10) / 10
