import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, isOwnership, openApp, type Operation, readConfig, takeOwnership } from '@assay/sidecar'
import { quiet, silent } from './folders.ts'

/** An Assay of a test's own: a data directory, both planes, a clock that is the CRM's. */
export interface Workplace {
  readonly app: App
  /** Does one thing as a command would. */
  does<I, O>(operation: Operation<I, O>, input: I): Promise<O>
  close(): Promise<void>
}

export async function openWorkplace(name: string, now: () => number): Promise<Workplace> {
  const home = await mkdtemp(join(tmpdir(), `assay-${name}-`))
  const ownership = await takeOwnership(home)
  if (!isOwnership(ownership)) throw new Error('the directory of this test belongs to somebody')
  const stop = new AbortController()
  const app = await openApp(readConfig({ ASSAY_HOME: home, ASSAY_LOG: 'warn' }), quiet, ownership, now)
  return {
    app,
    does: (operation, input) => operation.run(app, input, silent, stop.signal),
    async close() {
      await app.close()
      await ownership.release()
      await rm(home, { recursive: true, force: true })
    },
  }
}
