import { z } from 'zod'

export const params = z.object({
  /** Rows that k-means is started on; all rows are assigned. */
  sample: z.number().int().min(100).default(5_000),
  /** Starts of k-means for each number of segments; the best is kept. */
  restarts: z.number().int().min(1).default(8),
  /** Resamples that stability is measured on. */
  resamples: z.number().int().min(2).default(20),
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
  tried: z.array(triedK),
  formerAfterDays: z.number(),
})
export type SegmentsModel = z.infer<typeof model>
