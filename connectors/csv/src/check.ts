import type { Check, FieldCheck, Kind, KindCheck } from '@assay/shared'
import type { Mapping, Section } from './model.ts'
import { ownField } from './ownFields.ts'
import { SECTION_NAMES } from './sections.ts'

/** Every column of a section that is read, under its own name. */
function columnsRead(section: Section): string[] {
  const read = new Set<number>([...Object.values(section.columns), ...section.attributes, ...section.when].map((column) => column.index))
  return section.head.header.filter((_, index) => read.has(index))
}

function whyNot(section: Section, column: string): string {
  if (section.ignore.includes(column)) return 'mapping.json says to ignore it'
  return ownField(column, section.head.header) === undefined ? 'it belongs to another kind read from this file' : 'Assay wrote it'
}

const fieldsOf = (section: Section): FieldCheck[] => {
  const read = new Set(columnsRead(section))
  return section.head.header.map((name) => ({
    name,
    readable: read.has(name),
    writable: null,
    why: read.has(name) ? null : whyNot(section, name),
  }))
}

/** What there is to read, from the beginnings of the files alone. */
export function checkFolder(mapping: Mapping): Check {
  const kinds: KindCheck[] = SECTION_NAMES.flatMap((name) => {
    const section = mapping.sections[name]
    if (section === undefined || section.kind === null) return []
    const { head, kind } = section
    // Several rows may make one record: their number is known only after reading.
    return [{ kind, source: head.file, readable: true, why: null, records: section.distinct ? null : head.rows, fields: fieldsOf(section) }]
  })
  return {
    signedInAs: 'nobody: files need no sign-in',
    account: mapping.folder,
    currency: mapping.currency,
    kinds,
    quota: { limit: null, remaining: null, resetsAt: null },
    missing: mapping.unused
      .filter(({ broken }) => broken)
      .map(({ file, why }) => ({ what: `${file} cannot be read: ${why}`, hint: 'Export it again, or take it away.' })),
    surplus: [],
  }
}

/** By kind, the columns that a reading asks for. */
export function readsOf(mapping: Mapping): Partial<Record<Kind, readonly string[]>> {
  const reads: Partial<Record<Kind, readonly string[]>> = {}
  for (const name of SECTION_NAMES) {
    const section = mapping.sections[name]
    if (section?.kind) reads[section.kind] = columnsRead(section)
  }
  return reads
}
