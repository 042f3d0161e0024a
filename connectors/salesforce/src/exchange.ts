import { AssayError, openGuard, pauseAfter, reasonOf, type Answer, type CallGuard, type Host } from '@assay/shared'
import { errorsOf, judge, untilTomorrow } from './answer.ts'

export interface Request {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | undefined
}

export interface Manner {
  /** Statuses from 400 on that the caller understands; all others become an AssayError. */
  readonly accept?: readonly number[]
  /** False where a second try could do the thing twice: then a broken connection is at once `offline`. */
  readonly repeatable?: boolean
  /** True: a good answer's body is handed on unread, as a stream, instead of being parsed. */
  readonly streamed?: boolean
  /** True: a refusal of what was asked (`config`, `rejected`) is an answer like any other; whoever asked reads it. */
  readonly refusals?: boolean
  /** True for the sign-in itself: its refusal is not answered by another sign-in. */
  readonly signingIn?: boolean
}

export interface Exchange {
  /**
   * One call, waiting as Salesforce asks and trying again where that helps; an ended session is renewed once. Rejects with an
   * AssayError: `limit`, `auth`, `config`, `rejected`, `offline` after a few tries, `data` for an answer of another type than it should have.
   */
  send(request: Request, manner?: Manner): Promise<Answer>
  /** Calls of the last 24 hours, of all users of the org, as last told; null before the first answer. */
  usage(): { readonly used: number; readonly limit: number } | null
  /** Salesforce's clock (epoch ms) as its answers tell it, never ahead of ours: the earlier one is the safer end of a window. */
  clock(): number
}

/** What the exchange needs to know of the sign-in that it works for. */
export interface Bearer {
  /** The text without anything that must not be shown. */
  hidden(text: string): string
  /** The request with a good token in place of the one that was refused; null where none can be had. */
  renewed(refused: Request): Promise<Request | null>
}

const TRIES = 5
/** A call that has not begun to answer after this long (ms) is given up; so is a stream that stops flowing. */
const TIMEOUT = 120_000
const LIMITS = /api-usage=(\d+)\/(\d+)/

const named = ({ method, url }: Request): string => `${method} ${new URL(url).pathname}`

/** The body piece by piece, no faster than it is taken. Ends the guard whether it is read to its end or not. */
async function* pieces(body: ReadableStream<Uint8Array>, guard: CallGuard): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of body) {
      guard.came()
      yield piece
      guard.waiting()
    }
  } finally {
    guard.end()
  }
}

/** The answer as JSON where that was asked for, else as text. Throws where a page or anything else stands in its place. */
const parsed = (text: string, asked: string, type: string, status: number): unknown => {
  if (text === '') return null
  if (status < 300 && (/html/.test(type) || (/json/.test(asked) && !/json/.test(type))))
    throw new TypeError(`status ${status} with ${type} instead of an answer`)
  if (!/json/.test(asked) && !/json/.test(type)) return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    if (status >= 300) return text
    throw new TypeError(`status ${status} with something that is no JSON`)
  }
}

