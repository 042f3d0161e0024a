import { isWithin, type FaultQueue } from '@assay/stand-in'
import { errorReply, type Reply } from './reply.ts'

/** Something that goes wrong on purpose. */
export type Fault =
  /** 401 invalid_grant: the access token died in the middle of the work. `forGood`: it stays dead; a refresh gives a new one. */
  | { readonly kind: 'expiredToken'; readonly forGood?: boolean }
  /** 401 need_login: the session is gone, refresh token and all. */
  | { readonly kind: 'needLogin' }
  | { readonly kind: 'tooMany'; readonly retryAfterSeconds?: number }
  /** A page in HTML instead of an answer (503; 500 is Sugar's fatal error, 502 and 504 a gateway's). */
  | { readonly kind: 'html'; readonly status?: number }
  /** 503 maintenance, in JSON. */
  | { readonly kind: 'maintenance' }
  /** Any status with an error of this code. */
  | {
      readonly kind: 'status'
      readonly status: number
      readonly code: string
      readonly message?: string | Readonly<Record<string, string>>
    }
  /** The answer comes, but late (real milliseconds): before its first byte, or in the middle of its body. */
  | { readonly kind: 'slow'; readonly ms: number; readonly when?: 'before' | 'inBody' }
  /** The connection breaks: before anything is done, after the work but before the answer, or in the middle of the answer. */
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' | 'inBody' }
  /** 200 with something that is no JSON; `text` default a sign-in page of a proxy. */
  | { readonly kind: 'notJson'; readonly text?: string }
  /** A bulk call in which these requests (positions from 0, or ids in their urls) are refused, 422 unless told otherwise. */
  | {
      readonly kind: 'partial'
      readonly rows: readonly (string | number)[]
      readonly status?: number
      readonly code?: string
      readonly message?: string
    }
  /** A bulk call that stops after so many requests: the gateway's 504 instead of the answer, with those carried out. */
  | { readonly kind: 'cutShort'; readonly done: number }

/** For a request in a bulk call: only what names its family (`bulk.records.update`) disturbs it. */
export const takeWithin = (faults: FaultQueue<Fault>, family: string): Fault | null =>
  faults.takeIf((match) => typeof match === 'string' && match.startsWith('bulk.') && isWithin(match, family))

const page = (status: number): string => `<html><body><h1>${status}</h1><p>The server is not able to answer right now.</p></body></html>`
const SIGN_IN_PAGE = '<html><body><form><input name="user"></form></body></html>'

/** The answer a fault gives in place of the real one; null for those that only disturb the real one. */
export function faultReply(fault: Fault): Reply | null {
  switch (fault.kind) {
    case 'expiredToken':
      return errorReply(401, 'invalid_grant', 'The access token provided is invalid.')
    case 'needLogin':
      return errorReply(401, 'need_login', 'No valid authentication for user.')
    case 'tooMany':
      return {
        ...errorReply(429, 'too_many_requests', 'Too many requests'),
        ...(fault.retryAfterSeconds === undefined ? {} : { headers: { 'Retry-After': String(fault.retryAfterSeconds) } }),
      }
    case 'html':
      return { status: fault.status ?? 503, raw: { text: page(fault.status ?? 503), contentType: 'text/html; charset=UTF-8' } }
    case 'maintenance':
      return errorReply(503, 'maintenance', 'SugarCRM is currently in maintenance mode.')
    case 'status':
      return errorReply(fault.status, fault.code, fault.message ?? 'An unexpected error occurred.')
    case 'notJson':
      return { status: 200, raw: { text: fault.text ?? SIGN_IN_PAGE, contentType: 'text/html' } }
    default:
      return null
  }
}
