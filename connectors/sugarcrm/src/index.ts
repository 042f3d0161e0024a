import type { Connector } from '@assay/shared'
import { check } from './check.ts'
import { openClient } from './client.ts'
import { installable } from './installable.ts'
import { ensureFields, plan, removeFields } from './fields.ts'
import { openInstance } from './instance.ts'
import { fieldsByKind, KINDS_READ } from './modules.ts'
import { read, readIds } from './read.ts'
import { settings as schema, type Settings } from './settings.ts'
import { upsertTask } from './tasks.ts'
import { estimate, write } from './write.ts'

export { buildPackage, PACKAGE_FILE, type PackageContent } from './package/index.ts'
export type { Settings } from './settings.ts'

export const sugarcrm: Connector<Settings> = {
  id: 'sugarcrm',
  title: 'SugarCRM',
  settings: schema,
  capabilities: {
    kinds: KINDS_READ,
    incremental: true,
    deletions: true,
    merges: false,
    history: true,
    readIds: true,
    fields: 'package',
    write: true,
    tasks: true,
    objects: ['account', 'contact', 'deal'],
  },
  buildPackage: installable,
  open(settings, host) {
    const client = openClient(settings, host)
    const instance = openInstance(client, host, settings)
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
      // No sign-out: it would end the sessions of other processes as well.
      close() {
        client.close()
        return Promise.resolve()
      },
    }
  },
}