/** The road to Salesforce: every call of a session goes through here, those of its library among them. */
export const openExchange = (host: Host, bearer: Bearer): Exchange => {
  let seen: { used: number; limit: number } | null = null
  let pausedUntil = 0
  // How far Salesforce's clock is behind ours (ms); 0 as long as it is not.
  let behind = 0

  const failure = (kind: 'offline' | 'data', request: Request, why: string): AssayError =>
    new AssayError(kind, bearer.hidden(`Salesforce could not answer ${named(request)}: ${why}`), {
      hint: kind === 'offline' ? 'Check the network and status.salesforce.com; Assay tries again by itself.' : undefined,
    })

  const learn = (headers: Headers) => {
    const theirs = Date.parse(headers.get('date') ?? '')
    if (Number.isFinite(theirs)) behind = Math.max(0, host.now() - theirs)
    const [, used, limit] = LIMITS.exec(headers.get('sforce-limit-info') ?? '') ?? []
    if (used === undefined || limit === undefined) return
    seen = { used: Number(used), limit: Number(limit) }
    host.quota.report({ limit: seen.limit, remaining: Math.max(0, seen.limit - seen.used) })
  }

  const attempt = async (request: Request, { streamed = false }: Manner): Promise<Answer> => {
    for (let ms = pausedUntil - host.now(); ms > 0; ms = pausedUntil - host.now()) await host.sleep(ms)
    await host.quota.take(1)
    const guard = openGuard(host.signal, TIMEOUT)
    let handedOn = false
    try {
      const { method, url, headers, body } = request
      const init = { method, headers, redirect: 'manual', signal: guard.signal } as const
      const response = await host.fetch(url, {
        ...init,
        ...(body === undefined ? {} : { body: body as NonNullable<RequestInit['body']> }),
        // Not in the standard: which road to take, for tests and proxies.
        ...(host.dispatcher === undefined ? {} : ({ dispatcher: host.dispatcher } as object)),
      })
      learn(response.headers)
      const { status } = response
      if (streamed && status < 300 && response.body !== null) {
        handedOn = true
        return { status, headers: response.headers, body: pieces(response.body, guard) }
      }
      const text = await response.text()
      return {
        status,
        headers: response.headers,
        body: parsed(text, headers['accept'] ?? '', response.headers.get('content-type') ?? 'no type', status),
      }
    } catch (thrown) {
      if (thrown instanceof AssayError || host.signal.aborted) throw thrown
      // What `parsed` throws has no cause, what the network throws has one.
      const unreadable = thrown instanceof TypeError && thrown.cause === undefined && thrown.message.startsWith('status ')
      throw failure(unreadable ? 'data' : 'offline', request, reasonOf(thrown))
    } finally {
      if (!handedOn) guard.end()
    }
  }

  return {
    usage: () => seen,
    clock: () => host.now() - behind,
    async send(given, manner = {}) {
      host.signal.throwIfAborted()
      let request = given
      let renewedOnce = manner.signingIn === true
      for (let tries = 1; ; tries += 1) {
        let error: AssayError
        const answer = await attempt(request, manner).catch((thrown: unknown) => {
          if (thrown instanceof AssayError && (thrown.kind === 'offline' || thrown.kind === 'data')) return thrown
          throw thrown
        })
        if (answer instanceof AssayError) error = answer
        else if (answer.status < 300 || manner.accept?.includes(answer.status) === true) return answer
        else {
          const verdict = judge(answer, named(request), host.now())
          const { kind, message, hint, retryAfterMs } = verdict.error
          error = new AssayError(kind, bearer.hidden(message), { hint, retryAfterMs })
          if (verdict.next === 'renew' && !renewedOnce) {
            renewedOnce = true
            const again = await bearer.renewed(request)
            if (again === null) throw error
            request = again
            tries -= 1
            continue
          }
          if (verdict.next === 'stop' && manner.refusals === true && answer.status >= 400 && (kind === 'config' || kind === 'rejected'))
            return answer
          if (verdict.next === 'stop' || verdict.next === 'renew') {
            if (errorsOf(answer.body)[0]?.errorCode === 'REQUEST_LIMIT_EXCEEDED')
              host.quota.report({ remaining: 0, resetsAt: host.now() + (retryAfterMs ?? untilTomorrow(host.now())) })
            throw error
          }
          if (verdict.next === 'wait') pausedUntil = Math.max(pausedUntil, host.now() + verdict.ms)
        }
        if (tries >= TRIES || (error.kind === 'offline' && manner.repeatable === false)) throw error
        host.log.debug('Salesforce: trying again', { call: named(request), attempt: tries, why: error.message })
        if (error.kind !== 'limit') await host.sleep(pauseAfter(tries, host.now()))
      }
    },
  }
}
