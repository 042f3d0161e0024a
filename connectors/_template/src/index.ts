import type { Connector } from '@assay/shared'
import { openClient } from './client.ts'
import { ensureFields, plan, removeFields } from './fields.ts'
import { readAccounts } from './read.ts'
import { settings as schema, type Settings } from './settings.ts'
import { unable } from './unable.ts'
import { write } from './write.ts'

export type { Settings } from './settings.ts'

const CAN = {
  incremental: true,
  deletions: false,
  merges: false,
  history: false,
  readIds: false,
  fields: false,
  write: false,
  tasks: false,
}

export const template: Connector<Settings> = {
  id: 'template',
  title: 'Template',
  settings: schema,
  capabilities: { kinds: ['account'], objects: [], ...CAN },
  open(settings, host) {
    const client = openClient(settings, host)
    return {
      check: () => Promise.reject(unable('check a sign-in yet')),
      reads: () => ({ account: ['id', 'name', 'createdAt', 'modifiedAt'] }),
      read: (_, since) => readAccounts(client, host, since),
      readIds: (kind) => {
        throw unable(`read a named ${kind}`)
      },
      plan,
      ensureFields,
      removeFields,
      estimate: () => Promise.reject(unable('tell what a write costs')),
      write: (rows) => write(rows),
      upsertTask: ({ key }) => Promise.reject(unable(`make the task ${key}`)),
      close: () => Promise.resolve(),
    }
  },
}
