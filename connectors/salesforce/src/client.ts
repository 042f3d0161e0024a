import { PassThrough } from 'node:stream'
import type { Connection, HttpRequest, HttpResponse, StreamPromise } from 'jsforce'
import { AssayError, type Answer, type Host } from '@assay/shared'
import { codeOf, errorsOf } from './answer.ts'
import { openExchange, type Manner, type Request } from './exchange.ts'
import { secretsOf, type Settings } from './settings.ts'
import { signIn, type SignedIn } from './sign-in.ts'

export interface Call extends Manner {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Behind `/services/data/v67.0`, with the leading slash; or from the host on, where it begins with `/services/`. */
  readonly path: string
  /** Sent as JSON. */
  readonly body?: object
  /** Sent as it is, with its type. */
  readonly raw?: { readonly type: string; readonly content: string | Uint8Array }
  readonly headers?: Readonly<Record<string, string>>
}

export interface SalesforceClient {
  /** Makes a call as the integration user; see `Exchange.send` for what it does on its own and how it rejects. */
  call(call: Call): Promise<Answer>
  /** A call whose good answer is read piece by piece, no faster than it is taken; `pieces` is null for a refusal that was accepted. */
  stream(call: Call): Promise<Answer & { readonly pieces: AsyncIterable<Uint8Array> | null }>
  /** jsforce's connection, signed in. Its calls take the same road: ledger, retries, renewal, stop. */
  connection(): Promise<Connection>
  /** Who is signed in where. Asks Salesforce only when the sign-in itself did not say. */
  identity(): Promise<{ readonly organizationId: string; readonly userId: string; readonly instanceUrl: string; readonly version: string }>
  /** All calls of the org in the last 24 hours, as last told. */
  usage(): { readonly used: number; readonly limit: number } | null
  /** Salesforce's clock (epoch ms), never ahead of ours. */
  clock(): number
}

/** Some of Salesforce's ids come with 15 characters, some with 18; the first 15 say it all. */
export const sameId = (left: string, right: string): boolean => left.slice(0, 15) === right.slice(0, 15)

/** A session that is open already cannot be renewed by anybody but its owner. */
const OWN_LOGIN = 'Log in again: sf org login web.'

/** The token stands in a header, and in the envelope of a SOAP call. */
const tokenStandsIn = ({ headers, body }: Request, token: string): boolean =>
  Object.values(headers).some((value) => value.includes(token)) || (typeof body === 'string' && body.includes(token))
const withToken = (request: Request, old: string, fresh: string): Request => ({
  ...request,
  headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, value.replaceAll(old, fresh)])),
  body: typeof request.body === 'string' ? request.body.replaceAll(old, fresh) : request.body,
})

/** What jsforce sends, as something that can be sent again: a form (of a deployment by REST) as its bytes. */
const contentOf = (body: HttpRequest['body']): string | Uint8Array | undefined => {
  if (body === undefined || body === null) return undefined
  if (typeof body === 'string' || body instanceof Uint8Array) return body
  if (body instanceof URLSearchParams) return body.toString()
  if ('getBuffer' in body) return body.getBuffer()
  throw new TypeError('jsforce sent a stream, which cannot be sent twice')
}

