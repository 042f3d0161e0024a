import { AssayError } from '@assay/shared'
import type { Database } from './control.ts'
import { MIGRATIONS } from './migrations.ts'
import type { Migration } from './migrations.ts'

/** Any number will do as long as nobody else on that server uses it; this one is "assay" in ASCII. */
const MIGRATION_LOCK = 0x6173736179

/**
 * Brings the schema to the newest numbered migration; safe to call always, by several processes at once.
 * Throws an AssayError (`config`) when a newer Assay has already changed this database.
 */
export async function migrate(database: Database, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  const newest = migrations.at(-1)?.number ?? 0
  // One transaction each, so that a step is done with its record or not at all. The lock is taken first and ends with it.
  const inTurn = <T>(work: (inside: Database) => Promise<T>): Promise<T> =>
    database.transaction(async (inside) => {
      await inside.query('select pg_advisory_xact_lock($1::bigint)', [MIGRATION_LOCK])
      return work(inside)
    })

  await inTurn(async (inside) => {
    await inside.query('create schema if not exists assay')
    await inside.query(
      'create table if not exists assay.migration (number integer primary key, name text not null, applied_at timestamptz not null default now())',
    )
    const found = await inside.query<{ newest: number | null }>('select max(number) as newest from assay.migration')
    const theirs = found[0]?.newest ?? 0
    if (theirs > newest) {
      throw new AssayError('config', `this database was changed by a newer Assay (its step ${theirs}; this one knows ${newest})`, {
        hint: 'Start the newer version; an older one would not understand what it finds.',
      })
    }
  })

  for (const migration of migrations) {
    await inTurn(async (inside) => {
      const done = await inside.query('select 1 from assay.migration where number = $1', [migration.number])
      if (done.length > 0) return
      for (const statement of migration.statements) await inside.query(statement)
      await inside.query('insert into assay.migration (number, name) values ($1, $2)', [migration.number, migration.name])
    })
  }
}
