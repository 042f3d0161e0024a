import type { Connector, Miner } from '@assay/shared'
import { csv } from '@assay/connector-csv'
import { hubspot } from '@assay/connector-hubspot'
import { churn } from './miners/churn/index.ts'
import { offers } from './miners/offers/index.ts'
import { segments } from './miners/segments/index.ts'

/** What a miner is taught with: past snapshots with what followed, everybody as they are, or baskets. */
export type LessonKind = 'snapshots' | 'present' | 'baskets'
export interface MinerEntry {
  readonly miner: Miner
  readonly lesson: LessonKind
}

/** The one list of miners, in the order of the report. */
export const MINERS: readonly MinerEntry[] = [
  { miner: churn, lesson: 'snapshots' },
  { miner: segments, lesson: 'present' },
  { miner: offers, lesson: 'baskets' },
]

/** The one list of connectors. */
export const CONNECTORS: readonly Connector[] = [hubspot, csv]

export function minerOf(id: string): MinerEntry {
  const found = MINERS.find((entry) => entry.miner.id === id)
  if (!found) throw new TypeError(`no miner "${id}"`)
  return found
}
