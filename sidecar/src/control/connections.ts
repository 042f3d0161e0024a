import { randomBytes } from 'node:crypto'
import { AssayError } from '@assay/shared'
import type { Connection, Control } from './control.ts'
import { CONNECTION_TABLES } from './migrations.ts'
import { toInstant } from './parsers.ts'
import type { Scope } from './scope.ts'

interface Row {
  id: string
  connector: string
  title: string
  sealed: string
  state: Connection['state']
  why: string | null
  created_at: number
}

export function connections({ database, organisation, vault, now }: Scope): Control['connections'] {
  // Bound to its connection: sealed settings moved to another row do not open.
  const about = (id: string) => `connection/${organisation}/${id}`

  const fromRow = (row: Row): Connection => {
    const { id, connector, title, state, why } = row
    // Not enumerable: printed, logged or copied with the rest, a connection never carries its secrets along.
    return Object.defineProperty({ id, connector, title, state, why, createdAt: row.created_at } as Connection, 'settings', {
      enumerable: false,
      get: (): unknown => JSON.parse(vault.open(row.sealed, about(id))),
    })
  }
  const change = async (id: string, sql: string, params: readonly unknown[]): Promise<void> => {
    const found = await database.query(`update assay.connection set ${sql} where org_id = $1 and id = $2 returning id`, [
      organisation,
      id,
      ...params,
    ])
    if (found.length === 0) throw new AssayError('config', `there is no connection "${id}"`, { hint: 'List them with: assay check' })
  }

  return {
    async add({ connector, title, settings }) {
      const id = `${connector}-${randomBytes(4).toString('hex')}`
      const rows = await database.query<Row>(
        `insert into assay.connection (org_id, id, connector, title, sealed, state, created_at)
         values ($1, $2, $3, $4, $5, 'active', $6::timestamptz)
         returning id, connector, title, sealed, state, why, created_at`,
        [organisation, id, connector, title, vault.seal(JSON.stringify(settings), about(id)), toInstant(now())],
      )
      return fromRow(rows[0]!)
    },
    renew: (id, settings) => change(id, `sealed = $3, state = 'active', why = null`, [vault.seal(JSON.stringify(settings), about(id))]),
    pause: (id, why) => change(id, `state = 'paused', why = $3`, [why]),
    remove: (id) =>
      database.transaction(async (inside) => {
        for (const table of CONNECTION_TABLES) {
          await inside.query(`delete from assay.${table} where org_id = $1 and connection = $2`, [organisation, id])
        }
        await inside.query('delete from assay.connection where org_id = $1 and id = $2', [organisation, id])
      }),
    async list() {
      const rows = await database.query<Row>(
        'select id, connector, title, sealed, state, why, created_at from assay.connection where org_id = $1 order by seq',
        [organisation],
      )
      return rows.map(fromRow)
    },
  }
}
