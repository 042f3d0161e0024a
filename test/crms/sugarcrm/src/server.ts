import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http'
import { bytesOf, createHttpServer, isKept, payloadOf, send, type FaultQueue, type Tally } from '@assay/stand-in'
import type { Exchange } from './exchange.ts'
import { faultReply, takeWithin, type Fault } from './faults.ts'
import type { Instance } from './instance.ts'
import type { OAuth } from './oauth.ts'
import { queryOf } from './query.ts'
import { badToken, errorReply, isRefusal, needLogin, noMethod, ok, refuse, type Reply } from './reply.ts'
import { familyOf, placeOf, type Place } from './router.ts'
import { bulkRoute } from './routes/bulk.ts'
import { instantText } from './values.ts'
import type { ModuleName } from './modules.ts'

const LONGEST_URL = 8_192

export interface Wiring {
  readonly instance: Instance
  readonly oauth: OAuth
  readonly faults: FaultQueue<Fault>
  readonly tally: Tally
  readonly records: (module: ModuleName, exchange: Exchange) => Reply
  readonly pages: Readonly<Record<'metadata' | 'lang' | 'me', (exchange: Exchange) => Reply>>
  readonly administration: (exchange: Exchange) => Reply
}

/** The HTTP side: planted faults and sign-in before the routes, counting after them. */
export function createHttp(wiring: Wiring): Server {
  const dispatch = dispatcher(wiring)
  return createHttpServer(
    { maxHeaderSize: 65_536 },
    (request, response) => handle(wiring, dispatch, request, response),
    (response, text) => say(response, errorReply(500, 'fatal_error', text), null, wiring.instance.now()),
  )
}

type Dispatch = (place: Place, exchange: Exchange) => Reply

/** One request, signed in or refused; refusals are answers. */
function dispatcher({ instance, oauth, records, pages, administration, faults, tally }: Wiring): Dispatch {
  const inner: Dispatch = (place, exchange) => {
    const [first = '', second = ''] = exchange.rest
    if (first === 'oauth2') {
      if (exchange.method !== 'POST') throw noMethod()
      if (second === 'token') return oauth.token(exchange.json())
      if (second === 'logout') return oauth.logout(exchange.accessToken)
      if (second === 'sudo') return oauth.sudo(exchange.accessToken, exchange.rest[2] ?? '', exchange.json())
      throw noMethod()
    }
    if (first === 'metadata' && second === 'public') return pages.metadata(exchange)
    if (exchange.accessToken === '') throw needLogin()
    if (exchange.userId === '') throw badToken()
    switch (first) {
      case 'ping':
        return second === 'whattimeisit' ? ok(instantText(instance.now(), instance.quirks.zone)) : ok('pong')
      case 'metadata':
      case 'lang':
      case 'me':
        return pages[first](exchange)
      case 'Administration':
        return administration(exchange)
      case 'bulk':
        if (exchange.method !== 'POST') throw noMethod()
        return bulk(exchange)
      case 'Forecasts':
        if (second !== 'config') throw noMethod()
        return ok({ is_setup: 1, sales_stage_won: ['Closed Won'], sales_stage_lost: ['Closed Lost'] })
      case 'Opportunities':
        if (second === 'config')
          return ok({ opps_view_by: instance.schema.enterprise ? 'RevenueLineItems' : 'Opportunities', opps_closedate_rollup: 'latest' })
        break
      default:
        break
    }
    if (place.module === null) throw noMethod()
    return records(place.module, exchange)
  }

  const outer: Dispatch = (place, exchange) => {
    try {
      return inner(place, exchange)
    } catch (error) {
      if (isRefusal(error)) return error.reply
      throw error
    }
  }

  const bulk = bulkRoute(instance, (request, exchange) => {
    const url = new URL(request.url, 'http://127.0.0.1/rest/')
    const place = placeOf(url.pathname, '', instance.schema)
    const reply = ((): Reply => {
      if (place === null) return noMethod().reply
      const family = `bulk.${familyOf(request.method, place)}`
      const fault = takeWithin(faults, family)
      const made =
        (fault === null ? null : faultReply(fault)) ??
        (place.problem === null
          ? outer(place, {
              ...exchange,
              method: request.method,
              rest: place.rest,
              query: queryOf(url.searchParams),
              headers: { ...request.headers },
              bytes: Buffer.from(request.data),
              json: () => parsed(request.data),
            })
          : place.problem)
      tally.addWithin(family, made.status)
      return made
    })()
    return reply
  })
  return outer
}

async function handle(wiring: Wiring, dispatch: Dispatch, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { oauth, faults, tally, instance } = wiring
  const method = request.method ?? 'GET'
  const target = request.url ?? '/'
  const url = new URL(target, 'http://127.0.0.1')
  const bytes = await bytesOf(request)
  const place = placeOf(url.pathname, request.headers.accept ?? '', instance.schema)
  const family = place === null ? 'unknown' : familyOf(method, place)
  const fault = faults.take(family, `${method} ${target}`)
  if (!(await isKept(request, fault))) {
    tally.add(family, 0)
    return
  }
  const accessToken = tokenOf(request.headers)
  if (fault?.kind === 'needLogin') oauth.revoke(accessToken, true)
  if (fault?.kind === 'expiredToken' && fault.forGood === true) oauth.revoke(accessToken, false)

  const reply = ((): Reply => {
    const planted = fault === null ? null : faultReply(fault)
    if (planted !== null) return planted
    if (target.length > LONGEST_URL) return { status: 414, raw: { text: '<h1>414 Request-URI Too Large</h1>', contentType: 'text/html' } }
    if (place === null) return { status: 404, raw: { text: '<h1>404 Not Found</h1>', contentType: 'text/html' } }
    if (place.problem !== null) return place.problem
    return dispatch(place, {
      method,
      rest: place.rest,
      query: queryOf(url.searchParams),
      headers: request.headers,
      bytes,
      json: () => parsed(bytes.toString()),
      accessToken,
      userId: oauth.session(accessToken)?.userId ?? '',
      partial:
        fault?.kind === 'partial'
          ? {
              rows: fault.rows,
              status: fault.status ?? 422,
              code: fault.code ?? 'invalid_parameter',
              message: fault.message ?? 'Refused on purpose.',
            }
          : null,
      cutAfter: fault?.kind === 'cutShort' ? fault.done : null,
    })
  })()
  tally.add(family, reply.status)
  say(response, reply, fault, instance.now())
}

function tokenOf(headers: IncomingHttpHeaders): string {
  const own = headers['oauth-token']
  if (typeof own === 'string') return own
  return /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    throw refuse(400, 'request_failure', 'The request body is no JSON.')
  }
}

function say(response: ServerResponse, reply: Reply, fault: Fault | null, now: number): void {
  const bytes = payloadOf(reply)
  const own = {
    'Content-Type': reply.raw?.contentType ?? 'application/json',
    'Content-Length': bytes.length,
    Date: new Date(now).toUTCString(),
  }
  send(response, { status: reply.status, headers: { ...own, ...reply.headers }, bytes }, fault)
}
