import type { Cost } from '../scale/meter.ts'

/** Who reads: the connector, or for comparison csv-parse alone on the same bytes, or nobody at all: the bytes are thrown away. */
export const ROLES = ['connector', 'csv-parse', 'bytes'] as const
export type Role = (typeof ROLES)[number]

export interface Task {
  readonly role: Role
  readonly url: string
  readonly token: string
  /** Records that there are. */
  readonly contacts: number
}

/** What a reader says when it is done; how long Salesforce made it wait for the job is in none of the costs. */
export interface Done {
  readonly role: Role
  readonly records: number
  readonly bytes: number
  readonly pages: number
  /** One for each tenth of the records. */
  readonly tenths: readonly Cost[]
  readonly memory: 'kernel' | 'sampled'
}
