import type { LiveRecord } from '@assay/shared'
import { createdProperty, modifiedProperty, type ObjectType } from './object-types.ts'
import type { Deleted, Source } from './source.ts'
import { propertyNames, readProperty } from './to-hubspot.ts'
import type { Values } from './validate.ts'
import { instantOf, instantText } from './values.ts'

/** A record as somebody may see it. */
export interface View {
  readonly type: ObjectType
  readonly id: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly archivedAt: number | null
  /** null where it has no value, undefined where the record knows no such property. */
  readonly value: (name: string) => string | null | undefined
  names(): string[]
  /** What was merged into it, and when; oldest first. */
  losers(): readonly Deleted[]
}

/** What was written over a record; only that is kept. */
export interface State {
  readonly values: Values
  readonly modifiedAt: number
}

/** The part of a stored record that a view needs beside its values. */
interface Standing {
  readonly bornAt: number | null
  readonly archivedAt: number | null
  readonly losers: readonly Deleted[]
}

/**
 * What was written over what the source says. `base` is null for a record that was made here; otherwise it is asked only when a
 * value is needed that was never written: a search over a hundred thousand written records makes none of their bundles.
 */
export function viewOf(
  type: ObjectType,
  id: string,
  base: (() => LiveRecord | null) | null,
  state: State | null,
  standing: Standing | undefined,
  source: Source,
): View {
  const createdName = createdProperty(type)
  const modifiedName = modifiedProperty(type)
  const own = (name: string): string | null | undefined => {
    const value = state?.values[name]
    if (value !== undefined) return value
    const record = base?.() ?? null
    return record === null ? undefined : readProperty(type, record, name)
  }
  const createdAt = (): number => {
    const text = own(createdName) ?? null
    return text === null ? (standing?.bornAt ?? base?.()?.knownAt ?? 0) : instantOf(text)
  }
  const updatedAt = (): number => state?.modifiedAt ?? base?.()?.version ?? 0
  const losers = (): readonly Deleted[] => [...source.losersOf(type, id), ...(standing?.losers ?? [])]
  const merged = (): string | null => {
    const all = losers()
    return all.length === 0 ? null : all.map((loser) => loser.id).join(';')
  }
  return {
    type,
    id,
    get createdAt() {
      return createdAt()
    },
    get updatedAt() {
      return updatedAt()
    },
    archivedAt: standing?.archivedAt ?? null,
    value(name) {
      if (name === 'hs_object_id') return id
      if (name === modifiedName) return instantText(updatedAt())
      if (name === createdName || name === 'hs_createdate') return own(createdName) ?? (base === null ? instantText(createdAt()) : null)
      return name === 'hs_merged_object_ids' ? merged() : own(name)
    },
    losers,
    names() {
      const names = new Set(['hs_object_id', modifiedName, createdName])
      for (const name in state?.values) names.add(name)
      const record = base?.() ?? null
      if (record !== null) for (const name of propertyNames(type, record)) names.add(name)
      if (merged() !== null) names.add('hs_merged_object_ids')
      return [...names]
    },
  }
}
