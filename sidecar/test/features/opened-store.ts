import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import { type DealDays, openDealDays } from '../../src/store/deal-days.ts'
import type { Store } from '../../src/store/store.ts'

/** Patience (ms) where an engine starts and other tests keep the processors busy. */
export const SLOW = 120_000

/** An embedded store for one test file, made before its tests and thrown away after them. */
export function openedStore(): { readonly store: Store; days(): DealDays } {
  const opened: { store?: Store; directory?: string } = {}
  beforeAll(async () => {
    opened.directory = await mkdtemp(join(tmpdir(), 'assay-features-'))
    opened.store = await openStore({ dataDirectory: opened.directory, database: 'org_features' })
    await opened.store.migrate()
  }, SLOW)
  afterAll(async () => {
    await opened.store?.close()
    if (opened.directory) await rm(opened.directory, { recursive: true, force: true })
  }, SLOW)
  return {
    get store() {
      return opened.store!
    },
    // A day is worked out once: what is added later is seen only by days that are opened later.
    days: () => openDealDays(opened.store!.driver),
  }
}
