import { AssayError, type CrmRecord, type Kind } from '@assay/shared'
import type { Control } from '../../control/control.ts'
import type { SyncInput, SyncResult } from './sync.ts'

export interface ToldInput extends Pick<SyncInput, 'store' | 'session' | 'connection' | 'log' | 'signal' | 'echoes' | 'notice'> {
  readonly control: Pick<Control, 'asides' | 'told'>
  /** Which of these are held, and live as far as is known. */
  readonly living: (kind: Kind, ids: readonly string[]) => Promise<ReadonlySet<string>>
}

/** So many at once: one call for each hundred of a kind, and as many again for their links. */
const AT_ONCE = 500

/**
 * Reads the records that the CRM told about, by their ids and nothing else. A mark is taken off after its record is stored,
 * so that what is killed is read again. What was told about by mistake, twice or late costs a call and changes nothing.
 */
export async function readTold(input: ToldInput): Promise<SyncResult> {
  const { control, store, session, connection, signal } = input
  const read: Partial<Record<Kind, number>> = {}
  const skipped: { kind: Kind; why: string }[] = []
  let deleted = 0
  let unchanged = 0
  let aside = 0
  for (;;) {
    signal.throwIfAborted()
    const waiting = await control.told.waiting(connection, 'changed', AT_ONCE)
    if (waiting.length === 0) return { read, deleted, aside, unchanged, skipped }
    for (const [kind, rows] of Map.groupBy(waiting, (row) => row.kind)) {
      try {
        const ids = rows.map(({ id }) => id)
        for await (const page of session.readIds(kind, ids)) {
          signal.throwIfAborted()
          const news = await withoutStrangers(page.records, input)
          const echoes = (await input.echoes?.(news)) ?? new Set<CrmRecord>()
          await store.append(connection, echoes.size === 0 ? news : news.filter((record) => !echoes.has(record)))
          if (page.refused?.length) await control.asides.add(connection, page.refused)
          await input.notice?.(news)
          unchanged += echoes.size
          aside += page.refused?.length ?? 0
          for (const record of news) {
            read[record.kind] = (read[record.kind] ?? 0) + 1
            if (record.deleted) deleted += 1
          }
        }
      } catch (error) {
        // A scope that is missing is said by every check; other kinds are read all the same.
        if (!(error instanceof AssayError) || error.kind !== 'config') throw error
        skipped.push({ kind, why: error.message })
      }
      await control.told.done(connection, rows)
    }
  }
}

/** Without tombstones of records that are not held: an erased person must not come back, not even as an id. */
async function withoutStrangers(records: readonly CrmRecord[], { living }: ToldInput): Promise<readonly CrmRecord[]> {
  const gone = Map.groupBy(
    records.filter((record) => record.deleted),
    (record) => record.kind,
  )
  const strangers = new Set<CrmRecord>()
  for (const [kind, tombstones] of gone) {
    const held = await living(
      kind,
      tombstones.map(({ id }) => id),
    )
    for (const tombstone of tombstones) if (!held.has(tombstone.id)) strangers.add(tombstone)
  }
  return strangers.size === 0 ? records : records.filter((record) => !strangers.has(record))
}
