import { AssayError, openGuard, pauseAfter, reasonOf, type Answer, type Host } from '@assay/shared'
import type { Verdict } from './answer.ts'
import { openPace } from './pace.ts'

export interface Request {
  readonly method: string
  readonly url: string
  /** How messages call it; never with arguments, in which secrets may stand. */
  readonly name: string
  /** The access token; null on the roads that do without. */
  readonly token: string | null
  readonly content?: { readonly type: string; readonly body: string } | undefined
}

export interface Manner {
  /** Whether the caller understands this refusal; all others become an AssayError. */
  readonly accept?: (answer: Answer) => boolean
  /** False where a second try could do the thing twice: then a broken connection is at once `offline`. */
  readonly repeatable?: boolean
}

export interface Exchange {
  /**
   * One call, waiting as the CRM asks and trying again where that helps; an ended token is renewed once. Rejects with an
   * AssayError: `limit`, `auth`, `config`, `rejected`, `offline` after a few tries, `data` for an answer that is no JSON.
   */
  send(request: Request, manner?: Manner): Promise<Answer>
  /** The server's clock (epoch ms) as its answers tell it, never ahead of ours: the earlier one is the safer end of a window. */
  clock(): number
}

/** What the exchange needs to know of the sign-in that it works for. */
export interface Bearer {
  /** The text without anything that must not be shown. */
  hidden(text: string): string
  /** A good token in place of the one that was refused. Rejects (`auth`) where none can be had. */
  renewed(refused: string, by: 'refresh' | 'signIn'): Promise<string>
}

/** What tells one CRM's calls from another's. */
export interface Protocol {
  /** As people call the CRM. */
  readonly name: string
  readonly callsPerSecond: number
  /** Media types that are asked for. */
  readonly accept: string
  /** The header that shows a token. */
  tokenHeader(token: string): Readonly<Record<string, string>>
  /** Whether a good answer may say that it is of this media type. */
  isAnswer(type: string): boolean
  /** Reads an answer that is not a good one. `what`: the name of the call. */
  judge(answer: Answer, what: string): Verdict
}

const TRIES = 5
/** A call that has not answered after this long (ms) is given up. */
const TIMEOUT = 120_000

/** The certificate is not trusted, or not of that host: no second try will change that. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ALTNAME/
const TRUST =
  'Name the certificate authority of your company: NODE_EXTRA_CA_CERTS=/path/to/ca.pem in the environment of assay. The host in the url must stand in the certificate.'
const reach = (crm: string): string =>
  `Check that ${crm} is reachable from here: the url, the firewall, and behind a proxy NODE_USE_ENV_PROXY=1 with HTTPS_PROXY in the environment of assay. Assay tries again by itself.`

/** The body as JSON. Throws where a page stands in place of a good answer; a refusal may be one. */
const parsed = (text: string, type: string, status: number, crm: Protocol): unknown => {
  if (text === '') return null
  if (status < 300 && !crm.isAnswer(type)) throw new TypeError(`status ${status} with ${type} instead of an answer`)
  try {
    return JSON.parse(text) as unknown
  } catch {
    if (status >= 300) return text
    throw new TypeError(`status ${status} with something that is no JSON`)
  }
}

/** The road to a CRM: every call of a session goes through here, the sign-ins among them. */
export const openExchange = (host: Host, bearer: Bearer, crm: Protocol): Exchange => {
  const pace = openPace(host, crm.callsPerSecond)
  const hints = { offline: reach(crm.name), config: TRUST, data: undefined } as const
  // How far the server's clock is behind ours (ms); 0 as long as it is not.
  let behind = 0

  const failure = (kind: 'offline' | 'data' | 'config', { name }: Request, why: string): AssayError =>
    new AssayError(kind, bearer.hidden(`${crm.name} could not answer ${name}: ${why}`), { hint: hints[kind] })

  const attempt = async (request: Request): Promise<Answer> => {
    await pace.ready()
    await host.quota.take(1)
    const guard = openGuard(host.signal, TIMEOUT)
    try {
      const { method, url, token, content } = request
      const response = await host.fetch(url, {
        method,
        headers: {
          accept: crm.accept,
          ...(content === undefined ? {} : { 'content-type': content.type }),
          ...(token === null ? {} : crm.tokenHeader(token)),
        },
        redirect: 'manual',
        signal: guard.signal,
        ...(content === undefined ? {} : { body: content.body }),
        // Not in the standard: which road to take, for a proxy, a private certificate authority, and tests.
        ...(host.dispatcher === undefined ? {} : ({ dispatcher: host.dispatcher } as object)),
      })
      const theirs = Date.parse(response.headers.get('date') ?? '')
      if (Number.isFinite(theirs)) behind = Math.max(0, host.now() - theirs)
      const type = response.headers.get('content-type') ?? 'no type'
      return { status: response.status, headers: response.headers, body: parsed(await response.text(), type, response.status, crm) }
    } catch (thrown) {
      if (thrown instanceof AssayError || host.signal.aborted) throw thrown
      // What `parsed` throws has no cause, what the network throws has one.
      const unreadable = thrown instanceof TypeError && thrown.cause === undefined && thrown.message.startsWith('status ')
      const why = reasonOf(thrown)
      throw failure(unreadable ? 'data' : CERTIFICATE.test(why) ? 'config' : 'offline', request, why)
    } finally {
      guard.end()
    }
  }

  return {
    clock: () => host.now() - behind,
    async send(given, manner = {}) {
      host.signal.throwIfAborted()
      let request = given
      let renewedOnce = request.token === null
      for (let tries = 1; ; tries += 1) {
        let error: AssayError
        const answer = await attempt(request).catch((thrown: unknown) => {
          if (thrown instanceof AssayError && (thrown.kind === 'offline' || thrown.kind === 'data')) return thrown
          throw thrown
        })
        if (answer instanceof AssayError) error = answer
        else if (answer.status < 300 || manner.accept?.(answer) === true) return answer
        else {
          const verdict = crm.judge(answer, request.name)
          const { kind, message, hint, retryAfterMs } = verdict.error
          error = new AssayError(kind, bearer.hidden(message), { hint: hint === undefined ? undefined : bearer.hidden(hint), retryAfterMs })
          if (verdict.next === 'renew' && !renewedOnce && request.token !== null) {
            renewedOnce = true
            request = { ...request, token: await bearer.renewed(request.token, verdict.by) }
            tries -= 1
            continue
          }
          if (verdict.next === 'stop' || verdict.next === 'renew') throw error
          if (verdict.next === 'wait') pace.pause(verdict.ms)
        }
        if (tries >= TRIES || (error.kind === 'offline' && manner.repeatable === false)) throw error
        host.log.debug(`${crm.name}: trying again`, { call: request.name, attempt: tries, why: error.message })
        if (error.kind !== 'limit') await host.sleep(pauseAfter(tries, host.now()))
      }
    },
  }
}
