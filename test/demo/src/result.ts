import type { EventDefinition, Report } from '@assay/shared'

/** What `assay demo --json` prints. */
export interface DemoResult {
  readonly seconds: number
  readonly company: { readonly accounts: number; readonly seed: number; readonly today: string }
  readonly synced: { readonly read: Readonly<Record<string, number | undefined>>; readonly deleted: number; readonly aside: number }
  readonly learned: { readonly definition: EventDefinition; readonly unit: string }
  readonly judged: readonly Report[]
  /** What could be known at best: the world's own probabilities, on the same days. */
  readonly oracle: { readonly auc: number; readonly model: number; readonly recencyOnly: number; readonly rows: number } | null
  readonly written: {
    readonly fields: number
    readonly bill: object
    readonly first: number
    readonly rest: number
    readonly rejected: number
  }
  readonly later: readonly {
    readonly days: number
    readonly read: object
    readonly written: number
    readonly unchanged: number
    readonly alerts: { readonly raised: number; readonly updated: number; readonly closed: number } | null
  }[]
  readonly alerted: number
  /** What was not done, and why. */
  readonly leftOut: readonly string[]
  readonly panel: { readonly record: string; readonly fields: Readonly<Record<string, string | null>> }
}
