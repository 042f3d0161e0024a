import { AssayError, type Kind, KINDS } from '@assay/shared'
import { z } from 'zod'
import type { App } from '../../app.ts'
import type { Connection } from '../../control/index.ts'
import { operation } from '../operation.ts'
import { logged } from './logged.ts'

/** Forgets one record in both planes, with a receipt that says how much went and never what it was. `by` asked for it. */
export async function eraseRecord(app: App, connection: Connection, kind: Kind, id: string, by: string, signal: AbortSignal) {
  return logged(app, 'erase', connection, signal, async () => {
    const mining = await app.store.erase(connection.id, kind, id)
    const control = await app.control.erase(connection.id, kind, id)
    const receipt = { connection: connection.id, kind, id, erasedAt: app.now(), mining, control }
    await app.control.audit.add(by, 'erased', { connection: connection.id, kind, mining, control })
    return receipt
  })
}

/**
 * Erases everybody whom the CRM has forgotten for privacy. The mark goes with the record, so what is killed is done by the next
 * call. How many it were.
 */
export async function eraseTold(app: App, connection: Connection, signal: AbortSignal): Promise<number> {
  for (let erased = 0; ; erased += 1) {
    const [next] = await app.control.told.waiting(connection.id, 'erased', 1)
    if (next === undefined) return erased
    await eraseRecord(app, connection, next.kind, next.id, connection.connector, signal)
  }
}

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
    return eraseRecord(app, connection, kind, id, 'admin', signal)
  },
})
