import { AssayError, type Kind, KINDS } from '@assay/shared'
import { z } from 'zod'
import { operation } from '../operation.ts'
import { logged } from './sync.ts'

/** Forgets one record in both planes, and says what was there. The CRM itself is the admin's to clean. */
export const erase = operation({
  name: 'erase',
  input: z.object({ connection: z.string().optional(), record: z.string() }),
  async run(app, input, _tell, signal) {
    const connection = await app.connection(input.connection)
    const [word, ...rest] = input.record.split(':')
    const id = rest.join(':')
    const kind = KINDS.find((one): one is Kind => one === word)
    if (!kind || id === '') {
      throw new AssayError('config', `"${input.record}" names no record.`, {
        hint: `Write KIND:ID with one of ${KINDS.join(', ')}, for example contact:512.`,
      })
    }
    return logged(app, 'erase', connection, signal, async () => {
      const mining = await app.store.erase(connection.id, kind, id)
      const control = await app.control.erase(connection.id, kind, id)
      const receipt = { connection: connection.id, kind, id, erasedAt: app.now(), mining, control }
      // The receipt says how much went, never what it was.
      await app.control.audit.add('admin', 'erased', { connection: connection.id, kind, mining, control })
      return receipt
    })
  },
})
