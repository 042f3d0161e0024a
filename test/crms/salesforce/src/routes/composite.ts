import type { Exchange, Route } from '../exchange.ts'
import { isRefusal, members, methodNotAllowed, notFound, ok, refuse, type Reply } from '../reply.ts'
import type { Org } from '../org.ts'
import { destination, type Areas } from '../router.ts'
import { plainText } from '../values.ts'

const MOST_SUBREQUESTS = 25

interface Subrequest {
  readonly method: string
  readonly url: string
  readonly referenceId?: string
  readonly body?: unknown
  readonly richInput?: unknown
}

/** `/composite`, `/composite/batch`; collections have routes of their own. */
export function compositeRoute(org: Org, collections: Route, areas: () => Areas): Route {
  const run = async (exchange: Exchange, { method, url, body }: Subrequest): Promise<Reply> => {
    const target = new URL(url.startsWith('/') ? url : `/services/data/${url}`, 'http://127.0.0.1')
    const place = destination(method, target.pathname, null)
    if (place === null || place.area === 'soap' || place.area === 'metadata' || place.area === 'jobs') throw notFound()
    try {
      return await areas()[place.area]({
        ...exchange,
        method,
        rest: place.rest,
        query: target.searchParams,
        json: () => body,
        fault: null,
      })
    } catch (error) {
      if (isRefusal(error)) return error.reply
      throw error
    }
  }

  const composite = async (exchange: Exchange): Promise<Reply> => {
    const body = members(exchange.json())
    const requests = listed(body['compositeRequest'])
    const done = new Map<string, unknown>()
    const replies: { readonly reply: Reply; readonly referenceId: string }[] = []
    const snapshot = org.store.snapshot()
    const written = org.writes.length
    let isHalted = false
    for (const each of requests) {
      const referenceId = each.referenceId ?? ''
      if (isHalted) {
        replies.push({ referenceId, reply: halted() })
        continue
      }
      const reply = await run(exchange, filledIn(each, done))
      replies.push({ reply, referenceId })
      done.set(referenceId, reply.body)
      if (reply.status >= 400 && body['allOrNone'] === true) isHalted = true
    }
    snapshot.close()
    if (isHalted) {
      org.store.rollback(snapshot)
      org.writes.length = written
    }
    return ok({
      compositeResponse: replies.map(({ reply: given, referenceId }) => {
        // Of a call that is taken back only the fault itself keeps its answer.
        const reply = isHalted && given.status < 400 ? halted() : given
        return { body: reply.body ?? null, httpHeaders: reply.headers ?? {}, httpStatusCode: reply.status, referenceId }
      }),
    })
  }

  const batch = async (exchange: Exchange): Promise<Reply> => {
    const body = members(exchange.json())
    const results: { statusCode: number; result: unknown }[] = []
    for (const each of listed(body['batchRequests'])) {
      if (body['haltOnError'] === true && results.some((result) => result.statusCode >= 400)) {
        results.push({
          statusCode: 412,
          result: [{ errorCode: 'BATCH_PROCESSING_HALTED', message: 'Batch processing halted per request' }],
        })
        continue
      }
      const reply = await run(exchange, { ...each, body: each.richInput })
      results.push({ statusCode: reply.status, result: reply.body ?? null })
    }
    return ok({ hasErrors: results.some((result) => result.statusCode >= 400), results })
  }

  return (exchange) => {
    if (exchange.rest[1] === 'sobjects') return collections(exchange)
    if (exchange.method !== 'POST') throw methodNotAllowed(exchange.method)
    if (exchange.rest[1] === undefined) return composite(exchange)
    if (exchange.rest[1] === 'batch') return batch(exchange)
    throw notFound()
  }
}

function listed(requests: unknown): readonly Subrequest[] {
  if (!Array.isArray(requests)) throw refuse(400, 'JSON_PARSER_ERROR', 'a list of requests was expected')
  if (requests.length > MOST_SUBREQUESTS) throw refuse(400, 'LIMIT_EXCEEDED', `At most ${MOST_SUBREQUESTS} subrequests are allowed.`)
  return requests as Subrequest[]
}

const halted = (): Reply => ({
  status: 400,
  body: [
    { errorCode: 'PROCESSING_HALTED', message: 'The transaction was rolled back since another operation in the same transaction failed.' },
  ],
})

/** `@{ref.id}` stands for what an earlier subrequest answered. */
function filledIn(request: Subrequest, done: ReadonlyMap<string, unknown>): Subrequest {
  const text = JSON.stringify(request).replace(/@\{(\w+)((?:\.\w+|\[\d+\])*)\}/g, (all, name: string, path: string) => {
    let value: unknown = done.get(name)
    for (const step of path.match(/\w+/g) ?? []) value = (value as Record<string, unknown> | null | undefined)?.[step]
    return value === undefined ? all : plainText(value)
  })
  return JSON.parse(text) as Subrequest
}
