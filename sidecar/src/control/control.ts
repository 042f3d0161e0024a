import type { Cursor, EventDefinition, Kind, QuotaLedger, Receipt, Report, ScoreObject, ScoreValue, Told } from '@assay/shared'

/** One PostgreSQL, in process (PGlite) or by URL (pg). The same SQL, the same type parsers. */
export interface Database {
  readonly kind: 'embedded' | 'server'
  /** `$1` parameters; int8 arrives as number, timestamptz as epoch ms, jsonb parsed. */
  query<T extends object>(sql: string, params?: readonly unknown[]): Promise<T[]>
  /** All or nothing. */
  transaction<T>(work: (database: Database) => Promise<T>): Promise<T>
  /** For a library that brings its own SQL (pg-boss): several statements in one text, the engine's own type parsers. */
  execute(sql: string, params?: readonly unknown[]): Promise<{ rows: unknown[] }>
  close(): Promise<void>
}

export interface Connection {
  readonly id: string
  /** Which connector ("hubspot"). */
  readonly connector: string
  readonly title: string
  /** Decrypted only when it is read, never logged. */
  readonly settings: unknown
  readonly state: 'active' | 'paused'
  /** Why it is paused; null when it is not. */
  readonly why: string | null
  readonly createdAt: number
}

export type StepName = 'sync' | 'features' | 'fit' | 'judge' | 'score' | 'publish' | 'alert' | 'erase'
export interface Run {
  readonly id: string
  readonly connection: string | null
  readonly step: StepName
  readonly startedAt: number
  readonly finishedAt: number | null
  readonly state: 'running' | 'done' | 'failed'
  readonly detail: Readonly<Record<string, unknown>>
}

export interface StartedRun extends Run {
  /** Fires when another process may do this step now, because the database let go of this one: stop. */
  readonly lost: AbortSignal
}

export interface Model {
  readonly id: string
  readonly connection: string
  readonly miner: string
  readonly minerVersion: number
  /** `live`: publishes · `refused`: below the gate, kept for its report · `retired`: was live. */
  readonly state: 'live' | 'refused' | 'retired'
  readonly definition: EventDefinition
  readonly params: unknown
  readonly model: unknown
  readonly report: Report
  /** Newest event it learned from. */
  readonly dataUntil: number
  readonly fittedAt: number
  /** When it got its state. */
  readonly decidedAt: number
}

/** One decision about a model. `kept`: a newer one lost to it · `restored`: a person went back to it. */
export interface ModelEvent {
  readonly model: string
  readonly miner: string
  readonly at: number
  readonly what: 'live' | 'refused' | 'retired' | 'kept' | 'restored'
  readonly actor: string
  readonly why: string
}

/** One record's changes on their way to the CRM. */
export interface OutboxRow {
  readonly seq: number
  readonly object: ScoreObject
  readonly id: string
  /** What is to be written; null clears. */
  readonly values: Readonly<Record<string, ScoreValue>>
  /** All of Assay's fields as they will stand after this write. */
  readonly after: Readonly<Record<string, string>>
}

export interface AlertState {
  readonly object: ScoreObject
  readonly id: string
  /** The band that alerts compare with, since when, and on what newest data it was last seen. */
  readonly band: string
  readonly since: number
  /** A band that was seen but has not yet persisted; null when none. */
  readonly pending: { readonly band: string; readonly since: number; readonly dataUntil: number } | null
  readonly model: string
  /** The open task in the CRM, if any. */
  readonly taskKey: string | null
  readonly taskId: string | null
}

/** What the control plane keeps for one organisation. Every row carries its id; no query crosses it. */
export interface Control {
  readonly database: Database
  readonly organisation: string
  migrate(): Promise<void>

