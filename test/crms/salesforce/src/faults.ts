import { errorReply, type Reply } from './reply.ts'

/** Something that goes wrong on purpose. */
export type Fault =
  /** 401 INVALID_SESSION_ID: the token died in the middle of the work. It works again only after a new sign-in when `forGood`. */
  | { readonly kind: 'expiredToken'; readonly forGood?: boolean }
  /** 403 REQUEST_LIMIT_EXCEEDED, without the allowance being used up. */
  | { readonly kind: 'quota' }
  | { readonly kind: 'tooMany'; readonly retryAfterSeconds?: number }
  /** A maintenance page in HTML instead of an answer. */
  | { readonly kind: 'html'; readonly status?: number }
  /** Any status with an error of this code. */
  | { readonly kind: 'status'; readonly status: number; readonly code: string; readonly message?: string }
  /** The answer comes, but late (real milliseconds): before its first byte, or in the middle of its body. */
  | { readonly kind: 'slow'; readonly ms: number; readonly when?: 'before' | 'inBody' }
  /** The connection breaks: before anything is done, after the work but before the answer, or in the middle of the answer. */
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' | 'inBody' }
  /** 200 with something that is no JSON. */
  | { readonly kind: 'notJson' }
  /** A write in which these rows (ids, or positions from 0) are refused; UNABLE_TO_LOCK_ROW unless another code is named. */
  | { readonly kind: 'partial'; readonly rows: readonly (string | number)[]; readonly code?: string; readonly message?: string }
  /** 400 INVALID_QUERY_LOCATOR, whatever locator it was. */
  | { readonly kind: 'expiredLocator' }
  /** The bulk job that is asked about ends like this. */
  | { readonly kind: 'job'; readonly state: 'Failed' | 'Aborted'; readonly message?: string }

export const sessionExpired = (): Reply => errorReply(401, 'INVALID_SESSION_ID', 'Session expired or invalid')
export const limitExceeded = (): Reply => errorReply(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')

/** The answer a fault gives in place of the real one; null for those that only disturb the real one. */
export function faultReply(fault: Fault): Reply | null {
  switch (fault.kind) {
    case 'expiredToken':
      return sessionExpired()
    case 'quota':
      return limitExceeded()
    case 'tooMany':
      return {
        ...errorReply(429, 'TOO_MANY_REQUESTS', 'Too many requests'),
        ...(fault.retryAfterSeconds === undefined ? {} : { headers: { 'Retry-After': String(fault.retryAfterSeconds) } }),
      }
    case 'html': {
      const status = fault.status ?? 503
      return {
        status,
        raw: { text: `<html><body><h1>${status}</h1><p>We are down for maintenance.</p></body></html>`, contentType: 'text/html' },
      }
    }
    case 'status':
      return errorReply(fault.status, fault.code, fault.message ?? 'An unexpected error occurred.')
    case 'notJson':
      return { status: 200, raw: { text: 'OK', contentType: 'text/plain' } }
    case 'expiredLocator':
      return errorReply(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator')
    default:
      return null
  }
}
