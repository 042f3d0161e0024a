import type { z } from 'zod'
import type { ScoreField, ScoreObject, ScoreValue } from './fields.ts'
import type { Host } from './host.ts'
import type { CrmRecord, Kind } from './record.ts'

/** Where reading stopped. Opaque: only the connector that made it reads it. */
export type Cursor = string & { readonly brand: 'cursor' }

/**
 * Some records and the place after them. `next` is safe to keep once the records are stored: reading on from it
 * loses nothing, not even a record that changed while the page was being read; it may repeat records.
 */
export interface Page {
  /** Mostly of the kind asked for; a page of deals may bring their `dealHistory` with it. */
  readonly records: readonly CrmRecord[]
  /** Records of the CRM that could not be understood: kept aside and shown, never dropped in silence. */
  readonly refused?: readonly RefusedRecord[]
  /** Parts of the CRM that could not be read this time, and why. `next` does not go past what they hold: the next reading asks again. */
  readonly skipped?: readonly { readonly kind: Kind; readonly why: string }[]
  readonly next: Cursor
}

export interface RefusedRecord {
  readonly kind: Kind
  /** The source id, or where it stood ("line 17 of deals.csv"). */
  readonly where: string
  readonly why: string
}

export interface FieldCheck {
  readonly name: string
  readonly readable: boolean
  /** Null where Assay never writes that field. */
  readonly writable: boolean | null
  /** Why it is not readable or writable; null when all is well. */
  readonly why: string | null
}

export interface KindCheck {
  readonly kind: Kind
  /** The CRM's own word for it ("companies"). */
  readonly source: string
  readonly readable: boolean
  readonly why: string | null
  /** How many records there are, where the CRM tells without reading them all. */
  readonly records: number | null
  readonly fields: readonly FieldCheck[]
}

/** What this sign-in can do, in names and numbers; made without reading one record. */
export interface Check {
  readonly signedInAs: string
  /** The company's account there ("portal 123456"). */
  readonly account: string
  readonly currency: string | null
  readonly kinds: readonly KindCheck[]
  readonly quota: { readonly limit: number | null; readonly remaining: number | null; readonly resetsAt: number | null }
  /** What is missing and stops a step ("scope crm.objects.deals.read"), each with what to do. */
  readonly missing: readonly { readonly what: string; readonly hint: string }[]
  /** Rights this sign-in has and Assay does not need. */
  readonly surplus: readonly string[]
}

/** What `ensureFields` would change. Nothing is ever renamed or retyped. */
export interface FieldPlan {
  readonly create: readonly FieldChange[]
  readonly keep: readonly FieldChange[]
  /** A field of that name exists and is something else. */
  readonly clash: readonly (FieldChange & { readonly why: string })[]
}
export interface FieldChange {
  readonly object: string
  readonly name: string
  readonly label: string
}

/** What was made, so that exactly this can be taken back. Plain JSON. */
export interface Receipt {
  readonly connector: string
  readonly madeAt: number
  readonly made: readonly { readonly type: 'group' | 'field' | 'permission'; readonly object: string; readonly name: string }[]
}

export interface Removal {
  readonly removed: readonly { readonly object: string; readonly name: string }[]
  readonly blocked: readonly { readonly object: string; readonly name: string; readonly why: string }[]
  /** Still there after this call, blocked or not ours. */
  readonly left: readonly { readonly object: string; readonly name: string }[]
}

/** Rows to be written, by object, known before the first is. */
export type WriteTotals = Readonly<Partial<Record<ScoreObject, number>>>

/** What a write will cost, before it is made. */
export interface Bill {
  readonly calls: number
  /** Part of the day's allowance, 0..1; null where the CRM does not tell. */
  readonly quotaShare: number | null
  readonly minutes: number
  /** Names of automations that would fire; null where the CRM does not tell. */
  readonly automations: readonly string[] | null
}

export interface ScoreRow {
  readonly object: ScoreObject
  readonly id: string
  /** Field name (without the CRM's prefix) to value; null clears the field. */
  readonly values: Readonly<Record<string, ScoreValue>>
}

/** One answer for one row, in any order. `rejected` is final for this value; `failed` may be tried again. */
export type WriteResult =
  | { readonly object: ScoreObject; readonly id: string; readonly outcome: 'written' }
  | { readonly object: ScoreObject; readonly id: string; readonly outcome: 'rejected' | 'gone' | 'failed'; readonly why: string }

/** One task per `key`, for ever: written again it is updated, closed it stays closed. */
export interface AlertTask {
  readonly key: string
  readonly object: ScoreObject
  readonly id: string
  readonly title: string
  readonly body: string
  readonly ownerId: string | null
  readonly dueAt: number
  readonly state: 'open' | 'closed'
  /** The CRM's id of the task where it is known from an earlier answer; makes the call independent of any search index. */
  readonly taskId: string | null
}
export interface TaskResult {
  readonly taskId: string
  readonly outcome: 'created' | 'updated' | 'closed' | 'unchanged'
}

