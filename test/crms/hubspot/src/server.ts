import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { bytesOf, createHttpServer, isKept, payloadOf, send, type FaultQueue, type Tally } from '@assay/stand-in'
import { faultReply, scopesReply, type Fault } from './faults.ts'
import type { Limits } from './limits.ts'
import type { OAuth } from './oauth.ts'
import { correlationId, errorReply, isRefusal, type Reply } from './reply.ts'
import { destination, type Areas } from './router.ts'

const LONGEST_URL = 8_192

export interface Wiring {
  readonly areas: Areas
  readonly oauth: OAuth
  readonly limits: Limits
  readonly faults: FaultQueue<Fault>
  readonly tally: Tally
  now(): number
  /** null grants everything. */
  scopes(): ReadonlySet<string> | null
}

/** The HTTP side: sign-in, limits and planted faults before the routes, counting after them. */
export const createHttp = (wiring: Wiring): Server =>
  createHttpServer(
    { maxHeaderSize: 65_536 },
    (request, response) => handle(wiring, request, response),
    (response, text) => say(response, errorReply(500, 'INTERNAL_ERROR', text), {}, null),
  )

async function handle(wiring: Wiring, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const method = request.method ?? 'GET'
  const target = request.url ?? '/'
  const text = (await bytesOf(request)).toString()
  const url = new URL(target, 'http://127.0.0.1')
  const place = destination(method, url.pathname)
  const family = place?.family ?? (url.pathname.startsWith('/oauth/') ? 'oauth' : 'unknown')
  const fault = wiring.faults.take(family, `${method} ${target}`)
  if (!(await isKept(request, fault))) {
    wiring.tally.add(family, 0)
    return
  }

  const isSearch = place?.isSearch ?? false
  let isOAuth = false
  const answer = async (): Promise<Reply> => {
    if (target.length > LONGEST_URL) return { status: 414, raw: { text: '<h1>414 URI Too Long</h1>', contentType: 'text/html' } }
    const planted = fault === null ? null : faultReply(fault)
    if (planted !== null) return planted
    if (family === 'oauth')
      return (
        wiring.oauth.route(method, url.pathname, method === 'GET' ? Object.fromEntries(url.searchParams) : formOf(text)) ??
        errorReply(404, 'OBJECT_NOT_FOUND', 'no such resource')
      )
    const who = wiring.oauth.signIn(request.headers.authorization)
    if ('status' in who) return who
    isOAuth = who.isOAuth
    const refused = wiring.limits.admit(wiring.now(), isSearch, isOAuth)
    if (refused !== null) return refused
    if (place === null) return { status: 404, raw: { text: '<html><body>404 page not found</body></html>', contentType: 'text/html' } }
    let body: unknown
    try {
      body = text === '' ? undefined : JSON.parse(text)
    } catch {
      return errorReply(400, 'VALIDATION_ERROR', 'Invalid input JSON')
    }
    const need = (...anyOf: string[]): void => {
      const granted = wiring.scopes()
      if (granted !== null && !anyOf.some((scope) => granted.has(scope)))
        throw Object.assign(new Error('missing scope'), { reply: scopesReply(anyOf.slice(0, 1)) })
    }
    const failing = new Set(fault?.kind === 'partial' ? fault.ids : [])
    const link = `https://api.hubapi.com${place.base.replace(/\/$/, '')}`
    return wiring.areas[place.area]({ method, rest: place.rest, query: url.searchParams, body, failing, link, need })
  }
  const reply = await answer().catch((error: unknown) => {
    if (isRefusal(error)) return error.reply
    throw error
  })
  wiring.tally.add(family, reply.status)
  const headers = family === 'oauth' ? {} : wiring.limits.headers(wiring.now(), isSearch, isOAuth)
  say(response, reply, headers, fault)
}

function say(response: ServerResponse, reply: Reply, headers: Readonly<Record<string, string>>, fault: Fault | null): void {
  const bytes = payloadOf(reply)
  const own = {
    ...(bytes.length === 0 ? {} : { 'Content-Type': reply.raw?.contentType ?? 'application/json;charset=utf-8' }),
    'Content-Length': bytes.length,
    'X-HubSpot-Correlation-Id': correlationId(),
  }
  send(response, { status: reply.status, headers: { ...own, ...headers, ...reply.headers }, bytes }, fault)
}

/** The token end points take forms, newer ones JSON too. */
function formOf(text: string): Record<string, string> {
  if (!text.startsWith('{')) return Object.fromEntries(new URLSearchParams(text))
  try {
    return JSON.parse(text) as Record<string, string>
  } catch {
    return {}
  }
}
