import type { Host } from '@assay/shared'
import { openExchange as openRoad, type Bearer, type Exchange, type Request } from '@assay/sugar-family'
import { judge } from './answer.ts'

/** A call with JSON in it, named by its path. `token`: null for the sign-in itself. */
export const jsonRequest = (method: string, url: string, token: string | null, body: object | undefined): Request => ({
  method,
  url,
  name: `${method} ${new URL(url).pathname}`,
  token,
  content: body === undefined ? undefined : { type: 'application/json', body: JSON.stringify(body) },
})

/** The road to Sugar: every call of a session goes through here, the sign-in among them. */
export const openExchange = (host: Host, bearer: Bearer, callsPerSecond: number): Exchange =>
  openRoad(host, bearer, {
    name: 'Sugar',
    callsPerSecond,
    accept: 'application/json',
    tokenHeader: (token) => ({ 'oauth-token': token }),
    isAnswer: (type) => /json/.test(type),
    judge,
  })
