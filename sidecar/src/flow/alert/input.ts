import type { Log, Session } from '@assay/shared'
import type { Control } from '../../control/control.ts'
import type { CustomerUnit } from '../../features/history.ts'
import type { Store } from '../../store/store.ts'
import type { Bands } from '../bands.ts'
import type { AlertPolicy } from './policy.ts'

export interface AlertInput {
  readonly control: Pick<Control, 'alerts'>
  readonly store: Store
  readonly session: Pick<Session, 'upsertTask'>
  readonly connection: string
  readonly object: CustomerUnit
  readonly run: string
  /** The event in words: "no order within 90 days". */
  readonly event: string
  readonly dataUntil: number
  readonly bands: Bands
  readonly policy: AlertPolicy
  readonly dryRun: boolean
  readonly now: () => number
  readonly log: Log
  readonly signal: AbortSignal
  /** How many customers of those who are concerned were dealt with. */
  readonly tell: (done: number, total: number) => void
}
