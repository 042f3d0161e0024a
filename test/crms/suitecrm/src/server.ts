import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { bytesOf, createHttpServer, isKept, send, type FaultQueue } from '@assay/stand-in'
import { api } from './api.ts'
import { faultReply, type Fault } from './faults.ts'
import type { Loader } from './packages.ts'
import type { Reply } from './reply.ts'
import { service } from './service.ts'
import type { ServerState } from './server-state.ts'
import { web } from './web.ts'

/** A call as the stand-in heard it. */
export interface Call {
  /** `v4_1 get_entry_list`, `V8 PATCH module`, `sign-in`, `web UpgradeWizard` */
  readonly name: string
  /** The arguments of v4_1 as they stood in the call, order and all; the path and query of V8. */
  readonly said: string
}

export interface Wiring {
  readonly state: ServerState
  readonly loader: Loader
  readonly faults: FaultQueue<Fault>
  readonly calls: Call[]
}

const jsonOf = (text: string): unknown => {
  try {
    return text === '' ? {} : (JSON.parse(text) as unknown)
  } catch {
    return {}
  }
}

/** Fields of a form, with files as bytes. */
const formOf = async (request: IncomingMessage, bytes: Buffer): Promise<Map<string, string | Uint8Array>> => {
  const type = request.headers['content-type'] ?? ''
  if (!/form/.test(type)) return new Map()
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData()
  const fields = new Map<string, string | Uint8Array>()
  for (const [name, value] of form) fields.set(name, typeof value === 'string' ? value : new Uint8Array(await value.arrayBuffer()))
  return fields
}

interface Meant {
  readonly call: Call
  readonly answer: () => Reply | Promise<Reply>
}

/** What a request asks for, by its road. */
const meantBy = (wiring: Wiring, request: IncomingMessage, bytes: Buffer): Meant => {
  const { state, loader } = wiring
  const method = request.method ?? 'GET'
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const text = bytes.toString()
  if (url.pathname === '/service/v4_1/rest.php') {
    const form = new URLSearchParams(text)
    const name = form.get('method') ?? ''
    const said = form.get('rest_data') ?? '{}'
    return { call: { name: `v4_1 ${name}`, said }, answer: () => service(state, name, jsonOf(said) as Readonly<Record<string, unknown>>) }
  }
  if (url.pathname === '/Api/access_token') {
    const body = /json/.test(request.headers['content-type'] ?? '') ? jsonOf(text) : Object.fromEntries(new URLSearchParams(text))
    return { call: { name: 'sign-in', said: '' }, answer: () => state.sessions.token(body as Readonly<Record<string, unknown>>) }
  }
  if (url.pathname.startsWith('/Api/V8/')) {
    const rest = url.pathname.slice('/Api/V8/'.length).split('/').map(decodeURIComponent)
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
    const asked = { method, rest, query: url.searchParams, body: jsonOf(text), token }
    const name = `V8 ${method} ${rest[0]}${method === 'GET' && rest[0] === 'module' && rest.length === 2 ? ' list' : ''}`
    return { call: { name, said: `${url.pathname}${url.search} ${text}` }, answer: () => api(state, asked) }
  }
  if (url.pathname === '/index.php' || url.pathname === '/') {
    return {
      call: { name: `web ${url.searchParams.get('action') ?? ''}`, said: '' },
      answer: async () =>
        web(state.sessions, loader, { query: url.searchParams, form: await formOf(request, bytes), cookie: request.headers.cookie ?? '' }),
    }
  }
  return { call: { name: 'unknown', said: url.pathname }, answer: () => ({ status: 404, page: '<h1>404 Not Found</h1>' }) }
}

const say = (response: ServerResponse, { status, page, body, headers }: Reply, fault: Fault | null, now: number): void => {
  const own = {
    'Content-Type': page === undefined ? 'application/json' : 'text/html; charset=UTF-8',
    Date: new Date(now).toUTCString(),
  }
  const text = page ?? (body === undefined ? '' : JSON.stringify(body))
  send(response, { status, headers: { ...own, ...headers }, bytes: Buffer.from(text) }, fault)
}

const handle = async (wiring: Wiring, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const bytes = await bytesOf(request)
  const { call, answer } = meantBy(wiring, request, bytes)
  wiring.calls.push(call)
  const fault = wiring.faults.take(call.name, call.name)
  if (!(await isKept(request, fault))) return
  const reply = (fault === null ? null : faultReply(fault)) ?? (await answer())
  say(response, reply, fault, wiring.state.store.now())
}

/** The HTTP side. */
export const createHttp = (wiring: Wiring): Server =>
  createHttpServer(
    {},
    (request, response) => handle(wiring, request, response),
    (response, text) => say(response, { status: 500, page: text }, null, wiring.state.store.now()),
  )
