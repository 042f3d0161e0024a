import type { Connector } from '@assay/shared'
import { check } from './check.ts'
import { openClient } from './client.ts'
import { ensureFields, plan, removeFields } from './fields.ts'
import { installable } from './installable.ts'
import { openInstance } from './instance.ts'
import { fieldsByKind, KINDS_READ } from './modules.ts'
import { read, readIds } from './read.ts'
import { settings as schema, type Settings } from './settings.ts'
import { upsertTask } from './tasks.ts'
import { estimate, write } from './write.ts'

export type { Settings } from './settings.ts'

export const suitecrm: Connector<Settings> = {
  id: 'suitecrm',
  title: 'SuiteCRM',
  settings: schema,
  capabilities: {
    kinds: KINDS_READ,
    incremental: true,
    deletions: true,
    merges: false,
    // The audit tables are written, and no API shows them: a deal's history is what was seen of it.
    history: false,
    readIds: true,
    fields: 'package',
    write: true,
    tasks: true,
    objects: ['account', 'contact', 'deal'],
  },
  buildPackage: installable,
  open(settings, host) {
    const instance = openInstance(openClient(settings, host), host, settings)
    return {
      check: () => check(instance),
      reads: fieldsByKind,
      read: (kind, since, known) => read(instance, kind, since, known),
      readIds: (kind, ids) => readIds(instance, kind, ids),
      plan: (fields) => plan(instance, fields),
      ensureFields: (fields) => ensureFields(instance, fields),
      removeFields: (receipt) => removeFields(instance, receipt),
      estimate: (total) => Promise.resolve(estimate(total)),
      write: (rows) => write(instance, rows),
      upsertTask: (task) => upsertTask(instance, task),
      // Sessions end by themselves: a sign-out would end those of other processes under the same user.
      close: () => Promise.resolve(),
    }
  },
}
