import type { Connector } from '@assay/shared'
import { SECTION_NAMES, wordsOf } from './sections.ts'
import { openFolder } from './session.ts'
import { type CsvSettings, settings } from './settings.ts'

export { readMapping } from './mapping.ts'
export type { Mapping, Outcome, Section } from './model.ts'
export { type FlatOutcome, type OutcomeMiner, outcomesOf, stableOf } from './outcome.ts'
export { profile, type FileProfile, type Profile, type RefusedExample, type SectionProfile } from './profile.ts'
export type { ColumnProfile } from './columnProfile.ts'
export type { Orphans } from './references.ts'
export type { CsvSettings } from './settings.ts'

/** A folder of CSV exports, read as if it were a CRM. */
export const csv: Connector<CsvSettings> = {
  id: 'csv',
  title: 'CSV files',
  settings,
  capabilities: {
    kinds: SECTION_NAMES.flatMap((name) => wordsOf(name).kind ?? []),
    incremental: false,
    deletions: true,
    merges: true,
    history: true,
    readIds: false,
    fields: false,
    write: false,
    tasks: false,
    objects: [],
  },
  open: openFolder,
}