  connections: {
    add(connection: { connector: string; title: string; settings: unknown }): Promise<Connection>
    /** Replaces the settings (a renewed token) and makes it active again. */
    renew(id: string, settings: unknown): Promise<void>
    pause(id: string, why: string): Promise<void>
    remove(id: string): Promise<void>
    list(): Promise<readonly Connection[]>
  }
  cursors: {
    get(connection: string, kind: Kind): Promise<Cursor | null>
    /** Called only after the page before this cursor is durable in the store. */
    set(connection: string, kind: Kind, cursor: Cursor): Promise<void>
    /** The next sync starts from nothing. */
    clear(connection: string): Promise<void>
  }
  /** Records that could not be understood, kept aside with their reason. */
  asides: {
    add(connection: string, rows: readonly { kind: Kind; where: string; why: string }[]): Promise<void>
    list(
      connection: string,
      limit: number,
    ): Promise<{ total: number; rows: readonly { kind: Kind; where: string; why: string; at: number }[] }>
  }
  /** Records that a CRM told about by itself, until they were read again or erased. */
  told: {
    /** Idempotent: the same in any order, any number of times, waits once. */
    add(connection: string, told: Pick<Told, 'changed' | 'erased'>): Promise<void>
    /** Oldest first. `seq` rises when a record is told about again. */
    waiting(
      connection: string,
      what: 'changed' | 'erased',
      limit: number,
    ): Promise<readonly { readonly kind: Kind; readonly id: string; readonly seq: number }[]>
    /** Takes these off, but for those that were told about again since they were asked for. */
    done(connection: string, rows: readonly { readonly kind: Kind; readonly id: string; readonly seq: number }[]): Promise<void>
  }
  runs: {
    /** Throws (`limit`) while somebody else does this step of this connection: it is done by one at a time, whoever asks. */
    start(step: StepName, connection: string | null): Promise<StartedRun>
    finish(id: string, detail: Readonly<Record<string, unknown>>): Promise<void>
    fail(id: string, why: string): Promise<void>
    last(step: StepName, connection: string | null): Promise<Run | null>
    list(limit: number): Promise<readonly Run[]>
  }
  /** What the admin decided: `define churn`, bands, fallback owner, first publish confirmed … One JSON value a key. */
  decisions: {
    get<T>(connection: string, key: string): Promise<T | null>
    set(connection: string, key: string, value: unknown, by: string): Promise<void>
  }
  models: {
    /**
     * Stores it; a `live` one retires the earlier live model of that miner in the same transaction. Who decided is
     * `by` ("assay" when left out).
     */
    add(model: Omit<Model, 'id' | 'decidedAt'>, by?: string): Promise<Model>
    live(connection: string, miner: string): Promise<Model | null>
    list(connection: string): Promise<readonly Omit<Model, 'model'>[]>
    newest(connection: string, miner: string): Promise<Model | null>
    /** The one that was decided about last, live or refused: what scores today are made with, or why there are none. */
    current(connection: string, miner: string): Promise<Model | null>
    get(connection: string, id: string): Promise<Model | null>
    /** Says that the live model stays, although a newer one was tried. */
    keep(connection: string, id: string, by: string, why: string): Promise<void>
    /**
     * Makes a model live again that was live before, and retires the one that is: the last one before it, or the given one.
     * Throws (`config`) where there is none. Nothing is deleted.
     */
    restore(connection: string, miner: string, id: string | null, by: string): Promise<{ from: string | null; to: Model }>
    /** Every decision about the models of a connection, newest first. */
    events(connection: string, miner: string | null, limit: number): Promise<readonly ModelEvent[]>
  }
  outbox: {
    /** Adds rows for one run; a row that waits for the same record is replaced by the newer one. */
    put(connection: string, run: string, rows: readonly Omit<OutboxRow, 'seq'>[]): Promise<void>
    /** Waiting rows, oldest first, in pages; does not mark them. Of one kind of record where `object` is given. */
    waiting(connection: string, after: number, limit: number, object?: ScoreObject): Promise<readonly OutboxRow[]>
    count(connection: string, object?: ScoreObject): Promise<number>
    /** Takes off what waits from other runs, for records of that kind where one is given: a newer run no longer wants it. */
    keepOnly(connection: string, run: string, object?: ScoreObject): Promise<void>
    /** Takes acknowledged rows off; called after `Store.logPublished`. */
    done(connection: string, seqs: readonly number[]): Promise<void>
    /** Takes rows off that the CRM refused for good, and remembers why, row by row. */
    reject(
      connection: string,
      rows: readonly { seq: number; object: ScoreObject; id: string; why: string; values: unknown }[],
    ): Promise<void>
    rejected(
      connection: string,
      limit: number,
    ): Promise<{ total: number; rows: readonly { object: ScoreObject; id: string; why: string; at: number }[] }>
  }
  receipts: {
    add(connection: string, receipt: Receipt): Promise<void>
    /** All receipts of that connection as one; null when there is none. */
    get(connection: string): Promise<Receipt | null>
    clear(connection: string): Promise<void>
  }
  alerts: {
    states(connection: string): Promise<readonly AlertState[]>
    save(connection: string, states: readonly AlertState[]): Promise<void>
    /** New tasks per owner since that instant. */
    sentSince(connection: string, since: number): Promise<Readonly<Record<string, number>>>
    logSent(
      connection: string,
      sent: readonly { owner: string; object: ScoreObject; id: string; taskKey: string; at: number; reason: string }[],
    ): Promise<void>
    list(
      connection: string,
      limit: number,
    ): Promise<readonly { owner: string; object: ScoreObject; id: string; at: number; reason: string }[]>
  }
  feedback: {
    /** People's answers to offers, as read back from the CRM's fields; idempotent. */
    put(
      connection: string,
      rows: readonly { object: ScoreObject; id: string; offer: string; response: string; at: number }[],
    ): Promise<void>
    list(connection: string): Promise<readonly { object: ScoreObject; id: string; offer: string; response: string; at: number }[]>
    /** Those of one record, oldest first. */
    of(connection: string, object: ScoreObject, id: string): Promise<readonly { offer: string; response: string; at: number }[]>
    /** Forgets an answer that was taken back. */
    remove(connection: string, row: { object: ScoreObject; id: string; offer: string; at: number }): Promise<void>
  }
  audit: {
    add(actor: string, action: string, detail: Readonly<Record<string, unknown>>): Promise<void>
    list(limit: number): Promise<readonly { at: number; actor: string; action: string; detail: Readonly<Record<string, unknown>> }[]>
  }
  /** The connection's daily allowance, shared by every process that asks here. `share` is the part (0..1) of the CRM's limit we may use. */
  quota(connection: string, share: number, clock: { now(): number }): QuotaLedger
  /** Signs short-lived links to the panel page; the key is made at first use and lives encrypted. */
  links: {
    sign(link: {
      connection: string
      object: ScoreObject
      id: string
      expiresAt: number
      /** Whether whoever has the link may answer offers; no when left out. */
      answers?: boolean
    }): Promise<string>
    /** Null when the signature is wrong or the time is over. */
    verify(token: string, now: number): Promise<{ connection: string; object: ScoreObject; id: string; answers: boolean } | null>
    /** What a page that was opened over this link sends along with an answer, and no page of another origin can know. */
    answerKey(token: string): Promise<string>
    isAnswerKey(token: string, given: string): Promise<boolean>
  }
  /** Forgets one record in every table here; returns rows removed by table. */
  erase(connection: string, object: Kind, id: string): Promise<Readonly<Record<string, number>>>
  close(): Promise<void>
}
