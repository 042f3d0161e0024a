import { createHash } from 'node:crypto'
import { AssayError } from '@assay/shared'
import { records } from './migrations/0001-records.ts'
import { scores } from './migrations/0002-scores.ts'
import { dealDays } from './migrations/0003-deal-days.ts'
import { openDeals } from './migrations/0004-open-deals.ts'
import type { Migration } from './migrations/migration.ts'
import { identifier } from './params.ts'
import { ON_EVERY_NODE } from './store.ts'
import type { Driver } from './store.ts'
import { tableStatements, type Table } from './tables.ts'
import { viewStatements } from './views.ts'

export const MIGRATIONS: readonly Migration[] = [records, scores, dealDays, openDeals]

const LEDGER: Table = {
  name: 'migration',
  columns: ['number UInt32', 'name String', "applied_at DateTime64(3, 'UTC')"],
  orderBy: 'number',
  newestBy: 'applied_at',
  shardBy: 'number',
}

/** Where the ledger keeps which views stand: no step has this number. */
const VIEWS = 0

/**
 * Brings the database to the newest step. A step is recorded after all of its statements, and each statement bears being run
 * again, so a kill half-way leaves nothing but work for the next call. Views hold no data: they are made anew where their text is
 * another one than last time, and left alone otherwise, because an engine that runs out of disk while it writes one does not start again.
 * Throws (`config`) when the database knows a step that this code does not.
 */
export async function migrate(driver: Driver): Promise<void> {
  const { database, cluster } = driver
  await driver.everywhere(`CREATE DATABASE IF NOT EXISTS ${identifier(database)} ${ON_EVERY_NODE}`)
  for (const statement of tableStatements(LEDGER, database, cluster)) await driver.everywhere(statement)
  const done = new Set((await driver.rows<{ number: number }>('SELECT DISTINCT number FROM migration')).map((row) => row.number))
  const newest = Math.max(0, ...done)
  if (newest > MIGRATIONS.length) {
    throw new AssayError('config', `the store "${database}" is at step ${newest}, this Assay knows ${MIGRATIONS.length}`, {
      hint: 'Start the newer Assay that has used this store before.',
    })
  }
  for (const migration of MIGRATIONS) {
    if (done.has(migration.number)) continue
    const made = migration.tables.flatMap((table) => tableStatements(table, database, cluster))
    for (const statement of [...made, ...(migration.statements?.({ database, cluster }) ?? [])]) await driver.everywhere(statement)
    await record(driver, migration.number, migration.name)
  }
  const views = viewStatements(database)
  const digest = createHash('sha256').update(views.join('\n')).digest('hex')
  const [standing] = await driver.rows<{ digest: string }>(
    'SELECT name AS digest FROM migration WHERE number = {number:UInt32} ORDER BY applied_at DESC LIMIT 1',
    { number: VIEWS },
  )
  if (standing?.digest === digest) return
  for (const statement of views) await driver.everywhere(statement)
  await record(driver, VIEWS, digest)
}

const record = (driver: Driver, number: number, name: string): Promise<void> =>
  driver.command('INSERT INTO migration SELECT {number:UInt32}, {name:String}, now64(3)', { number, name })
