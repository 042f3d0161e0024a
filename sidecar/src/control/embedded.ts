import { setFlagsFromString } from 'node:v8'
import { AssayError } from '@assay/shared'
import { openEngineThread, type EngineThread } from '../engine-thread.ts'
import type { Database } from './control.ts'
import type { Call, Failure, ThreadData } from './embedded-thread.ts'
import { toParams } from './parsers.ts'

/**
 * PostgreSQL in this process, on a directory. The caller holds the owner's lock: PGlite itself lets two processes
 * open one directory and destroy it. The engine is one synchronous call a statement, so it has a thread of its own: on the
 * main thread a page of the outbox would stop the service for a tenth of a second and more.
 */
export async function openEmbedded(directory: string): Promise<Database> {
  const thread = openThread({ directory })
  // There is one connection. A block of pg-boss that fails leaves it in an aborted transaction until it is rolled
  // back; nobody else's statement may come in between, so everything that enters waits in one line.
  let line: Promise<unknown> = Promise.resolve()
  const inLine = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = line.then(work, work)
    line = turn.catch(() => undefined)
    return turn
  }
  const query = async <T extends object>(sql: string, params: readonly unknown[] = []): Promise<T[]> =>
    (await thread.ask({ call: 'query', sql, params: toParams(params) })) as T[]
  const execute = async (sql: string, params: readonly unknown[] = []): Promise<{ rows: unknown[] }> => ({
    rows: [...(await thread.ask({ call: 'execute', sql, params }))],
  })
  const rollBack = async (): Promise<unknown> => execute('rollback').catch(() => undefined)

  const inside: Database = {
    kind: 'embedded',
    query,
    transaction: (nested) => nested(inside),
    execute,
    close: async () => undefined,
  }
  const transaction = async <T>(work: (database: Database) => Promise<T>): Promise<T> => {
    await execute('begin')
    try {
      const result = await work(inside)
      await execute('commit')
      return result
    } catch (error) {
      await rollBack()
      throw error
    }
  }

  // Says at once when the directory cannot be opened.
  try {
    await query('select 1')
  } catch (cause) {
    await thread.close().catch(() => undefined)
    if (cause instanceof AssayError) throw cause
    throw new AssayError(
      'config',
      `The control plane in ${directory} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        hint: 'Its files look damaged. Put back a backup of the whole data directory, or name another one (ASSAY_HOME) and connect again: what stands in the CRM stays.',
        cause,
      },
    )
  }
  return {
    kind: 'embedded',
    query: (sql, params) => inLine(() => query(sql, params)),
    transaction: (work) => inLine(() => transaction(work)),
    execute: (sql, params) =>
      inLine(async () => {
        try {
          return await execute(sql, params)
        } catch (error) {
          await rollBack()
          throw error
        }
      }),
    close: () => inLine(() => thread.close()),
  }
}

/**
 * PGlite is the only WebAssembly of this process. Compiling its busy functions a second time, for speed, takes 400 MB while a
 * database is made and 120 MB for good, and 600 look-ups of 300 rows took as long without. V8 reads these before a thread starts.
 */
const COMPILE_ONCE = ['--no-wasm-dynamic-tiering', '--no-wasm-tier-up'] as const

function openThread(workerData: ThreadData): EngineThread<Call, readonly object[]> {
  for (const flag of COMPILE_ONCE) setFlagsFromString(flag)
  return openEngineThread(new URL('./embedded-thread.ts', import.meta.url), workerData, {
    closed: 'the control plane is closed',
    errorOf: (failure) => errorOf(failure as Failure),
  })
}

/** disk_full (PostgreSQL, appendix A). */
const NO_ROOM = '53100'

function errorOf({ message, stack, members }: Failure): Error {
  if (members['code'] === NO_ROOM) {
    return new AssayError('config', `The embedded PostgreSQL has no room: ${message}`, {
      hint: 'Make room on its disk and run the command again: what was done is kept.',
    })
  }
  return Object.assign(new Error(message), members, stack === undefined ? {} : { stack })
}
