/** The share of a CRM's daily calls that one connection may use, shared by every process that works for it. */
export interface QuotaLedger {
  /**
   * Asks for `calls` API calls. Resolves when they may be made; rejects with an AssayError of kind `limit` when the
   * day's share is used up, `retryAfterMs` saying how long until it is renewed.
   */
  take(calls: number): Promise<void>
  /** Tells what the CRM itself reported, which always wins over our own count. `resetsAt` in epoch ms. */
  report(seen: { readonly limit?: number; readonly remaining?: number; readonly resetsAt?: number }): void
}

export interface Log {
  debug(message: string, detail?: Readonly<Record<string, unknown>>): void
  info(message: string, detail?: Readonly<Record<string, unknown>>): void
  warn(message: string, detail?: Readonly<Record<string, unknown>>): void
}

/** The outside world, handed in: what a connector may touch, and nothing else. */
export interface Host {
  readonly fetch: typeof globalThis.fetch
  /** An undici dispatcher for client libraries that bring their own fetch; undefined means the default one. */
  readonly dispatcher: unknown
  readonly quota: QuotaLedger
  /** Epoch milliseconds. */
  now(): number
  /** Resolves after `ms`, or rejects when `signal` fires first. */
  sleep(ms: number): Promise<void>
  readonly signal: AbortSignal
  readonly log: Log
  /**
   * Keeps these settings in place of those the session was opened with: the CRM has replaced a part of them (a refresh
   * token that is used up by being used). Without it they are lost when the session ends.
   */
  readonly keep?: (settings: unknown) => Promise<void>
}
