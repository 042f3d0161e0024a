import { Client } from '@hubspot/api-client'
import { AssayError, pauseAfter, reasonOf, type Answer, type Host } from '@assay/shared'
import { judge, untilMidnight } from './answer.ts'
import { dayOf, openGovernor, type Pace } from './governor.ts'
import { secretsOf, type Settings } from './settings.ts'
import { type Signed, type TokenAnswer, understoodSignIn } from './sign-in.ts'

/** The parts of HubSpot's API that Assay calls, each with its path in both families. */
const PATHS = {
  objects: { v3: '/crm/v3/objects', '2026-03': '/crm/objects/2026-03' },
  associations: { v3: '/crm/v4/associations', '2026-03': '/crm/associations/2026-03' },
  linksOfOne: { v3: '/crm/v4/objects', '2026-03': '/crm/objects/2026-03' },
  properties: { v3: '/crm/v3/properties', '2026-03': '/crm/properties/2026-03' },
  pipelines: { v3: '/crm/v3/pipelines', '2026-03': '/crm/pipelines/2026-03' },
  owners: { v3: '/crm/v3/owners', '2026-03': '/crm/owners/2026-03' },
  schemas: { v3: '/crm-object-schemas/v3/schemas', '2026-03': '/crm-object-schemas/2026-03/schemas' },
  account: { v3: '/account-info/v3', '2026-03': '/account-info/2026-03' },
  token: { v3: '/oauth/v1/token', '2026-03': '/oauth/2026-03/token' },
  // One path in both families; only tokens of private apps are known there.
  grants: { v3: '/oauth/v2/private-apps/get/access-token-info', '2026-03': '/oauth/v2/private-apps/get/access-token-info' },
} as const

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly area: keyof typeof PATHS
  /** Behind the area's path, with the leading slash; may carry a query. */
  readonly tail: string
  readonly body?: object
  readonly pace?: Pace
  /** Statuses from 400 on that the caller understands; all others become an AssayError. */
  readonly accept?: readonly number[]
  /** False where a second try could do the thing twice: then a broken connection is at once `offline`. */
  readonly repeatable?: boolean
}

export interface HubSpotClient {
  /**
   * Makes a call, waiting as HubSpot asks and trying again where that helps. Rejects with an AssayError: `limit`, `auth`,
   * `config` (a scope is missing), `rejected`, `offline` after a few tries, `data` for an answer that is no JSON.
   */
  call(call: Call): Promise<Answer>
  /** Signs in with the code of a consent; only for settings by OAuth. Rejects with `auth` when HubSpot does not take it. */
  redeem(code: string, redirect: string): Promise<Signed>
  /** The scopes this sign-in has been granted; null where HubSpot does not tell. */
  scopes(): Promise<readonly string[] | null>
  /** Tells how far the account's clock is ahead of UTC (ms), so that the end of its day is known. */
  setOffset(ms: number): void
}

const TRIES = 5
/** A call that has not answered after this long (ms) is given up. */
const TIMEOUT = 60_000

/** Settles as `work` does, or rejects when the signal fires or the time is over: HubSpot's library takes no signal. */
const raced = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const late = AbortSignal.timeout(TIMEOUT)
    const stop = () => reject(signal.reason as Error)
    const giveUp = () => reject(new Error(`no answer within ${TIMEOUT / 1000} s`))
    const done = () => {
      signal.removeEventListener('abort', stop)
      late.removeEventListener('abort', giveUp)
    }
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop)
    late.addEventListener('abort', giveUp)
    work.finally(done).then(resolve, reject)
  })

