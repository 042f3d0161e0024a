import { randomUUID } from 'node:crypto'
import { AssayError } from '@assay/shared'
import type { Control, Database, Model, ModelEvent } from './control.ts'
import { toInstant, toJson } from './parsers.ts'
import type { Scope } from './scope.ts'

const ABOUT = `id, connection, miner, miner_version as "minerVersion", state, definition, params, report,
  data_until as "dataUntil", fitted_at as "fittedAt", decided_at as "decidedAt"`
const WHOLE = `${ABOUT}, model`
/** The actor where no person decided. */
const OURSELVES = 'assay'

/** Throws where a value would come back from JSON as another one: a NaN as null, a typed array as an object. */
function requirePlain(value: unknown, where: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${where} is ${value}: a model is plain JSON`)
  if (ArrayBuffer.isView(value)) throw new TypeError(`${where} is a typed array: a model is plain JSON`)
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) requirePlain(member, `${where}.${key}`)
}

export function models(scope: Scope): Control['models'] {
  const { database, organisation, now } = scope
  const one = async (where: string, params: readonly unknown[]): Promise<Model | null> => {
    const rows = await database.query<Model>(
      `select ${WHOLE} from assay.model where org_id = $1 and connection = $2 and ${where} limit 1`,
      [organisation, ...params],
    )
    return rows[0] ?? null
  }
  return {
    async add(model, by = OURSELVES) {
      requirePlain(model.model, 'model')
      const id = randomUUID()
      return database.transaction(async (inside) => {
        if (model.state === 'live') await retireLive(scope, inside, model.connection, model.miner, by, 'a newer model took over')
        const rows = await inside.query<Model>(
          `insert into assay.model (org_id, id, connection, miner, miner_version, state, definition, params, model, report, data_until, fitted_at, decided_at)
           values ($1, $2, $3, $4, $5, $6, $7::json, $8::json, $9::json, $10::json, $11::timestamptz, $12::timestamptz, $13::timestamptz)
           returning ${WHOLE}`,
          [
            organisation,
            id,
            model.connection,
            model.miner,
            model.minerVersion,
            model.state,
            toJson(model.definition),
            toJson(model.params),
            toJson(model.model),
            toJson(model.report),
            toInstant(model.dataUntil),
            toInstant(model.fittedAt),
            toInstant(now()),
          ],
        )
        await note(scope, inside, rows[0]!, model.state, by, model.report.why)
        return rows[0]!
      })
    },
    live: (connection, miner) => one(`miner = $3 and state = 'live'`, [connection, miner]),
    list: (connection) =>
      database.query<Omit<Model, 'model'>>(`select ${ABOUT} from assay.model where org_id = $1 and connection = $2 order by seq desc`, [
        organisation,
        connection,
      ]),
    newest: (connection, miner) => one('miner = $3 order by seq desc', [connection, miner]),
    current: (connection, miner) =>
      one(`miner = $3 and state <> 'retired' order by decided_at desc, (state = 'live') desc, seq desc`, [connection, miner]),
    get: (connection, id) => one('id = $3', [connection, id]),
    async keep(connection, id, by, why) {
      await database.transaction(async (inside) => {
        const rows = await inside.query<Model>(
          `update assay.model set decided_at = $4::timestamptz where org_id = $1 and connection = $2 and id = $3 and state = 'live' returning ${ABOUT}`,
          [organisation, connection, id, toInstant(now())],
        )
        if (rows[0]) await note(scope, inside, rows[0], 'kept', by, why)
      })
    },
    restore: (connection, miner, id, by) =>
      database.transaction(async (inside) => {
        const live = await inside.query<{ id: string; seq: number }>(
          `select id, seq from assay.model where org_id = $1 and connection = $2 and miner = $3 and state = 'live'`,
          [organisation, connection, miner],
        )
        const target = await earlierLive(scope, inside, { connection, miner, id, before: live[0]?.seq ?? null })
        await retireLive(scope, inside, connection, miner, by, 'rolled back')
        const rows = await inside.query<Model>(
          `update assay.model set state = 'live', decided_at = $4::timestamptz where org_id = $1 and connection = $2 and id = $3 returning ${WHOLE}`,
          [organisation, connection, target, toInstant(now())],
        )
        await note(scope, inside, rows[0]!, 'restored', by, live[0] ? `instead of ${live[0].id}` : 'no model was live')
        return { from: live[0]?.id ?? null, to: rows[0]! }
      }),
    events: (connection, miner, limit) =>
      database.query<ModelEvent>(
        `select model, miner, at, what, actor, why from assay.model_event
         where org_id = $1 and connection = $2 and ($3::text is null or miner = $3) order by seq desc limit $4`,
        [organisation, connection, miner, limit],
      ),
  }
}

async function note(
  { organisation, now }: Scope,
  inside: Database,
  model: Pick<Model, 'id' | 'connection' | 'miner'>,
  what: ModelEvent['what'],
  by: string,
  why: string,
): Promise<void> {
  await inside.query(
    `insert into assay.model_event (org_id, connection, model, miner, at, what, actor, why)
     values ($1, $2, $3, $4, $5::timestamptz, $6, $7, $8)`,
    [organisation, model.connection, model.id, model.miner, toInstant(now()), what, by, why],
  )
}

async function retireLive(scope: Scope, inside: Database, connection: string, miner: string, by: string, why: string): Promise<void> {
  const rows = await inside.query<Pick<Model, 'id'>>(
    `update assay.model set state = 'retired', decided_at = $4::timestamptz
     where org_id = $1 and connection = $2 and miner = $3 and state = 'live' returning id`,
    [scope.organisation, connection, miner, toInstant(scope.now())],
  )
  for (const { id } of rows) await note(scope, inside, { id, connection, miner }, 'retired', by, why)
}

interface Back {
  readonly connection: string
  readonly miner: string
  readonly id: string | null
  /** The place of the live model in the order in which models were made. */
  readonly before: number | null
}

/** The model to go back to: the given one if it was ever live, else the one that was live before. */
async function earlierLive({ organisation }: Scope, inside: Database, { connection, miner, id, before }: Back): Promise<string> {
  const rows = await inside.query<Pick<Model, 'id'>>(
    `select id from assay.model where org_id = $1 and connection = $2 and miner = $3 and state = 'retired'
       and ($4::text is null or id = $4) and ($4::text is not null or $5::bigint is null or seq < $5::bigint)
     order by seq desc limit 1`,
    [organisation, connection, miner, id, before],
  )
  if (rows[0]) return rows[0].id
  throw new AssayError(
    'config',
    id === null ? `There is no earlier model of ${miner} to go back to.` : `${id} is no earlier live model of ${miner}.`,
    { hint: 'See them: assay models' },
  )
}
