import { z } from 'zod'

/** What an admin may decide about publishing; every member has a default that is printed with the scores. */
export const publishPolicy = z.object({
  /** Risk in percent from which a customer counts as Medium, and as High. Absolute, never quantiles. */
  bands: z
    .object({ medium: z.number().int().min(1).max(99), high: z.number().int().min(1).max(99) })
    .refine(({ medium, high }) => medium < high, { message: 'Medium must begin below High' })
    .default({ medium: 30, high: 60 }),
  /** Unchanged records are written again in slices, so that all are seen once in this many days. */
  refreshDays: z.number().int().min(1).max(30).default(7),
  /** How many records the first publish writes before it waits for a person. */
  first: z.number().int().min(1).max(1000).default(20),
  /** What to do when a feature leads the signs; `other` when none of them does. */
  actions: z.record(z.string(), z.string()).default({
    days_since_last_order: 'Call and ask what they need next: the silence is longer than usual.',
    recency_over_gap: 'Call and ask what they need next: the silence is longer than usual.',
    buying_rhythm: 'Call and ask what they need next: by their own rhythm the next order is in doubt.',
    cases_open: 'Solve the open cases first, then call.',
    cases_90d: 'Ask whether the last cases were solved to their satisfaction.',
    lost_deals_365d: 'Ask why the last deal was lost.',
    days_to_renewal: 'Talk about the renewal now.',
    days_since_last_activity: 'Get in touch: nobody spoke with them for a while.',
    activities_90d: 'Get in touch: contact has become rare.',
    activities_trend: 'Get in touch: contact has become rare.',
    days_since_sign_of_life: 'Call: nothing was heard from them for a while.',
    days_since_last_inbound: 'Call: nothing was heard from them for a while.',
    other: 'Call and ask how things are going.',
  }),
})
export type PublishPolicy = z.infer<typeof publishPolicy>
export const POLICY_DECISION = 'publish'
