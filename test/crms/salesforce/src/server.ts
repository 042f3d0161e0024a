import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { bytesOf, createHttpServer, isKept, payloadOf, send, type FaultQueue, type Tally } from '@assay/stand-in'
import { faultReply, sessionExpired, type Fault } from './faults.ts'
import type { Limits } from './limits.ts'
import type { OAuth } from './oauth.ts'
import { errorReply, isRefusal, refuse, type Reply } from './reply.ts'
import { destination, NEWEST_VERSION, OLDEST_VERSION, type Areas, type Destination } from './router.ts'
import { soapFault, soapMethodOf, soapSessionOf } from './soap.ts'

const LONGEST_URL = 16_384

export interface Wiring {
  readonly areas: Areas
  readonly oauth: OAuth
  readonly limits: Limits
  readonly faults: FaultQueue<Fault>
  readonly tally: Tally
  now(): number
  mayUseApi(userId: string): boolean
}

/** The HTTP side: sign-in, limits and planted faults before the routes, counting after them. */
export const createHttp = (wiring: Wiring): Server =>
  createHttpServer(
    { maxHeaderSize: 65_536 },
    (request, response) => handle(wiring, request, response),
    (response, text) => say(response, errorReply(500, 'UNKNOWN_EXCEPTION', text), {}, null),
  )

async function handle(wiring: Wiring, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const method = request.method ?? 'GET'
  // The `sf` command asks at an address that ends with a slash, and puts one more behind it.
  const target = (request.url ?? '/').replace(/^\/+/, '/')
  const url = new URL(target, 'http://127.0.0.1')
  const bytes = await bytesOf(request)
  const text = bytes.toString()
  const place = destination(method, url.pathname, url.pathname.startsWith('/services/Soap/') ? soapMethodOf(text) : null)
  const isOAuth = url.pathname.startsWith('/services/oauth2/') || url.pathname.startsWith('/id/')
  const family =
    place?.family ?? (isOAuth ? `oauth.${url.pathname.startsWith('/id/') ? 'identity' : url.pathname.split('/')[3]}` : 'unknown')
  const fault = wiring.faults.take(family, `${method} ${target}`)
  if (!(await isKept(request, fault))) {
    wiring.tally.add(family, 0)
    return
  }
  const token = /^(?:Bearer|OAuth) (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  if (fault?.kind === 'expiredToken' && fault.forGood === true) wiring.oauth.revoke(token)

  const answer = async (): Promise<Reply> => {
    if (target.length > LONGEST_URL) return { status: 414, raw: { text: '<h1>414 URI Too Long</h1>', contentType: 'text/html' } }
    const planted = fault === null ? null : faultReply(fault)
    if (planted !== null) return planted
    if (isOAuth) {
      const form = formOf(request.headers['content-type'], text, url)
      return (await wiring.oauth.route(method, url.pathname, form, request.headers.authorization)) ?? unknownResource()
    }
    if (place === null) return unknownResource()
    const isSoap = place.area === 'soap'
    const userId = wiring.oauth.userOf(isSoap ? soapSessionOf(text) : token)
    if (place.area !== 'versions') {
      if (userId === null)
        return isSoap
          ? soapFault('sf:INVALID_SESSION_ID', 'INVALID_SESSION_ID: Invalid Session ID found in SessionHeader')
          : sessionExpired()
      const refused = wiring.limits.admit(wiring.now()) ?? versionProblem(place)
      if (refused !== null) return refused
      if (!wiring.mayUseApi(userId)) return errorReply(403, 'API_DISABLED_FOR_ORG', 'The REST API is not enabled for this user.')
    }
    const { rest, version } = place
    return wiring.areas[place.area]({
      method,
      rest,
      query: url.searchParams,
      headers: request.headers,
      text,
      bytes,
      json: () => parsed(text),
      version,
      prefix: `/services/data/v${version}`,
      userId: userId ?? '',
      fault,
    })
  }
  const reply = await answer().catch((error: unknown) => {
    if (isRefusal(error)) return error.reply
    throw error
  })
  wiring.tally.add(family, reply.status)
  const headers = isOAuth || place === null || place.area === 'versions' ? {} : wiring.limits.headers(wiring.now())
  say(response, reply, headers, fault)
}

const unknownResource = (): Reply => errorReply(404, 'NOT_FOUND', 'The requested resource does not exist')

function versionProblem({ version }: Destination): Reply | null {
  const number = Number(version)
  if (!(number <= NEWEST_VERSION)) return unknownResource()
  return number < OLDEST_VERSION ? errorReply(410, 'UNSUPPORTED_API_VERSION', `API version ${version} is no longer supported`) : null
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch (error) {
    throw refuse(400, 'JSON_PARSER_ERROR', error instanceof Error ? error.message : 'unexpected character')
  }
}

function say(response: ServerResponse, reply: Reply, headers: Readonly<Record<string, string>>, fault: Fault | null): void {
  const bytes = payloadOf(reply)
  const own = {
    ...(bytes.length === 0 ? {} : { 'Content-Type': reply.raw?.contentType ?? 'application/json;charset=UTF-8' }),
    ...(reply.status === 204 ? {} : { 'Content-Length': bytes.length }),
  }
  send(response, { status: reply.status, headers: { ...own, ...headers, ...reply.headers }, bytes }, fault)
}

function formOf(type: string | undefined, text: string, url: URL): Record<string, string> {
  const form = Object.fromEntries(url.searchParams)
  return type?.startsWith('application/x-www-form-urlencoded') === true
    ? { ...form, ...Object.fromEntries(new URLSearchParams(text)) }
    : form
}
