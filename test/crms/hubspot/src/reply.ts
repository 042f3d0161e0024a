import type { Refusal, Reply } from '@assay/stand-in'

export { isRefusal, noContent, ok } from '@assay/stand-in'
export type { Refusal, Reply } from '@assay/stand-in'

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

/** Ends the handling of a request with an error answer. */
export function refuse(status: number, category: string, message: string, extras: ErrorExtras = {}): Refusal {
  return Object.assign(new Error(message), { reply: errorReply(status, category, message, extras) })
}

export const created = (body: unknown): Reply => ({ status: 201, body })
