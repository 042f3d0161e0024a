import type { Baskets, Change, Frame } from '@assay/shared'
import { sameShare } from '../../numeric/normal-tail.ts'
import { sampleRows } from '../../numeric/stable-sample.ts'
import type { OffersModel, Rule } from './model.ts'
import { productName } from './why.ts'

/** The strongest rules of either model that are looked at: what people read, and few enough that a test can tell. */
const LOOKED_AT = 200
/** Customers among whom they are counted again. */
const CUSTOMERS = 20_000

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** A rule by its product codes: products have other numbers in another model. */
interface Named {
  readonly codes: readonly string[]
  readonly name: string
  readonly inBefore: boolean
  readonly inAfter: boolean
}

const keyOf = (codes: readonly string[]): string => JSON.stringify(codes)

function namedRules(before: OffersModel, after: OffersModel): Named[] {
  const codesOf = (model: OffersModel, rule: Rule): string[] => [...rule.ifBought, rule.offer].map((item) => model.codes[item]!)
  const all = (model: OffersModel): Set<string> => new Set(model.rules.map((rule) => keyOf(codesOf(model, rule))))
  const [earlier, later] = [all(before), all(after)]
  const found = new Map<string, Named>()
  for (const model of [after, before]) {
    for (const rule of model.rules.slice(0, LOOKED_AT)) {
      const codes = codesOf(model, rule)
      const key = keyOf(codes)
      const name = `${rule.ifBought.map((item) => productName(model, item)).join(' and ')} → ${productName(model, rule.offer)}`
      if (!found.has(key)) found.set(key, { codes, name, inBefore: earlier.has(key), inAfter: later.has(key) })
    }
  }
  return [...found.values()]
}

/** Products of each customer up to an instant, by code number. */
function boughtBy(baskets: Baskets, rows: Int32Array, until: number): Set<number>[] {
  return Array.from(rows, (row) => {
    const items = new Set<number>()
    for (let basket = baskets.rows[row]!; basket < baskets.rows[row + 1]!; basket++) {
      if (baskets.times[basket]! >= until) break
      for (let i = baskets.offsets[basket]!; i < baskets.offsets[basket + 1]!; i++) items.add(baskets.items[i]!)
    }
    return items
  })
}

/**
 * Rules whose confidence is another than at the time of the earlier model, counted again among the customers of today: what
 * they had bought by then, and by now. What was bought by then counts on both sides, so a change is found late rather than
 * wrongly. Nothing where the earlier day or the baskets are not known.
 */
export function changes(before: OffersModel, after: OffersModel, now: Frame): Change[] {
  const { baskets } = now
  if (baskets === null || before.asOf === null) return []
  const rows = sampleRows(
    now.ids,
    Int32Array.from(now.ids, (_, row) => row),
    CUSTOMERS,
  )
  const [then, today] = [boughtBy(baskets, rows, before.asOf), boughtBy(baskets, rows, Infinity)]
  const numbers = new Map(baskets.codes.map((code, item) => [code, item]))
  return namedRules(before, after).map(({ codes, name, inBefore, inAfter }): Change => {
    // A code that nobody has any more is in no basket.
    const items = codes.map((code) => numbers.get(code) ?? -1)
    const [was, is] = [confidence(then, items), confidence(today, items)]
    const [earlier, later] = [share(was), share(is)]
    const how =
      inBefore && !inAfter ? 'vanished' : inAfter && !inBefore ? 'appeared' : (later ?? 0) >= (earlier ?? 0) ? 'strengthened' : 'weakened'
    return {
      what: 'rule',
      name,
      how,
      before: earlier,
      now: later,
      p: sameShare(was, is),
      text: `${name}: ${later === null ? 'nobody' : percent(later)} of ${is.n} customers who had the first, ${earlier === null ? 'nobody' : percent(earlier)} of ${was.n} before`,
    }
  })
}

const share = ({ hits, n }: { hits: number; n: number }): number | null => (n === 0 ? null : hits / n)

function confidence(bought: readonly ReadonlySet<number>[], items: readonly number[]): { hits: number; n: number } {
  const offer = items.at(-1)!
  const given = items.slice(0, -1)
  let n = 0
  let hits = 0
  for (const had of bought) {
    if (!given.every((item) => had.has(item))) continue
    n++
    if (had.has(offer)) hits++
  }
  return { hits, n }
}
