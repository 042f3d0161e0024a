import { AssayError, type Answer } from '@assay/shared'

/** HubSpot's shapes, as far as Assay reads them. Every property value is a text or null. */
export interface WireRecord {
  readonly id: string
  readonly properties: Readonly<Record<string, string | null | undefined>>
  readonly propertiesWithHistory?: Readonly<Record<string, readonly WireChange[] | undefined>>
  readonly createdAt?: string
  readonly updatedAt?: string
  readonly archivedAt?: string
}
export interface WireChange {
  readonly value: string | null
  readonly timestamp: string
}
export interface WireOwner {
  readonly id: string
  readonly email?: string | null
  readonly firstName?: string | null
  readonly lastName?: string | null
  readonly archived?: boolean
  readonly createdAt?: string
  readonly updatedAt?: string
}
export interface WireLinks {
  readonly from: { readonly id: string | number }
  readonly to: readonly {
    readonly toObjectId: string | number
    readonly associationTypes?: readonly { readonly typeId: number; readonly label: string | null }[]
  }[]
}
export interface WireProperty {
  readonly name: string
  readonly label: string
  readonly type: string
  readonly fieldType: string
  readonly groupName?: string
  readonly hubspotDefined?: boolean
  readonly options?: readonly { readonly value: string }[]
  readonly modificationMetadata?: { readonly readOnlyValue?: boolean }
}
export interface WirePipeline {
  readonly id: string
  readonly stages: readonly { readonly id: string; readonly metadata?: { readonly isClosed?: string; readonly probability?: string } }[]
}
export interface WireSchema {
  readonly name: string
  readonly objectTypeId: string
  readonly labels?: { readonly singular?: string; readonly plural?: string }
}
export interface WireAccount {
  readonly portalId: number
  readonly companyCurrency?: string
  readonly utcOffsetMilliseconds?: number
}
export interface WireBatchError {
  readonly category?: string
  readonly message?: string
  readonly context?: Readonly<Record<string, readonly string[] | undefined>>
}

export interface WireList<T> {
  readonly results: readonly T[]
  readonly total?: number
  readonly errors?: readonly WireBatchError[]
  readonly paging?: { readonly next?: { readonly after?: string } }
}

/** An answer that must carry `results`: one without is an error, never an empty list. */
export const listOf = <T>(answer: Answer, what: string): WireList<T> => {
  const body = answer.body as Partial<WireList<T>> | null
  if (body === null || typeof body !== 'object' || !Array.isArray(body.results)) {
    throw new AssayError('data', `HubSpot's answer to ${what} has no results.`)
  }
  return body as WireList<T>
}

/** The token of the next page; undefined at the end, which nothing else tells. */
export const nextOf = (list: WireList<unknown>): string | undefined => list.paging?.next?.after
