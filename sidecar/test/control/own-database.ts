import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

/** An empty database of its own on that PostgreSQL, for one test. */
export async function ownDatabase(server: string): Promise<{ readonly url: string; remove(): Promise<void> }> {
  const name = `assay_test_${randomBytes(6).toString('hex')}`
  const admin = async (sql: string): Promise<void> => {
    const client = new Client({ connectionString: server })
    await client.connect()
    try {
      await client.query(sql)
    } finally {
      await client.end()
    }
  }
  await admin(`create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, remove: () => admin(`drop database ${name} with (force)`) }
}
