import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ScoreObject, type Sign } from '@assay/shared'
import { afterAll, beforeAll } from 'vitest'
import { type Control, openControl } from '../../src/control/index.ts'
import { openStore } from '../../src/store/open.ts'
import type { ScoreEntry, Store } from '../../src/store/store.ts'

/** Patience (ms) where engines start and other tests keep the processors busy. */
export const SLOW = 120_000
export const DAY = 86_400_000
/** A Monday noon. */
export const MONDAY = Date.UTC(2026, 5, 1, 12)

/** Both planes, embedded, for one test file; each test takes a connection of its own. */
export function openedPlanes(): { readonly store: Store; readonly control: Control; connect(): Promise<string> } {
  const opened: { store?: Store; control?: Control; home?: string } = {}
  beforeAll(async () => {
    opened.home = await mkdtemp(join(tmpdir(), 'assay-flow-'))
    opened.store = await openStore({ dataDirectory: join(opened.home, 'store'), database: 'org_flow' })
    await opened.store.migrate()
    opened.control = await openControl({ home: opened.home, organisation: 'flow' })
    await opened.control.migrate()
  }, SLOW)
  afterAll(async () => {
    await opened.store?.close()
    await opened.control?.close()
    if (opened.home) await rm(opened.home, { recursive: true, force: true })
  }, SLOW)
  let number = 0
  return {
    get store() {
      return opened.store!
    },
    get control() {
      return opened.control!
    },
    connect: async () => (await opened.control!.connections.add({ connector: 'fake', title: `crm ${number++}`, settings: {} })).id,
  }
}

export const sign = (feature: string, text: string, points: number, more: Partial<Sign> = {}): Sign => ({
  feature,
  text,
  value: 1,
  contribution: points / 20,
  points,
  evidence: null,
  sourceFields: [],
  restricted: false,
  ...more,
})

/** One churn score of one run; `unscored` with facts where the risk is null. */
export const churnEntry = (
  id: string,
  risk: number | null,
  at: { readonly run: string; readonly scoredAt: number; readonly model?: string; readonly object?: ScoreObject },
  more: { readonly signs?: readonly Sign[]; readonly facts?: readonly string[]; readonly unscored?: string } = {},
): ScoreEntry => ({
  object: at.object ?? 'account',
  id,
  miner: 'churn',
  model: at.model ?? 'm1',
  run: at.run,
  asOf: at.scoredAt,
  scoredAt: at.scoredAt,
  fields: risk === null ? {} : { churn_risk: String(risk) },
  probability: risk === null ? null : risk / 100,
  signs:
    risk === null
      ? JSON.stringify({ facts: more.facts ?? [] })
      : JSON.stringify(more.signs ?? [sign('days_since_last_order', '94 days since the last order', 12)]),
  unscored: risk === null ? (more.unscored ?? 'too few customers left to learn from') : null,
})

export const entry = (
  miner: string,
  id: string,
  fields: Readonly<Record<string, string>>,
  at: { readonly run: string; readonly scoredAt: number; readonly object?: ScoreObject },
): ScoreEntry => ({ ...churnEntry(id, 1, at), miner, model: `${miner}1`, fields, probability: null, signs: '[]' })
