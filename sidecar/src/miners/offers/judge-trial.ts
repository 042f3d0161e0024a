import type { Baskets, Trial } from '@assay/shared'
import { sampleRows } from '../../numeric/stable-sample.ts'
import { byPopularity } from './demand.ts'
import { hitsAt } from './hits.ts'
import { historyOf, orderCount, translation, type History } from './history.ts'
import type { OffersModel, OffersParams, Weights } from './model.ts'
import { createRanker, type Knowledge } from './rank.ts'

export const TOPS = [10, 20] as const
const MOST = 20

const only = (items: ReadonlySet<number>, which: (item: number) => boolean): Set<number> => new Set([...items].filter(which))

/** Ways to propose that are judged side by side; the model is the first. */
export const WAYS = ['repeats, rules and popularity', 'without rules', 'personal frequency', 'most popular'] as const
export type Way = (typeof WAYS)[number]

export type Figures = Record<string, number>

/** One customer in one period: the figures of every way, and those of the model in parts. */
export interface Judged {
  readonly id: string
  readonly ways: Readonly<Record<Way, Figures>>
  /** Recall@10 of what the customer had bought before and of what was new; NaN where there was none of it. */
  readonly repeat: number
  readonly explore: number
}

/** The products of each row's next order, in the model's numbers; codes it does not offer are left out as it does. */
function targetsOf(next: Baskets, model: OffersModel): (row: number) => Set<number> {
  const numbers = translation(next, model.codes)
  const excluded = new Set(model.excluded.map((each) => each.code))
  return (row) => {
    const target = new Set<number>()
    const basket = next.rows[row]!
    if (basket === next.rows[row + 1]!) return target
    for (let i = next.offsets[basket]!; i < next.offsets[basket + 1]!; i++) {
      const item = next.items[i]!
      // A product that the model has never seen can not be foretold; it counts as missed all the same.
      if (numbers[item]! >= 0) target.add(numbers[item]!)
      else if (!excluded.has(next.codes[item]!)) target.add(-1 - item)
    }
    return target
  }
}

function rankersOf(model: OffersModel): Record<Way, (history: History, row: number) => number[]> {
  const known: Knowledge = model
  const free: Knowledge = { ...model, rules: [], owned: new Uint8Array(model.codes.length) }
  const by = (knowledge: Knowledge, weights: Weights) => {
    const ranker = createRanker(knowledge, weights)
    return (history: History, row: number) => ranker.rank(history, row, MOST).map((offer) => offer.item)
  }
  const top = [...byPopularity(model.popularity).subarray(0, MOST)]
  return {
    'repeats, rules and popularity': by(known, model.weights),
    'without rules': by({ ...known, rules: [] }, model.weights),
    // So small a weight only orders what is equally frequent and fills the list.
    'personal frequency': by(free, { decay: 1, repeat: 0, rules: 0, popular: 1e-9 }),
    'most popular': () => top,
  }
}

function figuresOf(ranked: readonly number[], target: ReadonlySet<number>): Figures {
  return Object.fromEntries(
    TOPS.flatMap((top) => Object.entries(hitsAt(ranked, target, top)).map(([name, value]) => [`${name}@${top}`, value])),
  )
}

/** Every eligible customer of one trial, and which products were proposed to them at all. */
export function judgeTrial({ model, frame }: Trial<OffersModel>, params: OffersParams): { judged: Judged[]; offered: Set<number> } {
  const offered = new Set<number>()
  if (frame.baskets === null || frame.next === null) return { judged: [], offered }
  const history = historyOf(frame.baskets, translation(frame.baskets, model.codes))
  const targetOf = targetsOf(frame.next, model)
  const eligible = frame.ids.map((_, row) => row).filter((row) => orderCount(history, row) >= params.leastOrders && targetOf(row).size > 0)
  const rankers = rankersOf(model)
  const judged = Array.from(sampleRows(frame.ids, Int32Array.from(eligible), params.sample), (row): Judged => {
    const target = targetOf(row)
    const ranked = Object.fromEntries(WAYS.map((way) => [way, rankers[way](history, row)])) as Record<Way, number[]>
    const own = new Set(history.items.subarray(history.offsets[history.rows[row]!], history.offsets[history.rows[row + 1]!]))
    const first = ranked[WAYS[0]].slice(0, TOPS[0])
    for (const item of first) offered.add(item)
    const part = (among: Set<number>) => (among.size === 0 ? Number.NaN : hitsAt(first, among, TOPS[0]).recall)
    return {
      id: frame.ids[row]!,
      ways: Object.fromEntries(WAYS.map((way) => [way, figuresOf(ranked[way], target)])) as Record<Way, Figures>,
      repeat: part(only(target, (item) => own.has(item))),
      explore: part(only(target, (item) => !own.has(item))),
    }
  })
  return { judged, offered }
}
