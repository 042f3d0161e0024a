import { randomUUID } from 'node:crypto'
import type { Control, Model } from './control.ts'
import { toInstant, toJson } from './parsers.ts'
import type { Scope } from './scope.ts'

const ABOUT = `id, connection, miner, miner_version as "minerVersion", state, definition, params, report,
  data_until as "dataUntil", fitted_at as "fittedAt"`
const WHOLE = `${ABOUT}, model`

/** Throws where a value would come back from JSON as another one: a NaN as null, a typed array as an object. */
function requirePlain(value: unknown, where: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${where} is ${value}: a model is plain JSON`)
  if (ArrayBuffer.isView(value)) throw new TypeError(`${where} is a typed array: a model is plain JSON`)
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) requirePlain(member, `${where}.${key}`)
}

export function models({ database, organisation }: Scope): Control['models'] {
  return {
    async add(model) {
      requirePlain(model.model, 'model')
      const id = randomUUID()
      return database.transaction(async (inside) => {
        if (model.state === 'live') {
          await inside.query(
            `update assay.model set state = 'retired' where org_id = $1 and connection = $2 and miner = $3 and state = 'live'`,
            [organisation, model.connection, model.miner],
          )
        }
        const rows = await inside.query<Model>(
          `insert into assay.model (org_id, id, connection, miner, miner_version, state, definition, params, model, report, data_until, fitted_at)
           values ($1, $2, $3, $4, $5, $6, $7::json, $8::json, $9::json, $10::json, $11::timestamptz, $12::timestamptz) returning ${WHOLE}`,
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
          ],
        )
        return rows[0]!
      })
    },
    async live(connection, miner) {
      const rows = await database.query<Model>(
        `select ${WHOLE} from assay.model where org_id = $1 and connection = $2 and miner = $3 and state = 'live'`,
        [organisation, connection, miner],
      )
      return rows[0] ?? null
    },
    list: (connection) =>
      database.query<Omit<Model, 'model'>>(`select ${ABOUT} from assay.model where org_id = $1 and connection = $2 order by seq desc`, [
        organisation,
        connection,
      ]),
    async newest(connection, miner) {
      const rows = await database.query<Model>(
        `select ${WHOLE} from assay.model where org_id = $1 and connection = $2 and miner = $3 order by seq desc limit 1`,
        [organisation, connection, miner],
      )
      return rows[0] ?? null
    },
  }
}
