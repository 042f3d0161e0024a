import { PGlite } from '@electric-sql/pglite'
import type { Database } from './control.ts'
import { PARSERS, toParams } from './parsers.ts'

/**
 * PostgreSQL in this process, on a directory. The caller holds the owner's lock: PGlite itself lets two processes
 * open one directory and destroy it.
 */
export async function openEmbedded(directory: string): Promise<Database> {
  const engine = await PGlite.create(directory)
  // There is one connection. A block of pg-boss that fails leaves it in an aborted transaction until it is rolled
  // back; nobody else's statement may come in between, so everything that enters waits in one line.
  let line: Promise<unknown> = Promise.resolve()
  const inLine = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = line.then(work, work)
    line = turn.catch(() => undefined)
    return turn
  }
  const parsers = { ...PARSERS }

  type Queryable = Pick<PGlite, 'query'>
  const query = async <T extends object>(on: Queryable, sql: string, params: readonly unknown[] = []): Promise<T[]> =>
    (await on.query<T>(sql, toParams(params), { parsers })).rows

  const execute = async (sql: string, params: readonly unknown[] = []): Promise<{ rows: unknown[] }> => {
    try {
      if (params.length > 0) return await engine.query(sql, [...params])
      const results = await engine.exec(sql)
      return { rows: results.flatMap((result) => result.rows) }
    } catch (error) {
      await engine.query('rollback').catch(() => undefined)
      throw error
    }
  }

  return {
    kind: 'embedded',
    query: (sql, params) => inLine(() => query(engine, sql, params)),
    transaction: (work) =>
      inLine(() =>
        engine.transaction((inner) => {
          const inside: Database = {
            kind: 'embedded',
            query: (sql, params) => query(inner, sql, params),
            transaction: (nested) => nested(inside),
            execute: async (sql, params = []) => inner.query(sql, [...params]),
            close: async () => undefined,
          }
          return work(inside)
        }),
      ),
    execute: (sql, params) => inLine(() => execute(sql, params)),
    close: () => inLine(() => engine.close()),
  }
}
