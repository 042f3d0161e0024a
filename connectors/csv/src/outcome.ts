import type { Attribute, Kind } from '@assay/shared'
import type { Meaning } from './given.ts'
import type { Mapping, Section } from './model.ts'
import { SECTION_NAMES, type SectionName, sectionOf, wordsOf } from './sections.ts'

/** The miner of a flat outcome, by what the outcome means. */
const MINERS = { left: 'churn', responded: 'response', defaulted: 'credit', converted: 'conversion' } as const satisfies Record<
  Meaning,
  string
>
export type OutcomeMiner = (typeof MINERS)[Meaning]

/** One flat outcome, as a miner needs to know it. */
export interface FlatOutcome {
  readonly section: SectionName
  readonly kind: Kind
  readonly meaning: Meaning
  readonly miner: OutcomeMiner
  /** The attribute of the records that holds the outcome; never a feature. */
  readonly attribute: string
  /** True when it happened, false when not, null when the file does not say. */
  isPositive(value: Attribute | undefined): boolean | null
  /** True when standing in another file is what says it: then that nobody does is an answer. */
  readonly listed: boolean
  /** The value that says so. */
  readonly positive: string
  /** `file`: rows are in time order. */
  readonly order: 'file' | null
  /** True when rows carry the day they were created, so that later rows can judge. */
  readonly dated: boolean
  /** What the admin declares stable, by the names that records have: safe as features. */
  readonly stable: readonly string[]
  readonly ignore: readonly string[]
}

/** A value as it is compared: " yes" is "Yes", and 1 is "1.0". */
function plainValue(value: Attribute): string {
  const text = String(value).trim()
  const number = Number(text)
  return text !== '' && Number.isFinite(number) ? String(number) : text.toLowerCase()
}

/** The flat outcomes of a folder, in the order of the sections; empty when only events can teach. */
export function outcomesOf(mapping: Mapping): FlatOutcome[] {
  return SECTION_NAMES.flatMap((name): FlatOutcome[] => {
    const section = mapping.sections[name]
    if (section?.outcome === undefined || section.outcome === null || section.kind === null) return []
    const { attribute, meaning, positive, from } = section.outcome
    const wanted = plainValue(positive)
    return [
      {
        section: name,
        kind: section.kind,
        meaning,
        miner: MINERS[meaning],
        attribute,
        positive,
        isPositive: (value) => (value === null || value === undefined || value === '' ? null : plainValue(value) === wanted),
        listed: from !== null && from.value === null,
        order: section.order,
        dated: section.columns['createdAt'] !== undefined,
        stable: stableIn(section),
        ignore: section.ignore,
      },
    ]
  })
}

/** What the admin declares stable of one kind: attributes, and body members ("annualRevenue") where a column stands for one. */
export function stableOf(mapping: Mapping, kind: Kind): readonly string[] {
  const name = sectionOf(kind)
  const section = name === null ? undefined : mapping.sections[name]
  return section === undefined ? [] : stableIn(section)
}

const stableIn = (section: Section): readonly string[] =>
  section.stable.map((column) => {
    const [key] = Object.entries(section.columns).find(([, one]) => one.name === column) ?? []
    return (key === undefined ? null : wordsOf(section.name).fields[key]?.member) ?? column
  })
