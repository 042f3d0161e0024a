import type { Exchange } from '../exchange.ts'
import type { Instance } from '../instance.ts'
import { errorReply, members, missing, ok, type Reply } from '../reply.ts'
import { plainText } from '../values.ts'

interface SubRequest {
  readonly url: string
  readonly method: string
  readonly data: string
  readonly headers: Readonly<Record<string, string>>
}

/** One call with many requests, carried out one after the other; what fails ends nothing but itself. `run` does one of them. */
export function bulkRoute(instance: Instance, run: (request: SubRequest, exchange: Exchange) => Reply): (exchange: Exchange) => Reply {
  return (exchange) => {
    const list = members(exchange.json())['requests']
    if (!Array.isArray(list)) throw missing('Invalid or missing parameter: requests')
    const answers: object[] = []
    for (const [position, given] of list.entries()) {
      if (position >= instance.quirks.bulkLimit || position === exchange.cutAfter)
        return { status: 504, raw: { text: '<html><body><h1>504 Gateway Time-out</h1></body></html>', contentType: 'text/html' } }
      const request = subRequestOf(given)
      const { partial } = exchange
      const isPlanted = partial?.rows.some((row) => (typeof row === 'number' ? row === position : request.url.includes(row))) === true
      const reply = isPlanted && partial !== null ? errorReply(partial.status, partial.code, partial.message) : run(request, exchange)
      answers.push({ contents: reply.body ?? reply.raw?.text ?? '', headers: reply.headers ?? {}, status: reply.status })
    }
    return ok(answers)
  }
}

function subRequestOf(given: unknown): SubRequest {
  const { url, method, data, headers } = members(given)
  const lines = Array.isArray(headers) ? headers.map((line) => plainText(line)) : []
  return {
    url: plainText(url).replace(/^\/+/, ''),
    method: plainText(method, 'GET').toUpperCase(),
    data: typeof data === 'string' ? data : data === undefined || data === null ? '' : JSON.stringify(data),
    headers: Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).trim().toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    ),
  }
}
