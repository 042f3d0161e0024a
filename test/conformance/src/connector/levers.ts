import type { Kind, ScoreField, ScoreObject } from '@assay/shared'
import type { TestHost } from './host.ts'

/** What can be made to go wrong. `times` counts calls from now on; the one after them is answered as ever. */
export type Fault =
  /** 429, told in the CRM's own words and headers that `waitMs` is to be waited. */
  | { readonly type: 'tooFast'; readonly waitMs: number; readonly times: number }
  /** 429 for the rest of the day. */
  | { readonly type: 'dayUsedUp' }
  /** 5xx. */
  | { readonly type: 'unavailable'; readonly times: number }
  /** The connection breaks before anything was done. */
  | { readonly type: 'dropped'; readonly times: number }
  /** The call is carried out and the connection breaks before the answer; counts only calls that make or change a record. */
  | { readonly type: 'unanswered'; readonly times: number }
  /** The call is taken and never answered. */
  | { readonly type: 'silence' }
  /** 200 with a page of HTML. */
  | { readonly type: 'notJson'; readonly times: number }
  /** The sign-in is no longer good. */
  | { readonly type: 'signedOut' }
  /** The sign-in may not read that kind. */
  | { readonly type: 'noScope'; readonly kind: Kind }
export type FaultType = Fault['type']

export interface CrmTask {
  readonly id: string
  readonly title: string
  readonly isOpen: boolean
}

/**
 * The CRM's side of a test: what happens there behind the connector's back. A stand-in that lacks an optional lever loses
 * the checks that need it, and the suite prints which.
 */
export interface CrmLevers {
  /** Kinds that `create`, `change` and `archive` know. */
  readonly kinds: readonly Kind[]
  /** So many records of a kind that the connector needs at least three pages for them. */
  readonly severalPages: number
  /** The most records that one search can reach; null where there is no such cap. */
  readonly searchCap: number | null
  /** After this long (ms) a change is in the search index, and outside of every overlap that the connector reads again. */
  readonly settleMs: number
  /** Makes that many records; ids in the order of making. */
  create(kind: Kind, count: number): Promise<readonly string[]>
  /** A record of which the CRM knows nothing but that it exists. */
  readonly createBare?: (kind: Kind) => Promise<string>
  /** Puts `text` where the body shows it (name, subject, …) and moves the modified date to now. */
  change(kind: Kind, id: string, text: string): Promise<void>
  archive(kind: Kind, id: string): Promise<void>
  readonly mergeKinds: readonly Kind[]
  /** Answers the id under which the winner lives on. */
  merge(kind: Kind, winner: string, loser: string): Promise<string>
  /** The CRM's clock, and the host's, move on. */
  passTime(ms: number): void
  /** API calls received since the start. */
  calls(): number
  readonly faults: readonly FaultType[]
  inject(fault: Fault): void
  /** Waits (ms) that this CRM can ask for in a 429; two different ones at least, so that a fixed wait is found out. */
  readonly waits: readonly number[]
  /** Makes one field that `reads()` names unreadable for this sign-in; answers its name. */
  readonly hideField?: (kind: Kind) => string
  /** Names of the custom fields of that object which carry Assay's prefix. */
  fields(object: ScoreObject): Promise<readonly { readonly name: string; readonly type: string }[]>
  /** A person makes a text field with Assay's prefix and this name. */
  makeTextField(object: ScoreObject, name: string): Promise<void>
  /** The CRM's name of a score field. */
  fieldName(field: ScoreField): string
  /** What the CRM holds in a score field. Null when it is empty. */
  value(object: ScoreObject, id: string, field: ScoreField): string | null
  /** A person fills in a field. */
  fillIn(object: ScoreObject, id: string, field: ScoreField, value: string): Promise<void>
  /** Tasks that hang on the record. */
  tasks(object: ScoreObject, id: string): readonly CrmTask[]
}

/** One stand-in with a sign-in for it, made anew for every check. */
export interface ConnectorHarness<S = unknown> {
  readonly settings: S
  /** Texts that must be seen nowhere: tokens, client secrets. */
  readonly secrets: readonly string[]
  readonly host: TestHost
  readonly crm: CrmLevers
  close(): Promise<void>
}
