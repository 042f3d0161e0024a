import { AssayError } from '@assay/shared'
import { z } from 'zod'
import { dayAfter } from '../../flow/mine/days.ts'
import { proposeDefinitions } from '../../flow/mine/define.ts'
import { operation } from '../operation.ts'
import { CHURN_DECISION, OPEN_DECISION, STABLE_DECISION } from './mine.ts'

/** What could count as lost, with how many customers each choice would label; accepts one when told to. */
export const defineChurn = operation({
  name: 'define-churn',
  input: z.object({
    connection: z.string().optional(),
    /** Days of silence to accept, or `proposed`. */
    accept: z.union([z.literal('proposed'), z.number().int().positive()]).optional(),
    /** Left out: as it is proposed, and silence for a number of days. */
    from: z.enum(['silence', 'end']).optional(),
  }),
  async run(app, input, tell) {
    const connection = await app.connection(input.connection)
    const read = await app.store.counts(connection.id)
    if (!read.some(({ kind, records }) => (kind === 'deal' || kind === 'subscription') && records > 0)) {
      throw new AssayError('config', `Neither deals nor subscriptions of ${connection.title} were read yet, so no choice can be tried.`, {
        hint: 'Run: assay sync. What may be read: assay check',
      })
    }
    tell({ step: 'define', detail: 'trying the choices on the past' })
    const proposal = await proposeDefinitions(app.store, connection.id, dayAfter(app.now()))
    if (input.accept === undefined) return { ...proposal, accepted: null }
    const { accept, from } = input
    const chosen = proposal.choices.find(({ definition, proposed, fits }) =>
      accept === 'proposed'
        ? from === undefined
          ? proposed
          : fits && definition.from === from
        : definition.horizonDays === accept && definition.from === (from ?? 'silence'),
    )
    if (!chosen) {
      throw new AssayError(
        'config',
        `There is no choice of ${accept === 'proposed' ? 'what is proposed' : `${accept} days`} (${from ?? 'silence'}).`,
        {
          hint: `Choose one of: ${proposal.choices.map((choice) => choice.definition.event).join('; ')}.`,
        },
      )
    }
    await app.control.decisions.set(connection.id, CHURN_DECISION, chosen.definition, 'admin')
    await app.control.audit.add('admin', 'churn defined', { connection: connection.id, event: chosen.definition.event })
    return { ...proposal, accepted: chosen.definition }
  },
})

/**
 * Which attributes of the CRM may be learned from. Only today's value of an attribute is known, and it may have been filled in
 * after the outcome; so none is used until somebody who knows says that it is stable.
 */
export const defineAttributes = operation({
  name: 'define-attributes',
  input: z.object({
    connection: z.string().optional(),
    /** Names to declare stable, instead of those declared before; empty takes all back. */
    stable: z.array(z.string()).optional(),
    /** Of the stable ones those that everybody may read who sees scores, instead of those said before. */
    open: z.array(z.string()).optional(),
  }),
  async run(app, input) {
    const connection = await app.connection(input.connection)
    if (input.stable !== undefined) {
      await app.control.decisions.set(connection.id, STABLE_DECISION, input.stable, 'admin')
      await app.control.audit.add('admin', 'attributes declared stable', { connection: connection.id, stable: input.stable })
    }
    if (input.open !== undefined) {
      await app.control.decisions.set(connection.id, OPEN_DECISION, input.open, 'admin')
      await app.control.audit.add('admin', 'attributes declared open', { connection: connection.id, open: input.open })
    }
    const stable = (await app.control.decisions.get<readonly string[]>(connection.id, STABLE_DECISION)) ?? []
    const open = (await app.control.decisions.get<readonly string[]>(connection.id, OPEN_DECISION)) ?? []
    const report = (await app.control.models.newest(connection.id, 'churn'))?.report
    const seen = report?.details['attributes'] as
      | { used: readonly string[]; leftOut: readonly { column: string; why: string }[] }
      | undefined
    const known = seen === undefined ? null : new Set([...seen.used, ...seen.leftOut.map(({ column }) => column)])
    return {
      stable,
      open,
      used: seen?.used ?? [],
      leftOut: (seen?.leftOut ?? []).filter(({ column }) => !stable.includes(column)),
      /** Declared, and not among what the newest model saw: by the look of it misspelt. */
      unknown: known === null ? [] : [...new Set([...stable, ...open])].filter((name) => !known.has(name)),
      /** Open, and not stable: no sign can come from them. */
      idle: open.filter((name) => !stable.includes(name)),
    }
  },
})
