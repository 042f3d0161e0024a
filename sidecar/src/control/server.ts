import { AssayError } from '@assay/shared'
import { Pool, types as builtIn } from 'pg'
import type { ClientBase, CustomTypesConfig } from 'pg'
import type { Database } from './control.ts'
import { PARSERS, toParams } from './parsers.ts'

const types: CustomTypesConfig = {
  getTypeParser: (oid, format) => (format === 'binary' ? undefined : PARSERS[oid]) ?? builtIn.getTypeParser(oid, format),
}

/** Where a URL points, without the user name and password in it. */
function place(url: string): string {
  const { hostname, port, pathname } = new URL(url)
  return `${hostname}${port === '' ? '' : `:${port}`}${pathname}`
}

/** The server is shutting down, or the connection is gone (PostgreSQL, appendix A; Node). */
const GONE = /^(57P0[123]|08...|ECONN.*|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|EHOSTUNREACH)$/
/** No right to it; no room for it. */
const RIGHT = '42501'
const ROOM = /^(53100|54000)$/

/** What a query ran into, in our words where somebody can do something about it. */
function said(error: unknown, url: string): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  if (GONE.test(code) || /Connection terminated|timeout exceeded when trying to connect/i.test(error.message)) {
    return new AssayError('offline', `PostgreSQL at ${place(url)} broke off (${code || error.message})`, {
      hint: 'What was done is kept: run it again when the server is there.',
      cause: error,
    })
  }
  if (code === RIGHT) {
    return new AssayError('config', `PostgreSQL at ${place(url)}: ${error.message}`, {
      hint: 'The user in DATABASE_URL needs the right to create schemas in that database, and owns what Assay makes there.',
    })
  }
  if (ROOM.test(code)) return new AssayError('offline', `PostgreSQL at ${place(url)} has no room: ${error.message}`)
  return error
}

/** A PostgreSQL server. Throws an AssayError (`offline`) that names the server, never the password, when it cannot be reached. */
export async function openServer(url: string): Promise<Database> {
  const pool = new Pool({ connectionString: url, types, max: 10, connectionTimeoutMillis: 10_000 })
  // A connection that dies while idle is replaced by the pool; unheard, the event would end the process.
  pool.on('error', () => undefined)
  try {
    await pool.query('select 1')
  } catch (error) {
    await pool.end()
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const refused = code.startsWith('28') || code === '3D000'
    throw new AssayError(
      refused ? 'config' : 'offline',
      `PostgreSQL at ${place(url)} ${refused ? 'refuses this sign-in' : 'cannot be reached'} (${code || 'no answer'})`,
      {
        hint: 'Check DATABASE_URL; unset it to use the PostgreSQL inside this process.',
      },
    )
  }

  type Queryable = Pick<ClientBase, 'query'>
  const query = async <T extends object>(on: Queryable, sql: string, params: readonly unknown[] = []): Promise<T[]> => {
    try {
      return (await on.query<T>(sql, toParams(params))).rows
    } catch (error) {
      throw said(error, url)
    }
  }
  const execute = async (on: Queryable, sql: string, params?: readonly unknown[]): Promise<{ rows: unknown[] }> => {
    const answer = await on.query({ text: sql, types: builtIn, ...(params === undefined ? {} : { values: [...params] }) })
    // Several statements give several answers, whatever the types say.
    return { rows: [answer].flat().flatMap((part) => part.rows as unknown[]) }
  }

  return {
    kind: 'server',
    query: (sql, params) => query(pool, sql, params),
    execute: (sql, params) => execute(pool, sql, params),
    close: () => pool.end(),
    async transaction(work) {
      const client = await pool.connect()
      let broken: Error | undefined
      const inside: Database = {
        kind: 'server',
        query: (sql, params) => query(client, sql, params),
        execute: (sql, params) => execute(client, sql, params),
        transaction: (nested) => nested(inside),
        close: async () => undefined,
      }
      try {
        await client.query('begin')
        const result = await work(inside)
        await client.query('commit')
        return result
      } catch (error) {
        // A connection that cannot even roll back must not go back to the pool.
        await client.query('rollback').catch((failure: unknown) => {
          broken = failure instanceof Error ? failure : new Error('rollback failed')
        })
        throw error
      } finally {
        client.release(broken)
      }
    },
  }
}
