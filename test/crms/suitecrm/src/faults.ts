import type { Reply } from './reply.ts'

/** Something that goes wrong on purpose. */
export type Fault =
  /** What a proxy in front says. */
  | { readonly kind: 'tooMany'; readonly retryAfterSeconds?: number }
  | { readonly kind: 'page'; readonly status: number }
  | { readonly kind: 'notJson' }
  /** The answer comes late (real milliseconds). */
  | { readonly kind: 'slow'; readonly ms: number }
  /** The connection breaks: before anything is done, or after the work and before the answer. */
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' }

/** The answer that a fault gives in place of the real one; null for those that only disturb it. */
export const faultReply = (fault: Fault): Reply | null => {
  switch (fault.kind) {
    case 'tooMany':
      return {
        status: 429,
        page: 'Too many requests',
        ...(fault.retryAfterSeconds === undefined ? {} : { headers: { 'Retry-After': String(fault.retryAfterSeconds) } }),
      }
    case 'page':
      return { status: fault.status, page: `<html><body><h1>${fault.status}</h1></body></html>` }
    case 'notJson':
      return { status: 200, page: '<html><body><form><input name="user"></form></body></html>' }
    default:
      return null
  }
}
