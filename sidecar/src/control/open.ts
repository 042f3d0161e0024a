import { join } from 'node:path'
import { AssayError } from '@assay/shared'
import { alerts } from './alerts.ts'
import { audit } from './audit.ts'
import { claimsInProcess, claimsOnServer } from './claims.ts'
import { connections } from './connections.ts'
import type { Control, Database } from './control.ts'
import { decisions } from './decisions.ts'
import { openEmbedded } from './embedded.ts'
import { erase } from './erase.ts'
import { feedback } from './feedback.ts'
import { links } from './links.ts'
import { isOwnership, takeOwnership } from './lock.ts'
import type { Ownership } from './lock.ts'
import { migrate } from './migrate.ts'
import { models } from './models.ts'
import { outbox } from './outbox.ts'
import { quota } from './quota.ts'
import { receipts } from './receipts.ts'
import { endAbandonedRuns, runs } from './runs.ts'
import type { Scope } from './scope.ts'
import { createVault, masterKey } from './secrets.ts'
import { openServer } from './server.ts'
import { asides, cursors } from './sync-state.ts'
import { told } from './told.ts'

export interface ControlOptions {
  /** The data directory: holds the key and, without a `databaseUrl`, the database. */
  readonly home: string
  readonly organisation: string
  /** PostgreSQL to use; null or left out: the one in this process. */
  readonly databaseUrl?: string | null
  /** 32 bytes; null or left out: the key file in `home`, made at first start. */
  readonly masterKey?: Uint8Array | null
  /** The right to `home` where the caller already has it. Without it the embedded database takes it and gives it back on close. */
  readonly ownership?: Ownership
  /** Epoch ms; the system's clock when left out. */
  readonly now?: () => number
}

/**
 * Opens the control plane of one organisation; call `migrate()` before the first use. The embedded database is never
 * opened without the owner's lock: AssayError (`config`) when another process has it.
 */
export async function openControl(options: ControlOptions): Promise<Control> {
  const url = options.databaseUrl ?? null
  const ownership = url === null ? (options.ownership ?? (await requireOwnership(options.home))) : null
  if (ownership !== null && !ownership.held) throw new Error('the data directory was released already')
  const giveBack = async () => {
    if (options.ownership === undefined) await ownership?.release()
  }
  let database: Database | null = null
  try {
    const vault = createVault(await masterKey(options.home, options.masterKey ?? null))
    database = ownership === null ? await openServer(url!) : await openEmbedded(join(ownership.home, 'control'))
    const claim = url === null ? claimsInProcess() : claimsOnServer(url)
    const scope: Scope = { database, organisation: options.organisation, vault, claim, now: options.now ?? (() => Date.now()) }
    return assemble(scope, giveBack)
  } catch (error) {
    await database?.close()
    await giveBack()
    throw error
  }
}

function assemble(scope: Scope, giveBack: () => Promise<void>): Control {
  const { database, organisation } = scope
  let closed: Promise<void> | null = null
  let started = false
  const closeAll = async (): Promise<void> => {
    try {
      await database.close()
    } finally {
      await giveBack()
    }
  }
  return {
    database,
    organisation,
    async migrate() {
      await migrate(database)
      await requireSameKey(scope)
      if (!started) await endAbandonedRuns(scope)
      started = true
    },
    connections: connections(scope),
    cursors: cursors(scope),
    asides: asides(scope),
    told: told(scope),
    runs: runs(scope),
    decisions: decisions(scope),
    models: models(scope),
    outbox: outbox(scope),
    receipts: receipts(scope),
    alerts: alerts(scope),
    feedback: feedback(scope),
    audit: audit(scope),
    quota: quota(scope),
    links: links(scope),
    erase: erase(scope),
    close: () => (closed ??= closeAll()),
  }
}

async function requireOwnership(home: string): Promise<Ownership> {
  const answer = await takeOwnership(home)
  if (isOwnership(answer)) return answer
  const { pid, endpoint } = answer.heldBy
  throw new AssayError('config', `another assay process ${pid === null ? '' : `(${pid}) `}works on ${home}`, {
    hint: endpoint === null ? 'Wait until it is done, or stop it.' : `It answers at ${endpoint.url}; commands go there.`,
  })
}

/** Says at the start, not at the first sync, that the key is not the one this organisation's secrets were sealed with. */
async function requireSameKey({ database, organisation, vault }: Scope): Promise<void> {
  const about = `secret/${organisation}/key-check`
  await database.query(
    `insert into assay.secret (org_id, name, sealed) values ($1, 'key-check', $2) on conflict (org_id, name) do nothing`,
    [organisation, vault.seal('assay', about)],
  )
  const rows = await database.query<{ sealed: string }>(`select sealed from assay.secret where org_id = $1 and name = 'key-check'`, [
    organisation,
  ])
  vault.open(rows[0]!.sealed, about)
}