/** One signed-in connection. Opens nothing until the first call. */
export const openClient = (settings: Settings, host: Host): SalesforceClient => {
  const secrets = secretsOf(settings)
  const hidden = (text: string): string => secrets.reduce((said, secret) => said.replaceAll(secret, '…'), text)
  const tokens: string[] = []
  let opening: Promise<Connection> | null = null
  let renewing: Promise<SignedIn> | null = null
  let rotated: string | null = null
  let who: { organizationId: string; userId: string } | null = null

  const signedIn = async (): Promise<SignedIn> => {
    const fresh = await signIn(exchange, settings, rotated, host.now(), hidden)
    tokens.push(fresh.accessToken)
    secrets.push(fresh.accessToken)
    if (fresh.refreshToken !== null && settings.oauth !== undefined && fresh.refreshToken !== (rotated ?? settings.oauth.refreshToken)) {
      // The old one died with this answer: what is kept must be the new one.
      rotated = fresh.refreshToken
      secrets.push(rotated)
      await host.keep?.({ ...settings, oauth: { ...settings.oauth, refreshToken: rotated } })
    }
    return fresh
  }

  const exchange = openExchange(host, {
    hidden,
    async renewed(refused) {
      const connection = await opening
      if (connection === null) return null
      if (settings.session !== undefined)
        throw new AssayError('auth', 'The open Salesforce login that was handed over has ended.', { hint: OWN_LOGIN })
      const old = tokens.find((token) => tokenStandsIn(refused, token))
      if (old === undefined) return null
      // Another call may have renewed it while this one was on its way.
      if (old === connection.accessToken) {
        renewing ??= signedIn().finally(() => {
          renewing = null
        })
        connection.accessToken = (await renewing).accessToken
      }
      return withToken(refused, old, connection.accessToken ?? '')
    },
  })

  /** jsforce brings a network of its own, with one dispatcher and one way of retrying for the whole process: it gets ours instead. */
  const transport = {
    // Nobody reads its stream; jsforce only wants one to be there.
    httpRequest: (request: HttpRequest) =>
      Object.assign(carried(request), { stream: () => new PassThrough() }) as unknown as StreamPromise<HttpResponse>,
    getRequestStreamCreator: () => () => new PassThrough(),
  }
  const carried = async ({ method, url, headers = {}, body }: HttpRequest): Promise<HttpResponse> => {
    const answer = await exchange.send({ method, url, headers, body: contentOf(body) }, { refusals: true })
    const said = typeof answer.body === 'string' ? answer.body : answer.body === null ? '' : JSON.stringify(answer.body)
    // What jsforce makes an error of is shown to people.
    return { statusCode: answer.status, headers: Object.fromEntries(answer.headers), body: answer.status < 400 ? said : hidden(said) }
  }

  const open = async (): Promise<Connection> => {
    const fresh = await signedIn()
    const { organization } = settings
    if (organization !== undefined && fresh.organizationId !== null && !sameId(organization, fresh.organizationId))
      throw wrongOrg(organization, fresh.organizationId)
    const version = await newestSpoken(fresh)
    // It takes half a second to load: only who signs in waits for it.
    const jsforce = await import('jsforce')
    const connection = new jsforce.Connection({ instanceUrl: fresh.instanceUrl, accessToken: fresh.accessToken, version })
    // jsforce has no other place for it.
    Object.assign(connection, { _transport: transport })
    if (fresh.organizationId !== null && fresh.userId !== null) who = { organizationId: fresh.organizationId, userId: fresh.userId }
    return connection
  }
  /** The configured version, or the org's newest where that is older. */
  const newestSpoken = async ({ instanceUrl, accessToken }: SignedIn): Promise<string> => {
    const headers = { accept: 'application/json', authorization: `Bearer ${accessToken}` }
    const answer = await exchange.send({ method: 'GET', url: `${instanceUrl}/services/data/`, headers }, { signingIn: true })
    const offered = (Array.isArray(answer.body) ? answer.body : []).map(({ version }: { version?: string }) => Number(version))
    const newest = Math.max(...offered.filter(Number.isFinite))
    return Number.isFinite(newest) && newest < Number(settings.apiVersion) ? newest.toFixed(1) : settings.apiVersion
  }
  const opened = (): Promise<Connection> => {
    opening ??= open().catch((error: unknown) => {
      opening = null
      throw error
    })
    return opening
  }

  const requestOf = (connection: Connection, { method = 'GET', path, body, raw, headers }: Call) => ({
    method,
    url: connection.instanceUrl + (path.startsWith('/services/') ? path : `/services/data/v${connection.version}${path}`),
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${connection.accessToken ?? ''}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      ...(raw === undefined ? {} : { 'content-type': raw.type }),
      ...headers,
    },
    body: body === undefined ? raw?.content : JSON.stringify(body),
  })
  const call = async (given: Call): Promise<Answer> => {
    host.signal.throwIfAborted()
    return exchange.send(requestOf(await opened(), given), given)
  }

  return {
    call,
    async stream(given) {
      host.signal.throwIfAborted()
      const answer = await exchange.send(requestOf(await opened(), given), { ...given, streamed: true })
      return { ...answer, pieces: answer.status < 400 ? (answer.body as AsyncIterable<Uint8Array> | null) : null }
    },
    connection: opened,
    async identity() {
      const connection = await opened()
      if (who === null) {
        const answer = await call({ path: '/services/oauth2/userinfo' })
        const { organization_id: organizationId, user_id: userId } = answer.body as { organization_id?: string; user_id?: string }
        if (organizationId === undefined || userId === undefined) throw new AssayError('data', 'Salesforce does not say who is signed in.')
        if (settings.organization !== undefined && !sameId(settings.organization, organizationId))
          throw wrongOrg(settings.organization, organizationId)
        who = { organizationId, userId }
      }
      return { ...who, instanceUrl: connection.instanceUrl, version: connection.version }
    },
    usage: () => exchange.usage(),
    clock: () => exchange.clock(),
  }
}

/** Nothing is read from, or written to, another org than the one that was meant. */
export const wrongOrg = (meant: string, found: string): AssayError =>
  new AssayError('auth', `This sign-in leads to the org ${found}, but ${meant} is meant.`, {
    hint: 'A sandbox and its production are two orgs, and a refreshed sandbox is a new one. Sign in to the right one, or connect this one under a title of its own.',
  })

/** Whether the answer refuses with that code. */
export const refusedWith = (answer: Answer, code: string): boolean =>
  answer.status >= 400 && errorsOf(answer.body).some((error) => codeOf(error) === code)
