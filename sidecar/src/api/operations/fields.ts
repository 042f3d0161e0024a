import {
  AssayError,
  COMMON_FIELDS,
  PUBLISHED_FIELDS,
  type Receipt,
  type Report,
  type ScoreField,
  type ScoreObject,
  type Session,
} from '@assay/shared'
import { z } from 'zod'
import type { App } from '../../app.ts'
import type { Connection } from '../../control/index.ts'
import { closeAll, type Closed, openTasks } from '../../flow/alert/close-all.ts'
import { ALERT_DECISION, alertPolicy } from '../../flow/alert/policy.ts'
import { CONFIRMED_DECISION } from '../../flow/publish/publish.ts'
import { answersOf } from '../../flow/sync/answers.ts'
import { MINERS } from '../../registry.ts'
import { erasePublished } from '../../store/erase.ts'
import { operation, type Operation } from '../operation.ts'
import { type LastScores, SCORES_DECISION } from './scores.ts'

const which = z.object({ connection: z.string().optional() })

/**
 * Fields of the miners that have something to say for this connection, and the common ones; all of them before the first
 * run. A miner whose model was refused still says what follows a stated rule.
 */
export async function fieldsFor(app: App, connection: Connection): Promise<readonly ScoreField[]> {
  const current = await Promise.all(
    MINERS.map(async ({ miner }) => ({ miner, model: await app.control.models.current(connection.id, miner.id) })),
  )
  const speaking = current.flatMap(({ miner, model }) =>
    model === null || !reachesFarEnough(model.report)
      ? []
      : miner.writes.filter((field) => model.state === 'live' || field.stated === true),
  )
  return [...(speaking.length > 0 ? speaking : current.flatMap(({ miner }) => miner.writes)), ...COMMON_FIELDS]
}

/** A forecast whose history cannot carry the year that its fields are about has nothing to write yet. */
const reachesFarEnough = ({ outlook }: Report): boolean =>
  outlook === undefined || outlook.forecasts.every(({ days, beyond }) => days !== YEAR || beyond === null)
const YEAR = 365

const withFields = async <T>(
  app: App,
  name: string | undefined,
  signal: AbortSignal,
  work: (connection: Connection, session: ReturnType<App['session']>) => Promise<T>,
): Promise<T> => {
  const connection = await app.connection(name)
  if (!app.connector(connection.connector).capabilities.fields) {
    throw new AssayError('config', `${connection.title} has no fields that Assay could make.`, {
      hint: 'Connect a CRM, or read the scores with assay report.',
    })
  }
  const session = app.session(connection, signal)
  try {
    return await work(connection, session)
  } finally {
    await session.close()
  }
}

/** What `fields install` would change, and how many open tasks `fields remove` would close; changes nothing. */
export const fieldsPlan = operation({
  name: 'fields-plan',
  input: which,
  run: (app, input, _tell, signal) =>
    withFields(app, input.connection, signal, async (connection, session) => ({
      ...(await session.plan(await fieldsFor(app, connection))),
      openTasks: openTasks(await app.control.alerts.states(connection.id)).size,
    })),
})

/**
 * Adds to what is remembered of what was made. Where nothing is remembered and nothing was made, everything was there already,
 * made by somebody whose receipt did not come here: an empty receipt would say that none of it is ours to take back.
 */
async function keepReceipt(app: App, connection: Connection, receipt: Receipt): Promise<void> {
  if (receipt.made.length > 0) await app.control.receipts.add(connection.id, receipt)
}

/** Makes the missing fields and keeps a receipt of exactly what was made. */
export const fieldsInstall = operation({
  name: 'fields-install',
  input: which,
  run: (app, input, _tell, signal) =>
    withFields(app, input.connection, signal, async (connection, session) => {
      const receipt = await session.ensureFields(await fieldsFor(app, connection))
      await keepReceipt(app, connection, receipt)
      await app.control.audit.add('admin', 'fields installed', { connection: connection.id, made: receipt.made.length })
      return receipt
    }),
})

