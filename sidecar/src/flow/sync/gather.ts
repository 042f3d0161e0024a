import type { CrmRecord, Page, RefusedRecord } from '@assay/shared'

/** Engines like few large writes, CRMs give many small pages: pages until there are this many records. */
const MOST = 20_000

/** Joins small pages into larger ones. The joined page ends where its last part did, so its cursor is as safe as theirs. */
export async function* gather(pages: AsyncIterable<Page>, most = MOST): AsyncIterable<Page> {
  let records: CrmRecord[] = []
  let refused: RefusedRecord[] = []
  let skipped: NonNullable<Page['skipped']>[number][] = []
  let last: Page | null = null
  for await (const page of pages) {
    for (const record of page.records) records.push(record)
    if (page.refused) refused.push(...page.refused)
    if (page.skipped) skipped.push(...page.skipped)
    last = page
    if (records.length < most) continue
    yield { records, refused, skipped, next: page.next }
    records = []
    refused = []
    skipped = []
    last = null
  }
  if (last !== null) yield { records, refused, skipped, next: last.next }
}
