import type { Log, ScoreField, ScoreObject, Session } from '@assay/shared'
import type { Control } from '../../control/control.ts'
import type { Store } from '../../store/store.ts'
import type { Note } from './notes.ts'
import type { PublishPolicy } from './policy.ts'

export interface PublishInput {
  readonly control: Pick<Control, 'outbox' | 'feedback' | 'decisions' | 'database' | 'organisation'>
  readonly store: Store
  readonly session: Session
  readonly connection: string
  readonly object: ScoreObject
  /** The run whose scores are to be published. */
  readonly run: string
  /** Fields of the miners that have something to say, and the common ones. */
  readonly fields: readonly ScoreField[]
  readonly policy: PublishPolicy
  /** By model id. */
  readonly notes: ReadonlyMap<string, Note>
  readonly mode: 'dry-run' | 'write'
  /** A person saw the first twenty and said go on; remembered from then on. */
  readonly proceed: boolean
  readonly now: () => number
  readonly log: Log
  readonly signal: AbortSignal
  /** How many records were compared with what stands in the CRM, or written there; null where nobody knows how many there are. */
  readonly tell: (what: 'compare' | 'write', done: number, total: number | null) => void
}
