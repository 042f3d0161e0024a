import { z } from 'zod'

export const params = z.object({
  /** Rows that k-means is started on; all rows are assigned. */
  sample: z.number().int().min(100).default(5_000),
  /** Starts of k-means for each number of segments; the best is kept. */
  restarts: z.number().int().min(1).default(8),
  /** Resamples that stability is measured on. */
  resamples: z.number().int().min(2).default(20),
  /** Draws of points without structure that the gap statistic compares with. */
  references: z.number().int().min(2).default(20),
  /** Largest number of segments tried. */
  mostSegments: z.number().int().min(3).max(12).default(8),
  /** A customer who is quiet for longer is Former; null takes it from the usual gaps. */
  formerAfterDays: z.number().positive().nullable().default(null),
})
export type SegmentsParams = z.infer<typeof params>

/** What a segment is told apart by: how recently, how often, how much. */
export const MEASURES = ['days_since_last_order', 'orders', 'money'] as const
export type Measure = (typeof MEASURES)[number]

const segment = z.object({
  name: z.string(),
  /** One sentence with the usual customer of the segment in numbers. */
  description: z.string(),
  size: z.number().int(),
  share: z.number(),
  /** Medians by column. */
  usual: z.record(z.string(), z.number()),
  /** What sets it apart: (mean here - mean of all) / standard deviation of all, strongest first. */
  apart: z.array(z.object({ feature: z.string(), label: z.string(), difference: z.number() })),
  /** Words that are more (or less) frequent here than everywhere, beyond chance; shares of those who have a word, strongest first. */
  words: z.array(z.object({ feature: z.string(), label: z.string(), word: z.string(), here: z.number(), everywhere: z.number() })),
  /** Who belongs here, in words: of the `n` customers that a rule fits the share `right` do. */
  rules: z.array(z.object({ text: z.string(), n: z.number().int(), right: z.number() })),
  /** Quantiles .05, .25, .5, .75, .95 of what the segments are told apart by. */
  boxes: z.array(z.object({ feature: z.string(), label: z.string(), unit: z.string(), five: z.array(z.number()) })),
  /** Share of the segment that the rules together fit. */
  ruled: z.number(),
})
export type Segment = z.infer<typeof segment>

const triedK = z.object({
  k: z.number().int(),
  inertia: z.number(),
  silhouette: z.number(),
  /** Mean over the segments of how well resamples find them again (Jaccard). */
  stability: z.number(),
  /** The same of the segment that is worst at it. */
  weakest: z.number(),
  smallest: z.number().int(),
  /** Gap statistic: how much tighter than points without structure, in ln of the inertia; and its error. */
  gap: z.number(),
  gapError: z.number(),
  /** Why this many will not do; null where they will. */
  against: z.string().nullable(),
  chosen: z.boolean(),
})
export type TriedK = z.infer<typeof triedK>

export const model = z.object({
  asOf: z.number().nullable(),
  rows: z.number().int(),
  /** Days and counts and money at which the score of 1 to 5 changes: kept, so that later runs stay comparable. */
  rfm: z.object({ days_since_last_order: z.array(z.number()), orders: z.array(z.number()), money: z.array(z.number()) }),
  /** Measures used, with mean and standard deviation of log(1 + value). */
  scale: z.array(z.object({ measure: z.enum(MEASURES), mean: z.number(), deviation: z.number() })),
  /** In that scale, one row a segment; null where there is no cluster structure and RFM bins are used instead. */
  centres: z.array(z.array(z.number())).nullable(),
  /** In the order of `centres`, or of the RFM grid. */
  segments: z.array(segment),
  /** Why this number of segments. */
  choice: z.string(),
  /** Gap statistic of one segment: what structure has to exceed. */
  oneGap: z.number(),
  tried: z.array(triedK),
  /** What became of the segments of the model before: null where there was none to compare with. */
  lineage: z
    .object({
      /** Adjusted Rand index of both models on the same customers today. */
      agreement: z.number(),
      /** By segment: the earlier one that it goes on, and their overlap (Jaccard); null where it is new. */
      from: z.array(z.object({ name: z.string(), earlier: z.string().nullable(), overlap: z.number() })),
      gone: z.array(z.string()),
    })
    .nullable(),
  formerAfterDays: z.number(),
})
export type SegmentsModel = z.infer<typeof model>
