/** Salesforce's shapes, as far as Assay reads them. */

/** A record by field name; a field of a parent under `Parent.Field`. Texts from a bulk job, JSON values from a query. */
export type WireRecord = Readonly<Record<string, string | number | boolean | null | undefined>>

export interface WireField {
  readonly name: string
  readonly label: string
  readonly type: string
  readonly custom: boolean
  readonly createable: boolean
  readonly updateable: boolean
  readonly calculated?: boolean
  readonly length?: number
  readonly restrictedPicklist?: boolean
}
export interface WireDescribe {
  readonly name: string
  readonly queryable: boolean
  readonly updateable: boolean
  readonly createable: boolean
  readonly replicateable?: boolean
  /** The first three characters of its ids. */
  readonly keyPrefix?: string | null
  readonly fields: readonly WireField[]
}
export interface WireQuery {
  readonly totalSize: number
  readonly done: boolean
  readonly nextRecordsUrl?: string
  readonly records: readonly Readonly<Record<string, unknown>>[]
}
export interface WireJob {
  readonly id: string
  readonly state: 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Aborted' | 'Failed'
  readonly createdDate?: string
  readonly errorMessage?: string
  readonly numberRecordsProcessed?: number
  readonly numberRecordsFailed?: number
}
export interface WireDeleted {
  readonly deletedRecords: readonly { readonly id: string; readonly deletedDate: string }[]
  readonly earliestDateAvailable?: string
  readonly latestDateCovered?: string
}
/** One answer for one record of a collection. */
export interface WireSaved {
  readonly id?: string
  readonly success: boolean
  readonly errors?: readonly { readonly statusCode?: string; readonly message?: string; readonly fields?: readonly string[] }[]
}

/** A query's record with its parents' fields beside its own; `attributes` and lists of children are left out. */
export const flat = (record: Readonly<Record<string, unknown>>): WireRecord => {
  const made: Record<string, string | number | boolean | null> = {}
  for (const [name, value] of Object.entries(record)) {
    if (name === 'attributes' || Array.isArray(value)) continue
    if (typeof value !== 'object' || value === null) made[name] = (value ?? null) as string | number | boolean | null
    else
      for (const [below, inner] of Object.entries(value))
        if (below !== 'attributes') made[`${name}.${below}`] = inner as string | number | boolean | null
  }
  return made
}
