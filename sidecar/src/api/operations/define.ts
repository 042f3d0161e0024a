import { AssayError } from '@assay/shared'
import { z } from 'zod'
import { dayAfter } from '../../flow/mine/days.ts'
import { proposeDefinitions } from '../../flow/mine/define.ts'
import { operation } from '../operation.ts'
import { CHURN_DECISION } from './mine.ts'

/** What could count as lost, with how many customers each choice would label; accepts one when told to. */
export const defineChurn = operation({
  name: 'define-churn',
  input: z.object({
    connection: z.string().optional(),
    /** Days of silence to accept, or `proposed`. */
    accept: z.union([z.literal('proposed'), z.number().int().positive()]).optional(),
    from: z.enum(['silence', 'end']).default('silence'),
  }),
  async run(app, input, tell) {
    const connection = await app.connection(input.connection)
    tell({ step: 'define', detail: 'trying the choices on the past' })
    const proposal = await proposeDefinitions(app.store, connection.id, dayAfter(app.now()))
    if (input.accept === undefined) return { ...proposal, accepted: null }
    const chosen = proposal.choices.find((choice) =>
      input.accept === 'proposed'
        ? choice.proposed
        : choice.definition.horizonDays === input.accept && choice.definition.from === input.from,
    )
    if (!chosen) {
      throw new AssayError('config', `There is no choice of ${input.accept} days (${input.from}).`, {
        hint: `Choose one of: ${proposal.choices.map((choice) => choice.definition.event).join('; ')}.`,
      })
    }
    await app.control.decisions.set(connection.id, CHURN_DECISION, chosen.definition, 'admin')
    await app.control.audit.add('admin', 'churn defined', { connection: connection.id, event: chosen.definition.event })
    return { ...proposal, accepted: chosen.definition }
  },
})
