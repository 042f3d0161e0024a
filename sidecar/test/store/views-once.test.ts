import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openStore } from '../../src/store/open.ts'

it('views are made where their text is another one, and left alone otherwise', { timeout: 120_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'assay-views-'))
  const store = await openStore({ dataDirectory: directory, database: 'org_views' })
  try {
    await store.migrate()
    // Whatever stands there now: if it is still there afterwards, nothing was written.
    await store.driver.command('CREATE OR REPLACE VIEW account_as_of AS SELECT 1 AS untouched')
    const standing = async (): Promise<string> =>
      (
        await store.driver.rows<{ text: string }>(
          "SELECT create_table_query AS text FROM system.tables WHERE database = 'org_views' AND name = 'account_as_of'",
        )
      )[0]!.text
    await store.migrate()
    expect(await standing()).toContain('untouched')
    // A version of Assay with other views was here.
    await store.driver.command("INSERT INTO migration SELECT 0, 'other views', now64(3)")
    await store.migrate()
    expect(await standing()).toContain('owner_id')
  } finally {
    await store.close()
    await rm(directory, { recursive: true, force: true })
  }
})