/** What a person answered to an offer, as it stands in the CRM. */
export interface StandingAnswer {
  readonly object: ScoreObject
  readonly id: string
  readonly name: string | null
  /** The product code, or the place of the offer ("offer_2") where the code is not known. */
  readonly offer: string
  readonly response: string
  /** ISO 8601 day; null where nobody gave one. */
  readonly on: string | null
}

type Tell = Parameters<Operation['run']>[2]

/** What people answered, as it stands in the fields now, asked of the CRM. */
async function standingAnswers(app: App, connection: Connection, session: Session, tell: Tell): Promise<StandingAnswer[]> {
  const unit = (await app.control.decisions.get<LastScores>(connection.id, SCORES_DECISION))?.unit
  const { objects, kinds } = app.connector(connection.connector).capabilities
  const answers: StandingAnswer[] = []
  let done = 0
  for (const object of objects.filter((one) => kinds.includes(one) && (unit === undefined ? one !== 'deal' : one === unit))) {
    for await (const { records } of session.read(object, null)) {
      done += records.length
      tell({ step: 'answers', detail: 'records looked at', done, total: null })
      for (const record of records) {
        if (record.deleted) continue
        const name = 'name' in record.body ? record.body.name : null
        for (const { answer, dated } of answersOf(record)) {
          const on = dated ? new Date(answer.at).toISOString().slice(0, 10) : null
          answers.push({ object: answer.object, id: answer.id, name, offer: answer.offer, response: answer.response, on })
        }
      }
    }
  }
  return answers
}

/** Every answer of people that stands in the fields now, read from the CRM: what a removal would take away. */
export const fieldsAnswers = operation({
  name: 'fields-answers',
  input: which,
  run: (app, input, tell, signal) =>
    withFields(app, input.connection, signal, async (connection, session) => ({
      connection: connection.id,
      answers: await standingAnswers(app, connection, session, tell),
    })),
})

const ALL = 'all'
const ANSWERS = 'answers'

/** The fields meant by the words: names without a prefix, `answers` for what people fill in, `all`. Throws (`config`) on any other. */
function fieldsMeant(words: readonly string[]): readonly ScoreField[] {
  const unknown = words.filter((word) => word !== ALL && word !== ANSWERS && !PUBLISHED_FIELDS.some(({ name }) => name === word))
  if (unknown.length > 0) {
    throw new AssayError('config', `There is no field "${unknown[0]}" that could be kept.`, {
      hint: 'Say answers, all, or names as in churn_risk: assay fields plan lists them.',
    })
  }
  return PUBLISHED_FIELDS.filter(
    (field) => words.includes(ALL) || words.includes(field.name) || (words.includes(ANSWERS) && (field.setByPeople ?? false)),
  )
}

const placeOf = ({ object, name }: { readonly object: string; readonly name: string }): string => `${object}.${name}`

/** The receipt without what stays; where there is none, one of everything that is there. */
async function without(kept: readonly ScoreField[], receipt: Receipt | null, connector: string, session: Session): Promise<Receipt | null> {
  if (kept.length === 0) return receipt
  const { create, keep, clash } = await session.plan(kept)
  const stays = new Set([...create, ...keep, ...clash].map(placeOf))
  const made: Receipt['made'] =
    receipt?.made ?? (await session.plan(PUBLISHED_FIELDS)).keep.map(({ object, name }) => ({ type: 'field', object, name }))
  return { connector, madeAt: receipt?.madeAt ?? 0, made: made.filter((one) => one.type !== 'field' || !stays.has(placeOf(one))) }
}

/** Closes the open tasks that alerts made: without Assay nobody would. Where the CRM takes none, none was made. */
async function endTasks(app: App, connection: Connection, session: Session, signal: AbortSignal): Promise<Closed> {
  const policy = alertPolicy.parse((await app.control.decisions.get(connection.id, ALERT_DECISION)) ?? {})
  const { control, store, now } = app
  return closeAll({ control, store, session, connection: connection.id, now, signal, fallbackOwner: policy.fallbackOwner })
}

