import { AssayError } from '@assay/shared'
import type { ErrorKind } from '@assay/shared'

/** What happens to a step that threw: `retry` with growing waits, `wait` as long as was asked, or `stop`. */
export type Outcome =
  | { readonly next: 'retry' | 'stop'; readonly why: string }
  | { readonly next: 'wait'; readonly waitMs: number; readonly why: string }

/** Where a limit does not say how long. */
const WAIT_MS = 60_000

const NEXT: Readonly<Record<ErrorKind, Outcome['next']>> = {
  config: 'stop',
  auth: 'stop',
  limit: 'wait',
  offline: 'retry',
  // These two concern rows and records and are data where they belong; one that ends a whole step would end it again.
  rejected: 'stop',
  data: 'stop',
}

/** The kind of an error decides. What is no AssayError is a bug: it fails loudly and is not tried again. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof AssayError))
    return { next: 'stop', why: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }
  const next = NEXT[error.kind]
  const why = `${error.kind}: ${error.message}`
  return next === 'wait' ? { next, waitMs: error.retryAfterMs ?? WAIT_MS, why } : { next, why }
}
