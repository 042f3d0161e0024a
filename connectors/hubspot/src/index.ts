import type { Connector } from '@assay/shared'
import { check } from './check.ts'
import { openClient } from './client.ts'
import { consent } from './consent.ts'
import { ensureFields, plan, removeFields } from './fields.ts'
import { fieldsByKind, KINDS_READ } from './objects.ts'
import { openPortal } from './portal.ts'
import { read, readIds } from './read.ts'
import { settings as schema, type Settings } from './settings.ts'
import { upsertTask } from './tasks.ts'
import { webhook } from './webhook.ts'
import { estimate, write } from './write.ts'

export type { Settings } from './settings.ts'

export const hubspot: Connector<Settings> = {
  id: 'hubspot',
  title: 'HubSpot',
  settings: schema,
  consent,
  webhook,
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
    const portal = openPortal(client, host, settings.portal)
    return {
      check: () => check(portal, settings),
      reads: fieldsByKind,
      read: (kind, since) => read(portal, kind, since),
      readIds: (kind, ids) => readIds(portal, kind, ids),
      plan: (fields) => plan(client, fields, settings.customer),
      ensureFields: (fields) => ensureFields(client, fields, settings.customer, host.now()),
      removeFields: (receipt) => removeFields(client, receipt),
      estimate: (total) => estimate(portal, total),
      write: (rows) => write(portal, rows),
      upsertTask: (task) => upsertTask(portal, task),
      // Nothing is held open between calls.
      close: () => Promise.resolve(),
    }
  },
}
