import type { Cost } from './meter.ts'

/** What the bench tells the sidecar process. */
export type Order =
  | { readonly order: 'open'; readonly home: string; readonly url: string; readonly token: string; readonly ahead: number }
  | { readonly order: 'step'; readonly step: StepName; readonly ahead: number }

/** What the sidecar process answers. */
export type Answer =
  | { readonly answer: 'opened'; readonly memory: 'kernel' | 'sampled' }
  | { readonly answer: 'done'; readonly parts: readonly Part[]; readonly said: Readonly<Record<string, unknown>> }
  | { readonly answer: 'failed'; readonly why: string }

/** A part of a step by itself: "fit churn" of mining. */
export interface Part {
  readonly name: string
  readonly cost: Cost
}

export type StepName = 'connect' | 'sync' | 'define' | 'mine' | 'fields' | 'publish first' | 'publish' | 'alerts'

/** One line of the table. */
export interface Line {
  readonly phase: 'first run' | 'echo' | 'after a 1 % change'
  readonly name: string
  readonly cost: Cost
  /** What went through: records read, customers, records written. Null where that means nothing. */
  readonly records: number | null
  /** CPU seconds of the stand-in meanwhile, which shares the machine. Null for a part of a step. */
  readonly standInSeconds: number | null
  /** What the operation answered; null for a part of a step. */
  readonly said: Readonly<Record<string, unknown>> | null
}

export interface Measured {
  readonly accounts: number
  readonly memory: 'kernel' | 'sampled'
  readonly lines: readonly Line[]
  readonly peakBytes: number
}
