import type { Connector } from '@assay/shared'
import { check } from './check.ts'
import { openClient } from './client.ts'
import { ensureFields, plan, removeFields } from './metadata/index.ts'
import { fieldsByKind, KINDS_READ } from './objects.ts'
import { openOrg } from './org.ts'
import { read, readIds } from './read.ts'
import { notForSync, notToKeep, settings as schema, type Settings } from './settings.ts'
import { upsertTask } from './tasks.ts'
import { estimate, write } from './write.ts'

export type { Settings } from './settings.ts'

export const salesforce: Connector<Settings> = {
  id: 'salesforce',
  title: 'Salesforce',
  settings: schema,
  notToKeep,
  capabilities: {
    kinds: KINDS_READ,
    incremental: true,
    deletions: true,
    merges: true,
    history: true,
    readIds: true,
    fields: true,
    write: true,
    tasks: true,
    objects: ['account', 'contact', 'deal'],
  },
  open(settings, host) {
    const client = openClient(settings, host)
    const org = openOrg(client, host, settings.currency)
    const metadata = async () => ({
      connection: await client.connection(),
      log: host.log,
      now: () => host.now(),
      sleep: (ms: number) => host.sleep(ms),
    })
    const { customer } = settings
    async function* guarded<T>(work: AsyncIterable<T>): AsyncGenerator<T> {
      notForSync(settings)
      yield* work
    }
    return {
      check: () => check(org, settings),
      reads: fieldsByKind,
      read: (kind, since, known) => guarded(read(org, kind, since, known)),
      readIds: (kind, ids) => guarded(readIds(org, kind, ids)),
      plan: async (fields) => plan(await metadata(), fields, customer),
      ensureFields: async (fields) =>
        // Fields are hidden from whoever made them: a user who installs by its own sign-in is given the permission sets too.
        ensureFields(await metadata(), fields, { customer, integrationUser: settings.integrationUser ?? settings.jwt?.username ?? null }),
      removeFields: async (receipt) => removeFields(await metadata(), receipt),
      estimate: (total) => estimate(org, total),
      write: (rows, total) => guarded(write(org, rows, total)),
      upsertTask: async (task) => {
        notForSync(settings)
        return upsertTask(org, task)
      },
      // Nothing is held open between calls.
      close: () => Promise.resolve(),
    }
  },
}
