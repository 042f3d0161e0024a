import { type CrmRecord, type Kind, KINDS } from '@assay/shared'
import type { Section } from './model.ts'
import { plainName, SECTION_NAMES, wordsOf } from './sections.ts'
import { NONE, valueReader } from './values.ts'

/** "Account", "accounts", "Company" and "opportunity" as the kinds they mean. */
const OTHER_WORDS: Readonly<Record<string, Kind>> = {
  company: 'account',
  companies: 'account',
  customer: 'account',
  opportunity: 'deal',
  opportunities: 'deal',
  ticket: 'case',
  tickets: 'case',
  task: 'activity',
}

function kindOf(word: string): Kind | null {
  const plain = plainName(word)
  const kind = KINDS.find((name) => name.toLowerCase() === plain)
  const section = SECTION_NAMES.find((name) => name.toLowerCase() === plain)
  return kind ?? (section === undefined ? null : wordsOf(section).kind) ?? OTHER_WORDS[plain] ?? null
}

/** What a row of `merges` or `deletions` says, for one kind. Null: it is about another kind. Without a `kind` column rows are about accounts. */
export function tombstoneMapper(
  section: Section,
  wanted: Kind,
): (row: readonly string[]) => { readonly record: CrmRecord } | { readonly refused: string } | null {
  const { kind, id, mergedInto } = section.columns
  const at = section.columns['mergedAt'] ?? section.columns['deletedAt']
  const read = at === undefined ? null : valueReader(at.format)
  return (row) => {
    const cell = (index: number | undefined): string => (index === undefined ? '' : (row[index] ?? '').trim())
    const named = kind === undefined ? 'account' : kindOf(cell(kind.index))
    if (named === null) return wanted === 'account' ? { refused: `"${cell(kind?.index)}" is no kind of record` } : null
    if (named !== wanted) return null
    if (row.length !== section.head.header.length)
      return { refused: `it has ${row.length} columns where the header has ${section.head.header.length}` }
    if (cell(id?.index) === '') return { refused: 'it names no record' }
    const when = read === null ? null : read(cell(at?.index))
    if (when === NONE) return { refused: `"${cell(at?.index)}" in the column "${at!.name}" is not a date` }
    const instant = typeof when === 'number' ? when : 0
    const winner = cell(mergedInto?.index)
    // Above 1, the version of a live row without a modification date.
    const version = Math.max(2, instant)
    return {
      record: {
        kind: wanted,
        id: cell(id?.index),
        version,
        knownAt: instant,
        deleted: true,
        mergedInto: winner === '' ? null : winner,
      } as CrmRecord,
    }
  }
}
