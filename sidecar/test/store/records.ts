import type { Attribute, Body, CrmRecord, Kind } from '@assay/shared'
import { COLUMNS } from '../../src/store/columns.ts'

/** Epoch ms of an ISO 8601 day or instant (UTC). */
export const day = (text: string): number => Date.parse(text)

/** A version that says what is given and nothing else. Made when it was known, unless `version` says otherwise. */
export function live<K extends Kind>(
  kind: K,
  id: string,
  knownAt: string,
  body: Partial<Body<K>> = {},
  more: { version?: number; attributes?: Readonly<Record<string, Attribute>> } = {},
): CrmRecord {
  const silent = Object.fromEntries(Object.keys(COLUMNS[kind]).map((member) => [member, null]))
  return {
    kind,
    id,
    version: more.version ?? day(knownAt),
    knownAt: day(knownAt),
    deleted: false,
    body: { ...silent, ...body },
    attributes: more.attributes ?? {},
  } as unknown as CrmRecord
}

/** A tombstone. */
export const gone = (kind: Kind, id: string, knownAt: string, mergedInto: string | null = null): CrmRecord => ({
  kind,
  id,
  version: day(knownAt),
  knownAt: day(knownAt),
  deleted: true,
  mergedInto,
})

/** One change of one field of a deal. */
export const change = (
  id: string,
  dealId: string,
  changedAt: string,
  field: Body<'dealHistory'>['field'],
  value: string | null,
  flags: { isClosed?: boolean; isWon?: boolean } = {},
): CrmRecord =>
  live('dealHistory', id, changedAt, {
    dealId,
    field,
    value,
    isClosed: flags.isClosed ?? null,
    isWon: flags.isWon ?? null,
    changedAt: day(changedAt),
  })