/** What a connector can and cannot do. What is false here is left out by the suite by name, never in silence. */
export interface Capabilities {
  readonly kinds: readonly Kind[]
  /** Reads only what changed since a cursor. */
  readonly incremental: boolean
  readonly deletions: boolean
  readonly merges: boolean
  readonly history: boolean
  readonly readIds: boolean
  /** `package`: an admin installs them there, no call can; `ensureFields` sees that they are in, and rejects (`config`) with what to install. */
  readonly fields: boolean | 'package'
  readonly write: boolean
  readonly tasks: boolean
  /** Score objects that carry the fields. */
  readonly objects: readonly ScoreObject[]
}

/** One signed-in CRM. A method that the capabilities deny rejects with an AssayError of kind `config`. */
export interface Session {
  /** Who; per kind and field what is readable and writable and why not; quota left; surplus rights. Reads no record. */
  check(): Promise<Check>
  /** Names, per kind, every field that `read` will ask for. Makes no call. */
  reads(): Readonly<Partial<Record<Kind, readonly string[]>>>
  /**
   * Inserts, updates, deletions and merges since the cursor; everything when it is null. Ends when there is no more. `known`
   * streams the ids of that kind that are held as living: a CRM that forgets its deletions compares them now and then with
   * what it has; without it those deletions stay unknown.
   */
  read(kind: Kind, since: Cursor | null, known?: () => AsyncIterable<readonly string[]>): AsyncIterable<Page>
  /** The named records as they are now; one that is gone comes back as a tombstone. */
  readIds(kind: Kind, ids: readonly string[]): AsyncIterable<Page>
  plan(fields: readonly ScoreField[]): Promise<FieldPlan>
  /** Idempotent: creates what is missing, touches nothing else. Rejects (`config`) on a clash, having made nothing. */
  ensureFields(fields: readonly ScoreField[]): Promise<Receipt>
  /** Takes back what the receipt names; without one, what Assay is known to make. */
  removeFields(receipt: Receipt | null): Promise<Removal>
  estimate(total: WriteTotals): Promise<Bill>
  /** One answer per row. Streams: never holds more than a batch. One bad row never fails its neighbours. */
  write(rows: AsyncIterable<ScoreRow>, total: WriteTotals): AsyncIterable<WriteResult>
  upsertTask(task: AlertTask): Promise<TaskResult>
  /** Ends what the session holds open; safe to call twice. */
  close(): Promise<void>
}

/** What an admin installs in a CRM by hand. */
export interface InstallablePackage {
  /** The name of the file, its version in it. */
  readonly file: string
  /** The same settings give the same bytes. */
  readonly bytes: Uint8Array
  /** What to do with it, one sentence each, in order. */
  readonly steps: readonly string[]
}

/** Sign-in by somebody's consent in a browser, where the CRM sends that person back to with a code. */
export interface Consent {
  /** Where the CRM sends them back to; the app there must name exactly this address. */
  readonly redirect: string
  /** The page on which they consent. `app` are settings without what the consent brings. Throws (`config`) when they do not name the app. */
  page(app: Readonly<Record<string, unknown>>, state: string): string
  /** The settings to connect with. Rejects (`auth`) when the CRM does not take the code. */
  settings(app: Readonly<Record<string, unknown>>, code: string, host: Host): Promise<Record<string, unknown>>
}

/** What somebody sent who says to be the CRM. */
export interface Delivery {
  readonly method: string
  /** As the CRM called it: scheme, host, path and query. */
  readonly url: string
  readonly header: (name: string) => string | undefined
  /** The very bytes that came. */
  readonly body: Uint8Array
}

/** Records that the CRM says something about, in no order; the same may be said twice, and late. */
export interface Told {
  /** Names this very call, which nobody else can make: the same when it is sent once more. */
  readonly call: string
  /** Something about them is another than it was: to be read again. */
  readonly changed: readonly { readonly kind: Kind; readonly id: string }[]
  /** A person asked to be forgotten, and the CRM has done so. */
  readonly erased: readonly { readonly kind: Kind; readonly id: string }[]
}

/** A CRM that tells by itself what changes there. */
export interface Webhook<S> {
  /**
   * Whether a delivery carries what a proof needs, and is not too old: asked before any settings are opened, so that whoever knocks with
   * nothing in their hands costs nothing. Proves nothing. `now` is epoch ms.
   */
  couldBe(delivery: Delivery, now: number): boolean
  /**
   * What a delivery says about the account of these settings; null when it is not from that CRM, or too old. `now` is epoch ms. Throws
   * (`data`) when it is genuine and cannot be understood.
   */
  read(settings: S, delivery: Delivery, now: number): Told | null
}

export interface Connector<S = unknown> {
  readonly id: string
  readonly title: string
  /** Settings with secrets inside; the control plane stores them encrypted. */
  readonly settings: z.ZodType<S>
  /** Left out where nobody can sign in like this. */
  readonly consent?: Consent
  /** Left out where the CRM tells nothing by itself. */
  readonly webhook?: Webhook<S>
  /** Why these settings must not be kept (a login that is somebody's own); null when they may. Without it all may. */
  notToKeep?(settings: S): string | null
  readonly capabilities: Capabilities
  /**
   * Makes what carries the fields, where `capabilities.fields` is `package`: from nothing but some of the settings, so before anybody
   * can sign in. Throws (`config`) on a setting that has no say in it.
   */
  buildPackage?(settings: Readonly<Record<string, unknown>>): InstallablePackage
  open(settings: S, host: Host): Session
}
