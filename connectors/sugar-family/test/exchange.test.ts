import { AssayError, type Host } from '@assay/shared'
import { expect, it } from 'vitest'
import { openExchange, SIGN_IN_AGAIN, waitAsked, type Protocol, type Request } from '../src/index.ts'

const REQUEST: Request = { method: 'GET', url: 'https://crm.example.com/things', name: 'GET /things', token: 'old' }

/** A CRM that gives these answers one after the other, on a clock that only sleeping moves. */
const started = (answers: readonly (Response | Error)[], protocol: Partial<Protocol> = {}) => {
  const left = [...answers]
  const slept: number[] = []
  const tokens: (string | null)[] = []
  let now = 0
  const host: Host = {
    fetch: (_, init) => {
      tokens.push(new Headers(init?.headers).get('x-token'))
      const next = left.shift()
      return next instanceof Response ? Promise.resolve(next) : Promise.reject(next ?? new Error('nothing more was expected'))
    },
    dispatcher: undefined,
    quota: { take: () => Promise.resolve(), report: () => undefined },
    now: () => now,
    sleep: (ms) => {
      slept.push(ms)
      now += ms
      return Promise.resolve()
    },
    signal: new AbortController().signal,
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
  }
  const exchange = openExchange(
    host,
    { hidden: (text) => text.replaceAll('old', '…'), renewed: (refused, by) => Promise.resolve(`${refused}, then ${by}`) },
    {
      name: 'The CRM',
      callsPerSecond: 2,
      accept: 'application/json',
      tokenHeader: (token) => ({ 'x-token': token }),
      isAnswer: (type) => /json/.test(type),
      judge: (answer, what) => {
        const said = `${answer.status} to ${what}`
        if (answer.status === 401) return { next: 'renew', by: 'refresh', error: new AssayError('auth', said, { hint: SIGN_IN_AGAIN }) }
        return waitAsked(answer, said) ?? { next: 'stop', error: new AssayError('rejected', `${said} with old`) }
      },
      ...protocol,
    },
  )
  return { exchange, slept, tokens }
}
const json = (body: unknown, { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })

it('waits as long as it is asked to, and renews an ended token once', async () => {
  const busy = json({}, { status: 429, headers: { 'retry-after': '7' } })
  const { exchange, slept, tokens } = started([busy, json({}, { status: 401 }), json({ well: true })])
  expect((await exchange.send(REQUEST)).body).toEqual({ well: true })
  expect(slept).toEqual([7000])
  expect(tokens).toEqual(['old', 'old', 'old, then refresh'])
  const refused = started([json({}, { status: 401 }), json({}, { status: 401 })])
  await expect(refused.exchange.send(REQUEST)).rejects.toMatchObject({ kind: 'auth', hint: SIGN_IN_AGAIN })
})

it('does not wait out what would take too long', async () => {
  const { exchange, slept } = started([json({}, { status: 429, headers: { 'retry-after': '3600' } })])
  await expect(exchange.send(REQUEST)).rejects.toMatchObject({ kind: 'limit', retryAfterMs: 3_600_000 })
  expect(slept).toEqual([])
})

it('tries again where the connection breaks, but not what could then be done twice', async () => {
  const broken = new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } })
  const { exchange } = started([broken, json({ well: true })])
  expect((await exchange.send(REQUEST)).body).toEqual({ well: true })
  const once = started([broken])
  await expect(once.exchange.send(REQUEST, { repeatable: false })).rejects.toMatchObject({ kind: 'offline' })
})

it('takes a page for no answer, and shows no secret of a refusal', async () => {
  const page = () => new Response('<p>', { headers: { 'content-type': 'text/html' } })
  const pages = started([page(), page(), page(), page(), page()])
  await expect(pages.exchange.send(REQUEST)).rejects.toMatchObject({ kind: 'data' })
  const refused = started([json({}, { status: 422 })])
  await expect(refused.exchange.send(REQUEST)).rejects.toMatchObject({ message: '422 to GET /things with …' })
})

it('lets a rested session go ahead, and then keeps to so many calls a second', async () => {
  const { exchange, slept } = started(Array.from({ length: 23 }, () => json({})))
  for (let at = 0; at < 23; at += 1) await exchange.send(REQUEST)
  expect(slept).toEqual([500, 500, 500])
})
