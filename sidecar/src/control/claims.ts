import { AssayError } from '@assay/shared'
import { Client } from 'pg'

/** The right to do what only one may do at a time. It ends with its holder, in whatever way that ends. */
export interface Claim {
  /** Fires when the right is lost before it was given back: the database went away, and somebody else may have it now. */
  readonly lost: AbortSignal
  /** Safe to call twice. */
  release(): Promise<void>
}

/** All of these names for one holder, or null when somebody has one of them. Waits for nobody. */
export type Claims = (names: readonly string[]) => Promise<Claim | null>

/** An embedded database has one process, so who holds what is known here. */
export function claimsInProcess(): Claims {
  const taken = new Set<string>()
  return (names) => {
    if (names.some((name) => taken.has(name))) return Promise.resolve(null)
    for (const name of names) taken.add(name)
    let held = true
    const release = async (): Promise<void> => {
      if (held) for (const name of names) taken.delete(name)
      held = false
    }
    return Promise.resolve({ lost: new AbortController().signal, release })
  }
}

/**
 * PostgreSQL's session locks, on a connection that does nothing else: the server tests and takes them in one step, and drops
 * them when the connection ends. So nothing can be stale and no process id is ever believed. It asks the other side every
 * ten seconds whether it is still there, so that a machine that lost its power gives way in half a minute.
 */
export const claimsOnServer =
  (url: string): Claims =>
  async (names) => {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
    const lost = new AbortController()
    let over = false
    const end = async (): Promise<void> => {
      if (over) return
      over = true
      await client.end().catch(() => undefined)
    }
    const breakOff = (): void => {
      if (!over) lost.abort(new AssayError('offline', 'The connection to PostgreSQL broke off, so somebody else may do this step now.'))
    }
    // Unheard, the first would end the process.
    client.on('error', breakOff).on('end', breakOff)
    await client.connect()
    try {
      await client.query('set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 4')
      for (const name of names) {
        const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as taken', [name])
        if (rows[0]?.taken === true) continue
        await end()
        return null
      }
    } catch (error) {
      await end()
      throw error
    }
    return { lost: lost.signal, release: end }
  }
