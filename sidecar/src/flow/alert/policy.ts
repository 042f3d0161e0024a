import { z } from 'zod'

/** What an admin may decide about alerts. */
export const alertPolicy = z.object({
  /** A new band must last this many days, and be seen on newer data, before anybody is told. */
  persistDays: z.number().min(0).max(30).default(2),
  /** Points below the edge of High before an alert counts as over: a separate threshold, so that nothing flickers. */
  recoveryPoints: z.number().min(0).max(50).default(10),
  /** New tasks per owner and week; the rest goes into one digest. */
  perOwnerAndWeek: z.number().int().min(1).max(50).default(3),
  /** Who gets what has no active owner; null: nobody, and the report says so. */
  fallbackOwner: z.string().nullable().default(null),
  /** If more than this share of all customers turn at once, it is a feed problem and nothing is sent. */
  stormShare: z.number().gt(0).max(1).default(0.2),
  /** Days until a task is due. */
  dueDays: z.number().int().min(0).max(30).default(3),
})
export type AlertPolicy = z.infer<typeof alertPolicy>
export const ALERT_DECISION = 'alerts'
