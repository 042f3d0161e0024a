/** What goes back over the wire. */
export interface Reply {
  readonly status: number
  /** Encoded as JSON; undefined sends no body. */
  readonly body?: unknown
  /** Sent as it is, instead of a JSON body. */
  readonly raw?: { readonly text: string; readonly contentType: string }
  readonly headers?: Readonly<Record<string, string>>
}

export interface ErrorExtras {
  readonly errors?: readonly unknown[]
  readonly context?: Readonly<Record<string, readonly string[]>>
  readonly subCategory?: string
  readonly links?: Readonly<Record<string, string>>
}

let count = 0

/** A correlation id: unique in the process, no randomness. */
export function correlationId(): string {
  count += 1
  return `00000000-0000-4000-8000-${count.toString(16).padStart(12, '0')}`
}

/** The error body of HubSpot's newer end points. */
export function errorBody(category: string, message: string, extras: ErrorExtras = {}): Readonly<Record<string, unknown>> {
  return { status: 'error', message, correlationId: correlationId(), ...extras, category }
}

export function errorReply(status: number, category: string, message: string, extras: ErrorExtras = {}): Reply {
  return { status, body: errorBody(category, message, extras) }
}

export interface Refusal extends Error {
  readonly reply: Reply
}

/** Ends the handling of a request with an error answer. */
export function refuse(status: number, category: string, message: string, extras: ErrorExtras = {}): Refusal {
  return Object.assign(new Error(message), { reply: errorReply(status, category, message, extras) })
}

export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && 'reply' in error
}

export const ok = (body: unknown): Reply => ({ status: 200, body })
export const created = (body: unknown): Reply => ({ status: 201, body })
export const noContent: Reply = { status: 204 }
