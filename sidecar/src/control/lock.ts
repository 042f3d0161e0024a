import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, realpath, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { AssayError } from '@assay/shared'
import { z } from 'zod'

/** Where `assay serve` answers and what it wants to hear. The token is a secret. */
export interface Endpoint {
  readonly url: string
  readonly token: string
}

/** The right to open the embedded engines of one data directory, held until `release` or the end of the process. */
export interface Ownership {
  /** The directory, absolute, links resolved. */
  readonly home: string
  readonly held: boolean
  /** Tells other processes whom to ask instead of opening the engines. Written to a file of mode 600. */
  announce(endpoint: Endpoint): Promise<void>
  /** Gives the directory free; safe to call twice. Close the engines before. */
  release(): Promise<void>
}

/** Somebody else owns it. `endpoint` is null while (or if) that process serves nobody. */
export interface Held {
  readonly heldBy: { readonly pid: number | null; readonly endpoint: Endpoint | null }
}

const LOCK_FILE = 'owner.lock'
const CARD_FILE = 'owner.json'
const SQLITE_BUSY = 5
const card = z.object({ pid: z.number().int(), endpoint: z.object({ url: z.string(), token: z.string() }).nullable() })
type Card = z.infer<typeof card>

/**
 * Takes the data directory for this process, or says who has it; throws an AssayError (`config`) where it cannot be used; asks for at most half a second who that is, and never waits for the lock.
 *
 * The lock is the kernel's: SQLite's RESERVED lock on an empty file of ours, which is one exclusive byte-range lock
 * (fcntl; LockFileEx on Windows) that Node has no call of its own for. The kernel tests and takes it in one step and
 * drops it when its process ends in any way. So nothing can be stale, no process id is ever believed, nothing is taken over,
 * and of two that start at once exactly one gets it. `begin exclusive` would not do: it climbs over several locks, and two
 * that climb at once can both fall. A lock file with a process id in it has none of this (ids are reused; two
 * finders of one stale file can both win), and a socket in the directory must be unlinked to be taken over, which is
 * the same race again. The file is never deleted, and never opened by other means in this process: closing any
 * descriptor of it would drop the lock (POSIX, fcntl).
 *
 * The card beside it (process id, endpoint) is information only: nobody owns anything by it.
 */
export async function takeOwnership(directory: string): Promise<Ownership | Held> {
  const { home, lock } = await opened(directory)
  if (lock === null) return { heldBy: await readCard(home) }

  let held = true
  const write = (endpoint: Endpoint | null) => writeCard(home, { pid: process.pid, endpoint })
  try {
    await write(null)
  } catch (error) {
    lock.close()
    throw error
  }
  return {
    home,
    get held() {
      return held
    },
    async announce(endpoint) {
      if (!held) throw new Error('the data directory was released already')
      await write({ url: endpoint.url, token: endpoint.token })
    },
    async release() {
      if (!held) return
      held = false
      // The card first: after the lock is free it may be the next owner's.
      await rm(join(home, CARD_FILE), { force: true })
      lock.close()
    },
  }
}

/** Throws an AssayError (`config`) where the directory cannot be made or written to. */
async function opened(directory: string): Promise<{ home: string; lock: DatabaseSync | null }> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const home = await realpath(directory)
    return { home, lock: tryLock(join(home, LOCK_FILE)) }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new AssayError('config', `The data directory ${directory} cannot be used: ${why}`, {
      hint: 'It must be a directory that you may write to, with room on its disk. ASSAY_HOME names another one.',
      cause,
    })
  }
}

export const isOwnership = (answer: Ownership | Held): answer is Ownership => !('heldBy' in answer)

function tryLock(path: string): DatabaseSync | null {
  const lock = new DatabaseSync(path, { timeout: 0 })
  try {
    lock.exec('begin immediate')
    return lock
  } catch (error) {
    lock.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return null
    throw error
  }
}

async function writeCard(home: string, content: Card): Promise<void> {
  const draft = join(home, `${CARD_FILE}.${randomBytes(6).toString('hex')}`)
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(JSON.stringify(content))
  } finally {
    await file.close()
  }
  await rename(draft, join(home, CARD_FILE))
}

/** The owner's card. One that a killed owner left is told by its process; the new owner writes its own at once. */
async function readCard(home: string): Promise<{ pid: number | null; endpoint: Endpoint | null }> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const text = await readFile(join(home, CARD_FILE), 'utf8').catch(() => '')
    const read = parseCard(text)
    if (read !== null && isRunning(read.pid)) return read
    await sleep(50)
  }
  return { pid: null, endpoint: null }
}

function parseCard(text: string): Card | null {
  try {
    return card.parse(JSON.parse(text))
  } catch {
    return null
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
