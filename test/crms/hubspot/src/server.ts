import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { FaultQueue, Tally } from '@assay/stand-in'
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
export function createHttp(wiring: Wiring): Server {
  return createServer({ maxHeaderSize: 65_536, keepAliveTimeout: 60_000 }, (request, response) => {
    handle(wiring, request, response).catch((error: unknown) => {
      send(response, errorReply(500, 'INTERNAL_ERROR', error instanceof Error ? (error.stack ?? error.message) : String(error)), {})
    })
  })
}

async function handle(wiring: Wiring, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const method = request.method ?? 'GET'
  const target = request.url ?? '/'
  const text = await textOf(request)
  const url = new URL(target, 'http://127.0.0.1')
  const place = destination(method, url.pathname)
  const family = place?.family ?? (url.pathname.startsWith('/oauth/') ? 'oauth' : 'unknown')
  const fault = wiring.faults.take(family, `${method} ${target}`)
  if (fault?.kind === 'drop' && fault.when === 'before') {
    wiring.tally.add(family, 0)
    request.socket.destroy()
    return
  }
  if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms))

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
  send(response, reply, headers, fault)
}

function send(response: ServerResponse, reply: Reply, headers: Record<string, string>, fault: Fault | null = null): void {
  if (response.destroyed) return
  if (fault?.kind === 'drop' && fault.when === 'after') {
    response.socket?.destroy()
    return
  }
  const text = reply.raw?.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body))
  const bytes = Buffer.from(text)
  response.writeHead(reply.status, {
    ...(bytes.length === 0 ? {} : { 'Content-Type': reply.raw?.contentType ?? 'application/json;charset=utf-8' }),
    'Content-Length': bytes.length,
    'X-HubSpot-Correlation-Id': correlationId(),
    ...headers,
    ...reply.headers,
  })
  if (fault?.kind === 'drop') {
    response.write(bytes.subarray(0, bytes.length >> 1), () => response.socket?.destroy())
    return
  }
  response.end(bytes)
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
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
