import type { Connector, CrmRecord, Kind, Log, Session } from '@assay/shared'
import type { Control } from '../../control/control.ts'
import type { Store } from '../../store/store.ts'
import { gather } from './gather.ts'

export interface SyncInput {
  readonly control: Pick<Control, 'cursors' | 'asides' | 'feedback'>
  readonly store: Pick<Store, 'append' | 'living'>
  readonly connector: Pick<Connector, 'capabilities'>
  readonly session: Session
  readonly connection: string
  readonly log: Log
  readonly signal: AbortSignal
  /** Called after every stored page with what was read so far. */
  readonly progress?: (seen: Readonly<Partial<Record<Kind, number>>>) => void
  /** Which of these say nothing that is not known: they are not kept again. Asked for records of the kinds that scores are written to. */
  readonly echoes?: (records: readonly CrmRecord[]) => Promise<ReadonlySet<CrmRecord>>
  /** What a page means beyond the store (people's answers to offers). */
  readonly notice?: (records: readonly CrmRecord[]) => Promise<void>
}

export interface SyncResult {
  readonly read: Readonly<Partial<Record<Kind, number>>>
  readonly deleted: number
  readonly aside: number
  /** Of those that were read: touched in the CRM, mostly by our own writing, and otherwise as they were. */
  readonly unchanged: number
  /** Kinds that this sign-in may not read, and parts of them that could not be read, with the reason; all others were read all the same. */
  readonly skipped: readonly { kind: Kind; why: string }[]
}

const NONE: ReadonlySet<CrmRecord> = new Set()
/** What scores are written to: reading these again after a publish is an echo of it. */
const WRITTEN: ReadonlySet<Kind> = new Set<Kind>(['account', 'contact', 'deal'])

/**
 * Brings the store up to what the CRM says. A page is stored before its cursor is, so a sync killed anywhere is
 * continued by the next one: nothing is lost, and what is read twice replaces itself.
 */
export async function sync(input: SyncInput): Promise<SyncResult> {
  const { control, store, session, connection, signal } = input
  const read: Partial<Record<Kind, number>> = {}
  const skipped: { kind: Kind; why: string }[] = []
  let deleted = 0
  let aside = 0
  let unchanged = 0
  const check = await session.check()
  for (const kind of input.connector.capabilities.kinds) {
    const seen = check.kinds.find((k) => k.kind === kind)
    if (seen && !seen.readable) {
      skipped.push({ kind, why: seen.why ?? 'this sign-in may not read it' })
      continue
    }
    const since = await control.cursors.get(connection, kind)
    for await (const page of gather(session.read(kind, since, () => store.living(connection, kind)))) {
      signal.throwIfAborted()
      // The first time nothing is known yet, so there is nothing to compare with.
      const echoes = since === null || !WRITTEN.has(kind) ? NONE : ((await input.echoes?.(page.records)) ?? NONE)
      await store.append(connection, echoes.size === 0 ? page.records : page.records.filter((record) => !echoes.has(record)))
      unchanged += echoes.size
      if (page.refused?.length) await control.asides.add(connection, page.refused)
      await input.notice?.(page.records)
      skipped.push(...(page.skipped ?? []))
      await control.cursors.set(connection, kind, page.next)
      for (const record of page.records) {
        read[record.kind] = (read[record.kind] ?? 0) + 1
        if (record.deleted) deleted++
      }
      aside += page.refused?.length ?? 0
      input.progress?.(read)
    }
  }
  return { read, deleted, aside, unchanged, skipped }
}
