import type { EventDefinition, Report } from '@assay/shared'

/** A model of an earlier run with its verdict. */
export interface KnownModel {
  readonly id: string
  readonly minerVersion: number
  readonly definition: EventDefinition
  readonly params: unknown
  readonly model: unknown
  readonly report: Report
  /** Newest event it learned from, epoch ms. */
  readonly dataUntil: number
}