/**
 * The fields are gone. Made again one day they are empty: what stood there must not be taken for standing there still, and
 * somebody looks at the first records before all are written.
 */
async function forgetPublished(app: App, connection: Connection): Promise<void> {
  await erasePublished(app.store.driver, connection.id)
  await app.control.decisions.set(connection.id, CONFIRMED_DECISION, false, 'admin')
}

/**
 * Takes back what the receipt names, and closes the tasks that alerts made; works without one; names what is left. Answers that people gave are not thrown away by
 * accident: they are kept (`keep`), or somebody has said that they may go (`discardAnswers`), mostly after saving them.
 */
export const fieldsRemove = operation({
  name: 'fields-remove',
  input: z.object({
    connection: z.string().optional(),
    keep: z.array(z.string()).default([]),
    discardAnswers: z.boolean().default(false),
  }),
  run: (app, input, tell, signal) =>
    withFields(app, input.connection, signal, async (connection, session) => {
      const kept = fieldsMeant(input.keep)
      const byPackage = app.connector(connection.connector).capabilities.fields === 'package'
      if (byPackage && kept.length > 0)
        throw new AssayError('config', 'Fields that came with a package go together, so none of them can be kept. Nothing was removed.', {
          hint: 'Save what people answered (--export FILE); whoever uninstalls the package may have the CRM keep all its tables.',
        })
      const goes = PUBLISHED_FIELDS.some((field) => field.setByPeople && !kept.includes(field))
      const held = goes && !input.discardAnswers
      const known = held ? (await app.control.feedback.list(connection.id)).length : 0
      // Somebody may have answered since the last sync.
      const answers = held && known === 0 ? (await standingAnswers(app, connection, session, tell)).length : known
      if (answers > 0) {
        throw new AssayError(
          'config',
          `People have answered ${answers} offers; their answers would go with the fields. Nothing was removed.`,
          {
            hint: 'Save them first (--export FILE), leave these fields where they are (--keep answers), or say --discard-answers.',
          },
        )
      }
      const receipt = await without(kept, await app.control.receipts.get(connection.id), connection.connector, session)
      const tasks = await endTasks(app, connection, session, signal)
      const removal = await session.removeFields(receipt)
      if (removal.left.length === 0) await app.control.receipts.clear(connection.id)
      // Of fields that an admin takes back with a package nobody will hear when they are gone.
      if (removal.removed.length > 0 || byPackage) await forgetPublished(app, connection)
      await app.control.audit.add('admin', 'fields removed', {
        connection: connection.id,
        removed: removal.removed.length,
        left: removal.left.length,
        tasksClosed: tasks.closed,
      })
      return { ...removal, tasks }
    }),
})

const receiptShape = z.object({
  connector: z.string(),
  madeAt: z.number(),
  made: z.array(z.object({ type: z.enum(['group', 'field', 'permission']), object: z.string(), name: z.string() })).readonly(),
})

/**
 * The receipt of what was made in the CRM. Fields can also be made and taken back by somebody else's sign-in, as an admin
 * does who installs with the CRM's own command: `add` keeps what was made there, `clear` forgets what was taken back there.
 */
export const fieldsReceipt = operation({
  name: 'fields-receipt',
  input: z.object({ connection: z.string().optional(), add: receiptShape.optional(), clear: z.boolean().default(false) }),
  async run(app, input) {
    const connection = await app.connection(input.connection)
    if (input.add !== undefined && input.add.connector !== connection.connector) {
      throw new AssayError('config', `That receipt is of ${input.add.connector}, but "${connection.title}" is ${connection.connector}.`)
    }
    if (input.clear) {
      await app.control.receipts.clear(connection.id)
      await forgetPublished(app, connection)
    }
    if (input.add !== undefined) await keepReceipt(app, connection, input.add)
    if (input.clear || input.add !== undefined) {
      await app.control.audit.add('admin', input.clear ? 'receipt cleared' : 'receipt added', { connection: connection.id })
    }
    return { connection: connection.id, receipt: await app.control.receipts.get(connection.id) }
  },
})
