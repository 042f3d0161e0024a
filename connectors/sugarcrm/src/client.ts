import { AssayError, type Answer, type Host } from '@assay/shared'
import { refusalOf } from './answer.ts'
import { jsonRequest, openExchange } from './exchange.ts'
import { secretsOf, type Settings } from './settings.ts'
import { joinSignIn, leaveSignIn, movedOn } from './shared-sign-in.ts'
import { refresh, signIn, type Tokens } from './sign-in.ts'

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT'
  /** Behind `/rest/v11_20`, with the leading slash; may carry a query. */
  readonly path: string
  /** Sent as JSON. */
  readonly body?: object
  /** Statuses from 300 on that the caller understands; all others become an AssayError. */
  readonly accept?: readonly number[]
  /** False where a second try could do the thing twice: then a broken connection is at once `offline`. */
  readonly repeatable?: boolean
}
/** One of several calls that are made by one. */
export interface Part {
  readonly method: 'GET' | 'PUT'
  readonly path: string
  readonly body?: object
}
export interface PartAnswer {
  readonly status: number
  readonly body: unknown
}

export interface SugarClient {
  /** Makes a call as the integration user; see `Exchange.send` for what it does on its own and how it rejects. */
  call(call: Call): Promise<Answer>
  /** Makes these calls one after the other in one; each has its own answer, in their order. An ended session is renewed once. */
  bulk(parts: readonly Part[]): Promise<readonly PartAnswer[]>
  /** The instance's clock (epoch ms), never ahead of ours. */
  clock(): number
  /** What this version of Sugar has been found not to know. */
  readonly refused: { deleted: boolean }
  /** Leaves the sign-in to those who still work under it. Safe to call twice. */
  close(): void
  /** Host and folder: what tells one instance from another. */
  readonly instance: string
}

interface WirePart {
  readonly contents?: unknown
  readonly status?: number
}

/** One signed-in connection. Opens nothing until the first call. */
export const openClient = (settings: Settings, host: Host): SugarClient => {
  const where = new URL(settings.url)
  const instance = where.host + where.pathname.replace(/\/+$/, '')
  const version = `v${settings.apiVersion}`
  const address = `${where.protocol}//${instance}/rest/${version}`
  const secrets = secretsOf(settings)
  const hidden = (text: string): string => secrets.reduce((said, secret) => said.replaceAll(secret, '…'), text)
  const shared = joinSignIn(settings)
  let isOpen = true
  // The refresh token that is kept for the next session.
  let kept = settings.oauth?.refreshToken ?? null

  /** Whoever got them, they are ours to hide, and to keep. */
  const known = async (tokens: Tokens): Promise<Tokens> => {
    for (const secret of [tokens.access, tokens.refresh]) if (secret !== null && !secrets.includes(secret)) secrets.push(secret)
    if (settings.oauth !== undefined && tokens.refresh !== null && tokens.refresh !== kept) {
      kept = tokens.refresh
      movedOn(shared, settings, kept)
      // The old one died with this answer: what is kept must be the new one.
      await host.keep?.({ ...settings, oauth: { refreshToken: kept } })
    }
    return tokens
  }

  const taken = async (asked: Promise<Tokens>): Promise<Tokens> => {
    const fresh = await asked.catch((error: unknown) => {
      if (!(error instanceof AssayError)) throw error
      throw new AssayError(error.kind, hidden(error.message), { hint: error.hint, retryAfterMs: error.retryAfterMs })
    })
    shared.tokens = fresh
    return known(fresh)
  }
  /** By the refresh token where there is one and it may help, else by name and password. */
  const again = async (by: 'refresh' | 'signIn'): Promise<Tokens> => {
    const token = shared.tokens?.refresh ?? null
    if (token === null || (by === 'signIn' && settings.password !== undefined)) return taken(signIn(exchange, settings, address))
    try {
      return await taken(refresh(exchange, settings, address, token))
    } catch (error) {
      if (!(error instanceof AssayError) || error.kind !== 'auth' || settings.password === undefined) throw error
      return taken(signIn(exchange, settings, address))
    }
  }
  const once = async (work: () => Promise<Tokens>): Promise<Tokens> => {
    const theirs = shared.signingIn
    if (theirs !== null) {
      try {
        return await known(await theirs)
      } catch (error) {
        // Refused is refused; but a session that was stopped in the middle of its sign-in says nothing of ours.
        if (error instanceof AssayError) throw error
        host.signal.throwIfAborted()
      }
    }
    const ours = (shared.signingIn ??= work().finally(() => {
      shared.signingIn = null
    }))
    return known(await ours)
  }
  /** Another call, or another session, may have renewed it while this one was on its way. */
  const renewed = async (refused: string, by: 'refresh' | 'signIn'): Promise<string> =>
    (shared.tokens !== null && shared.tokens.access !== refused ? await known(shared.tokens) : await once(() => again(by))).access

  const exchange = openExchange(host, { hidden, renewed }, settings.callsPerSecond)
  const token = async (): Promise<string> =>
    (shared.tokens === null ? await once(() => taken(signIn(exchange, settings, address))) : await known(shared.tokens)).access

  const call = async ({ method = 'GET', path, body, accept = [], ...manner }: Call): Promise<Answer> => {
    host.signal.throwIfAborted()
    const request = jsonRequest(method, address + path, await token(), body)
    return exchange.send(request, { ...manner, accept: ({ status }) => accept.includes(status) })
  }
  const together = async (parts: readonly Part[]): Promise<readonly PartAnswer[]> => {
    const requests = parts.map(({ method, path, body }) => ({
      url: version + path,
      method,
      ...(body === undefined ? {} : { data: JSON.stringify(body), headers: ['Content-Type: application/json'] }),
    }))
    const answer = await call({ method: 'POST', path: '/bulk', body: { requests } })
    const answers = Array.isArray(answer.body) ? (answer.body as WirePart[]) : []
    if (answers.length !== parts.length)
      throw new AssayError('data', `Sugar gave ${answers.length} answers to ${parts.length} calls that were made in one.`)
    return answers.map(({ contents, status = 0 }) => ({ status, body: contents ?? null }))
  }

  return {
    instance,
    refused: { deleted: false },
    call,
    clock: () => exchange.clock(),
    close() {
      if (isOpen) leaveSignIn(shared)
      isOpen = false
    },
    async bulk(parts) {
      if (parts.length === 0) return []
      const used = await token()
      const answers = [...(await together(parts))]
      const ended = answers.flatMap(({ status }, at) => (status === 401 ? [at] : []))
      if (ended.length === 0) return answers
      // The call that carries the others is answered although the session has ended, at its beginning or in the middle of them. What was
      // refused for that was not done, and is made again, in its order; what was done is not.
      const isGone = ended.some((at) => refusalOf(answers[at]?.body).code === 'need_login')
      await renewed(used, isGone ? 'signIn' : 'refresh')
      const renewedAnswers = await together(ended.flatMap((at) => parts[at] ?? []))
      for (const [place, at] of ended.entries()) answers[at] = renewedAnswers[place] ?? { status: 0, body: null }
      return answers
    },
  }
}
