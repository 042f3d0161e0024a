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

/** A family (`list`, `records.update`, `bulk`, …; `bulk.list` within a bulk call), a pattern on `METHOD /path?query`, or all. */
export type FaultMatch = '*' | (string & {}) | RegExp

export interface Faults {
  /** The next `times` (default 1) requests that match meet the fault; planted faults are used up in the order of planting. */
  next(match: FaultMatch, fault: Fault, times?: number): void
  /** Lets `skip` matching requests through first. */
  after(skip: number, match: FaultMatch, fault: Fault, times?: number): void
  clear(): void
  /** How many are planted and not used up. */
  pending(): number
}

export interface FaultQueue extends Faults {
  take(family: string, request: string): Fault | null
  /** For a request in a bulk call: only what names its family (`bulk.records.update`) disturbs it. */
  takeWithin(family: string): Fault | null
}

export function createFaults(): FaultQueue {
  let planted: { match: FaultMatch; fault: Fault; skip: number; left: number }[] = []
  const after: Faults['after'] = (skip, match, fault, times = 1) => void planted.push({ match, fault, skip, left: times })
  const use = (isMeant: (match: FaultMatch) => boolean): Fault | null => {
    for (const each of planted) {
      if (!isMeant(each.match)) continue
      if (each.skip > 0) {
        each.skip -= 1
        continue
      }
      each.left -= 1
      if (each.left <= 0) planted = planted.filter((other) => other !== each)
      return each.fault
    }
    return null
  }
  return {
    next: (match, fault, times) => after(0, match, fault, times),
    after,
    clear() {
      planted = []
    },
    pending: () => planted.reduce((sum, each) => sum + each.left, 0),
    take: (family, request) => use((match) => matches(match, family, request)),
    takeWithin: (family) => use((match) => typeof match === 'string' && match.startsWith('bulk.') && matches(match, family, '')),
  }
}

function matches(match: FaultMatch, family: string, request: string): boolean {
  if (match instanceof RegExp) return match.test(request)
  return match === '*' || family === match || family.startsWith(`${match}.`)
}

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
