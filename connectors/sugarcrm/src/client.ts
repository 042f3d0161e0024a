import { AssayError, type Host } from '@assay/shared'
import { refusalOf, type Answer } from './answer.ts'
import { openExchange, type Manner } from './exchange.ts'
import { secretsOf, type Settings } from './settings.ts'
import { refresh, signIn, type Tokens } from './sign-in.ts'

export interface Call extends Manner {
  readonly method?: 'GET' | 'POST' | 'PUT'
  /** Behind `/rest/v11_20`, with the leading slash; may carry a query. */
  readonly path: string
  /** Sent as JSON. */
  readonly body?: object
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
  let tokens: Tokens | null = null
  let signingIn: Promise<Tokens> | null = null

  const taken = async (asked: Promise<Tokens>): Promise<Tokens> => {
    const fresh = await asked.catch((error: unknown) => {
      if (!(error instanceof AssayError)) throw error
      throw new AssayError(error.kind, hidden(error.message), { hint: error.hint, retryAfterMs: error.retryAfterMs })
    })
    tokens = fresh
    secrets.push(fresh.access)
    if (fresh.refresh !== null) {
      secrets.push(fresh.refresh)
      // The old one died with this answer: what is kept must be the new one.
      if (settings.oauth !== undefined) await host.keep?.({ ...settings, oauth: { refreshToken: fresh.refresh } })
    }
    return fresh
  }
  /** By the refresh token where there is one and it may help, else by name and password. */
  const again = async (by: 'refresh' | 'signIn'): Promise<Tokens> => {
    const token = tokens?.refresh ?? null
    if (token === null || (by === 'signIn' && settings.password !== undefined)) return taken(signIn(exchange, settings, address))
    try {
      return await taken(refresh(exchange, settings, address, token))
    } catch (error) {
      if (!(error instanceof AssayError) || error.kind !== 'auth' || settings.password === undefined) throw error
      return taken(signIn(exchange, settings, address))
    }
  }
  const once = (work: () => Promise<Tokens>): Promise<Tokens> => {
    signingIn ??= work().finally(() => {
      signingIn = null
    })
    return signingIn
  }
  /** Another call may have renewed it while this one was on its way. */
  const renewed = async (refused: string, by: 'refresh' | 'signIn'): Promise<string> =>
    tokens !== null && tokens.access !== refused ? tokens.access : (await once(() => again(by))).access

  const exchange = openExchange(host, { hidden, renewed }, settings.callsPerSecond)
  const token = async (): Promise<string> => (tokens ?? (await once(() => taken(signIn(exchange, settings, address))))).access

  const call = async ({ method = 'GET', path, body, ...manner }: Call): Promise<Answer> => {
    host.signal.throwIfAborted()
    return exchange.send({ method, url: address + path, token: await token(), body }, manner)
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
      const again = await together(ended.flatMap((at) => parts[at] ?? []))
      for (const [place, at] of ended.entries()) answers[at] = again[place] ?? { status: 0, body: null }
      return answers
    },
  }
}
