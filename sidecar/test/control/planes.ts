import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { openControl } from '../../src/control/index.ts'
import type { Control, ControlOptions } from '../../src/control/index.ts'
import { ownDatabase } from './own-database.ts'

// An embedded engine takes seconds to start on a busy machine; nothing here measures time.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

/** An engine of its own for one test file, thrown away afterwards. */
export interface Plane {
  readonly home: string
  readonly databaseUrl: string | null
  /** A migrated control plane of that organisation. Embedded: one at a time, because the directory has one owner. */
  open(organisation: string, more?: Partial<ControlOptions>): Promise<Control>
  /** Closes what is open and removes everything. */
  remove(): Promise<void>
}
export interface Engine {
  readonly name: string
  readonly make: () => Promise<Plane>
}

const makeHome = () => mkdtemp(join(tmpdir(), 'assay-control-'))

async function plane(databaseUrl: string | null, removeDatabase: () => Promise<void>): Promise<Plane> {
  const home = await makeHome()
  const opened: Control[] = []
  return {
    home,
    databaseUrl,
    async open(organisation, more = {}) {
      const control = await openControl({ home, organisation, databaseUrl, ...more })
      opened.push(control)
      await control.migrate()
      return control
    },
    async remove() {
      for (const control of opened) await control.close()
      await removeDatabase()
      await rm(home, { recursive: true, force: true })
    },
  }
}

const embedded: Engine = { name: 'embedded PostgreSQL', make: () => plane(null, async () => undefined) }

const server = (url: string): Engine => ({
  name: 'a real PostgreSQL',
  async make() {
    const own = await ownDatabase(url)
    return plane(own.url, () => own.remove())
  },
})

const serverUrl = process.env['DATABASE_URL']
if (serverUrl === undefined) console.log('left out: control plane on a real PostgreSQL (set DATABASE_URL)')

/** The engines that the suite runs on: always the embedded one, and a server where DATABASE_URL names one. */
export const ENGINES: readonly Engine[] = serverUrl === undefined ? [embedded] : [embedded, server(serverUrl)]

export { makeHome }