/** One signed-in connection. Opens nothing until the first call. */
export const openClient = (settings: Settings, host: Host): HubSpotClient => {
  const governor = openGovernor(host, settings)
  // Neither limiter nor retries: the library keeps those in one place for the whole process, so that the last client
  // made would decide for all. `governor` and `attempt` below do both, per connection.
  const library = new Client({ basePath: settings.baseUrl.replace(/\/$/, ''), accessToken: settings.token ?? '' })
  const secrets = secretsOf(settings)
  let refreshToken = settings.oauth?.refreshToken ?? ''
  let expiresAt = settings.oauth === undefined ? Infinity : 0
  let signingIn: Promise<void> | null = null
  let offset = 0
  let granted: readonly string[] | null = null

  const path = ({ area, tail }: Call): string => PATHS[area][settings.api] + tail
  const hidden = (text: string): string => secrets.reduce((said, secret) => said.replaceAll(secret, '…'), text)
  const named = (call: Call): string => `${call.method ?? 'GET'} ${path(call).replace(/\?.*/s, '')}`
  const failure = (kind: 'offline' | 'data', call: Call, why: string): AssayError =>
    new AssayError(kind, hidden(`HubSpot could not answer ${named(call)}: ${why}`), {
      hint: kind === 'offline' ? 'Check the network and status.hubspot.com; Assay tries again by itself.' : undefined,
    })

  const send = async (call: Call, form: URLSearchParams | null): Promise<Answer | { readonly unreadable: string }> => {
    await governor.ready(call.pace ?? 'plain')
    await host.quota.take(1)
    const request = async () => {
      const response = await library.apiRequest({
        method: call.method ?? 'GET',
        path: path(call),
        ...(call.body === undefined ? {} : { body: call.body }),
        ...(form === null
          ? {}
          : {
              body: form.toString(),
              defaultJson: false,
              authType: 'none',
              headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
            }),
      })
      return { status: response.status, headers: response.headers, text: await response.text() }
    }
    const { status, headers, text } = await raced(request(), host.signal)
    governor.learn(headers)
    const day = dayOf(headers)
    if (day !== null) host.quota.report({ ...day, resetsAt: host.now() + untilMidnight(host.now(), offset) })
    if (text === '') return { status, headers, body: null }
    try {
      return { status, headers, body: JSON.parse(text) as unknown }
    } catch {
      if (status >= 400) return { status, headers, body: null }
      return { unreadable: `status ${status} with ${headers.get('content-type') ?? 'no content type'} instead of JSON` }
    }
  }

  const attempt = async (call: Call, form: URLSearchParams | null): Promise<Answer> => {
    for (let tries = 1; ; tries += 1) {
      let error: AssayError
      const answer = await send(call, form).catch((thrown: unknown) => {
        if (thrown instanceof AssayError || host.signal.aborted) throw thrown
        return failure('offline', call, reasonOf(thrown))
      })
      if (answer instanceof AssayError) error = answer
      else if ('unreadable' in answer) error = failure('data', call, answer.unreadable)
      else if (answer.status < 400 || call.accept?.includes(answer.status) === true) return answer
      else {
        const verdict = judge(answer, named(call), governor.interval(), untilMidnight(host.now(), offset))
        const { kind, message, hint, retryAfterMs } = verdict.error
        error = new AssayError(kind, hidden(message), { hint, retryAfterMs })
        if (kind === 'limit' && verdict.next === 'stop' && answer.status === 429) {
          host.quota.report({ remaining: 0, resetsAt: host.now() + (retryAfterMs ?? 0) })
        }
        if (verdict.next === 'stop') throw error
        if (verdict.next === 'wait') governor.pause(verdict.ms)
      }
      if (tries >= TRIES || (error.kind === 'offline' && call.repeatable === false)) throw error
      host.log.debug('HubSpot: trying again', { call: named(call), attempt: tries, why: error.message })
      if (error.kind !== 'limit') await host.sleep(pauseAfter(tries, host.now()))
    }
  }

  const signIn = async (oauth: NonNullable<Settings['oauth']>, grant: Readonly<Record<string, string>>): Promise<Signed> => {
    const form = new URLSearchParams({ client_id: oauth.clientId, client_secret: oauth.clientSecret, ...grant })
    const answer = await attempt({ method: 'POST', area: 'token', tail: '', accept: [400, 401] }, form)
    const signed = understoodSignIn(answer.status, answer.body as TokenAnswer | null, hidden)
    secrets.push(signed.accessToken, signed.refreshToken)
    granted = signed.scopes
    library.setAccessToken(signed.accessToken)
    expiresAt = host.now() + (signed.seconds - 60) * 1000
    return signed
  }
  const renew = async (oauth: NonNullable<Settings['oauth']>): Promise<void> => {
    const signed = await signIn(oauth, { grant_type: 'refresh_token', refresh_token: refreshToken })
    if (signed.refreshToken === '' || signed.refreshToken === refreshToken) return
    // The old one may have died with this answer: what is kept must be the new one.
    refreshToken = signed.refreshToken
    await host.keep?.({ ...settings, oauth: { ...oauth, refreshToken } })
  }
  const signedIn = async (): Promise<void> => {
    if (settings.oauth === undefined || host.now() < expiresAt) return
    signingIn ??= renew(settings.oauth).finally(() => {
      signingIn = null
    })
    await signingIn
  }

  return {
    async call(call) {
      host.signal.throwIfAborted()
      await signedIn()
      if (settings.oauth === undefined) return attempt(call, null)
      // A token may be revoked before its time: one new one, then it is an error.
      const answer = await attempt({ ...call, accept: [...(call.accept ?? []), 401] }, null)
      if (answer.status !== 401) return answer
      expiresAt = 0
      await signedIn()
      return attempt(call, null)
    },
    redeem(code, redirect) {
      if (settings.oauth === undefined) throw new TypeError('a code is redeemed by an OAuth app')
      return signIn(settings.oauth, { grant_type: 'authorization_code', code, redirect_uri: redirect })
    },
    async scopes() {
      await signedIn()
      if (settings.token === undefined) return granted
      // A service key is unknown there: HubSpot answers 4xx, which only means that it does not tell.
      const accept = [400, 401, 403, 404]
      const answer = await attempt({ method: 'POST', area: 'grants', tail: '', body: { tokenKey: settings.token }, accept }, null)
      return answer.status >= 400 ? null : ((answer.body as { scopes?: readonly string[] } | null)?.scopes ?? null)
    },
    setOffset(ms) {
      offset = ms
    },
  }
}
