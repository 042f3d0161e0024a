import { AssayError, type Connector, type Miner } from '@assay/shared'
import { hubspot } from '@assay/connector-hubspot'
import { salesforce } from '@assay/connector-salesforce'
import { sugarcrm } from '@assay/connector-sugarcrm'
import { suitecrm } from '@assay/connector-suitecrm'
import { csv, outcomesOf, profile, readMapping, stableOf } from '@assay/connector-csv'
import { churn, conversion, credit, response } from './miners/churn/index.ts'
import { offers } from './miners/offers/index.ts'
import { segments } from './miners/segments/index.ts'
import { value } from './miners/value/index.ts'
import { wins } from './miners/wins/index.ts'

/** What a miner is taught with: past snapshots with what followed, everybody as they are, baskets, past days with the money that followed, open deals of past days, or only a flat table. */
export type LessonKind = 'snapshots' | 'present' | 'baskets' | 'value' | 'deals' | 'table'
export interface MinerEntry {
  readonly miner: Miner
  readonly lesson: LessonKind
}

/** The one list of miners, in the order of the report. */
export const MINERS: readonly MinerEntry[] = [
  { miner: churn, lesson: 'snapshots' },
  { miner: segments, lesson: 'present' },
  { miner: offers, lesson: 'baskets' },
  { miner: value, lesson: 'value' },
  { miner: wins, lesson: 'deals' },
  { miner: response, lesson: 'table' },
  { miner: credit, lesson: 'table' },
  { miner: conversion, lesson: 'table' },
]

/** The one list of connectors. */
export const CONNECTORS: readonly Connector[] = [hubspot, salesforce, sugarcrm, suitecrm, csv]

/** Throws (`config`) where there is none of that name. */
export function connectorOf(id: string): Connector {
  const found = CONNECTORS.find((one) => one.id === id)
  if (found) return found
  throw new AssayError('config', `There is no connector "${id}".`, { hint: `Known: ${CONNECTORS.map((one) => one.id).join(', ')}.` })
}

export function minerOf(id: string): MinerEntry {
  const found = MINERS.find((entry) => entry.miner.id === id)
  if (!found) throw new TypeError(`no miner "${id}"`)
  return found
}

/** What `assay try` reads: a folder of exports, with what its mapping says beyond records. */
export const exportsFolder = { connector: csv, readMapping, profile, outcomesOf, stableOf }
