/** What a column means, in words that reach people: plain JSON, so that it travels with a model. */
export interface FeatureInfo {
  readonly name: string
  /** "Days since the last order". */
  readonly label: string
  readonly unit: 'days' | 'count' | 'money' | 'share' | 'ratio' | 'number' | 'text'
  /** A sentence with `{value}` in it: "{value} since the last order". */
  readonly phrase: string
  /** Where it comes from ("deal.closedAt"), so that it can be hidden from those who may not read that. */
  readonly sourceFields: readonly string[]
  /** Comes from a field that not every viewer may read. */
  readonly restricted: boolean
}

export interface NumberColumn {
  readonly type: 'number'
  readonly info: FeatureInfo
  /** NaN is missing: never read as zero. */
  readonly values: Float64Array
}
export interface CategoryColumn {
  readonly type: 'category'
  readonly info: FeatureInfo
  /** Index into `levels`; -1 is missing. */
  readonly codes: Int32Array
  readonly levels: readonly string[]
}
export type Column = NumberColumn | CategoryColumn

/**
 * Baskets of customers, packed. Row r owns baskets `rows[r] .. rows[r+1]` (oldest first); basket b holds items
 * `offsets[b] .. offsets[b+1]` of `items` (codes into `codes`, each once a basket) and took place at `times[b]`.
 */
export interface Baskets {
  readonly rows: Int32Array
  readonly times: Float64Array
  readonly offsets: Int32Array
  readonly items: Int32Array
  /** Product codes, as the CRM has them. */
  readonly codes: readonly string[]
  /** Product names, by the same index; null where none is known. */
  readonly names: readonly (string | null)[]
}

/** What the customers of a frame did in the days after it, by row. */
export interface Followed {
  readonly days: number
  /** Orders less returns; NaN where the window is not over or no money is known. */
  readonly money: Float64Array
  /** Days with an order. */
  readonly orderDays: Float64Array
}

/** How what is open on the day of a frame ended, row by row, as far as that is known: won and lost compete, and what is open may still do either. */
export interface Endings {
  /** 1 won, 2 lost, 0 still open when last seen, -1 not known (deleted, or closed without saying how). */
  readonly how: Int8Array
  /** Days from the frame's day to the ending, or to when it was last seen open. */
  readonly days: Float64Array
  /** Money that a won one came to; NaN where unknown or not won. */
  readonly value: Float64Array
}

/** When customers bought, one entry each: days with an order, days from the first to the last of them, days since the first. */
export interface Buyers {
  readonly orderDays: Float64Array
  readonly spanDays: Float64Array
  readonly tenureDays: Float64Array
}

/** Columns about customers, open deals or rows of a flat table, as they were known on one day. Never row objects. */
export interface Frame {
  /** Epoch ms; null where the table knows no time. */
  readonly asOf: number | null
  /** Source ids, ascending; all columns have this length and order. A flat file in time order keeps that order. */
  readonly ids: readonly string[]
  readonly columns: readonly Column[]
  /** 1 happened, 0 did not, NaN not known yet; null where there is nothing to learn. */
  readonly outcome: Float64Array | null
  /** Days from `asOf` to the event where it happened, NaN elsewhere; absent where nobody knows the day. */
  readonly eventAfter?: Float64Array
  /** Order history known on that day. */
  readonly baskets: Baskets | null
  /** The first basket of each customer after `asOf`; the target of a recommender. */
  readonly next: Baskets | null
  /** What came after `asOf`, for each window that was over; the target of forecasts of money. */
  readonly followed?: readonly Followed[]
  /** Everybody who had bought by that day, also who is no row of it for having been quiet too long: buying models fitted without them know no stopping. */
  readonly buyers?: Buyers
  /** For open deals: how they ended. Where it is given, `outcome` says whether they were won within the horizon. */
  readonly endings?: Endings | null
}

/** The column of that name, or undefined. */
export const column = (frame: Frame, name: string): Column | undefined => frame.columns.find((c) => c.info.name === name)

/** The numbers of that name; throws when the frame lacks them, because a frame is made by us. */
export function numbers(frame: Frame, name: string): Float64Array {
  const found = column(frame, name)
  if (found?.type !== 'number') throw new TypeError(`the frame has no number column "${name}"`)
  return found.values
}
