import { AssayError, type ScoreObject } from '@assay/shared'
import { z } from 'zod'
import { recordName } from '../../store/record-names.ts'
import { operation } from '../operation.ts'

const OBJECTS: readonly ScoreObject[] = ['account', 'contact', 'deal']

/** A link to the panel of one record: signed for that record, and soon over. */
export const link = operation({
  name: 'link',
  input: z.object({
    connection: z.string().optional(),
    record: z.string(),
    minutes: z
      .number()
      .positive()
      .max(60 * 24)
      .default(15),
    /** Whether whoever has it may answer offers. */
    answers: z.boolean().default(true),
  }),
  async run(app, input) {
    const connection = await app.connection(input.connection)
    const [object, ...rest] = input.record.split(':')
    const known = OBJECTS.find((one) => one === object)
    if (!known || rest.join(':') === '') {
      throw new AssayError('config', `"${input.record}" names no record.`, {
        hint: `Write OBJECT:ID with one of ${OBJECTS.join(', ')}, for example account:77.`,
      })
    }
    const id = rest.join(':')
    if ((await recordName(app.store, connection.id, known, id, app.now())) === null) {
      throw new AssayError('config', `There is no ${known} ${id} among what was read from ${connection.title}.`, {
        hint: 'Look at the id, or read what is new: assay sync',
      })
    }
    const expiresAt = app.now() + input.minutes * 60_000
    const token = await app.control.links.sign({ connection: connection.id, object: known, id, expiresAt, answers: input.answers })
    return { path: `/panel/${token}`, url: `${app.url}/panel/${token}`, expiresAt }
  },
})
