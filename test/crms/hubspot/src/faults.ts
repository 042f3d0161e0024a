import { limitReply, type LimitBody, type Policy } from './limits.ts'
import { errorReply, type Reply } from './reply.ts'

/** Something that goes wrong on purpose. */
export type Fault =
  /** 429 of one of the three policies, in one of the two forms. */
  | { readonly kind: 'limit'; readonly policy: Policy; readonly body?: LimitBody }
  /** Any status with an error body in JSON. */
  | { readonly kind: 'status'; readonly status: number; readonly message?: string; readonly headers?: Readonly<Record<string, string>> }
  /** A gateway's page instead of an answer. */
  | { readonly kind: 'html'; readonly status?: number }
  /** The answer comes, but late (real milliseconds). */
  | { readonly kind: 'slow'; readonly ms: number }
  /** The connection breaks: before anything is done, after the work but before the answer, or in the middle of the answer. */
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' | 'inBody' }
  /** A batch in which these inputs fail (ids, or `objectWriteTraceId`s of a create): 207. */
  | { readonly kind: 'partial'; readonly ids: readonly string[] }
  | { readonly kind: 'expiredToken' }
  | { readonly kind: 'missingScopes'; readonly scopes: readonly string[] }
  /** 423: another write holds the record. */
  | { readonly kind: 'locked' }
  /** 477: the account is being moved between data centres. */
  | { readonly kind: 'migrating'; readonly retryAfterSeconds: number }
  /** 200 with something that is no JSON. */
  | { readonly kind: 'notJson' }

/** The answer a fault gives in place of the real one; null for those that only disturb the real one. */
export function faultReply(fault: Fault): Reply | null {
  switch (fault.kind) {
    case 'limit':
      return limitReply(fault.policy, fault.body ?? 'documented')
    case 'status':
      return {
        ...errorReply(fault.status, 'INTERNAL_ERROR', fault.message ?? 'internal error'),
        ...(fault.headers === undefined ? {} : { headers: fault.headers }),
      }
    case 'html': {
      const status = fault.status ?? 502
      return { status, raw: { text: `<html><body><h1>${status}</h1></body></html>`, contentType: 'text/html' } }
    }
    case 'expiredToken':
      return expiredReply(7)
    case 'missingScopes':
      return scopesReply(fault.scopes)
    case 'locked':
      return errorReply(423, 'LOCKED', 'The resource is locked by another write. Wait at least 2 seconds.')
    case 'migrating':
      return {
        ...errorReply(477, 'MIGRATION_IN_PROGRESS', 'The account is being migrated between data centres.'),
        headers: { 'Retry-After': String(fault.retryAfterSeconds) },
      }
    case 'notJson':
      return { status: 200, raw: { text: 'OK', contentType: 'text/plain' } }
    default:
      return null
  }
}

export function expiredReply(secondsAgo: number): Reply {
  return errorReply(401, 'EXPIRED_AUTHENTICATION', `The OAuth token used to make this call expired ${secondsAgo} second(s) ago.`)
}

export function scopesReply(scopes: readonly string[]): Reply {
  return errorReply(403, 'MISSING_SCOPES', "This app hasn't been granted all required scopes to make this call.", {
    errors: [{ message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: scopes } }],
    links: { scopes: 'https://app.hubspot.com/' },
  })
}
