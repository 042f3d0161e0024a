import type { Host } from '@assay/shared'
import { openExchange as openRoad, type Bearer, type Exchange } from '@assay/sugar-family'
import { judge } from './answer.ts'

/** The road to SuiteCRM: every call of a session, over V8 and v4_1, goes through here, the sign-ins among them. */
export const openExchange = (host: Host, bearer: Bearer, callsPerSecond: number): Exchange =>
  openRoad(host, bearer, {
    name: 'SuiteCRM',
    callsPerSecond,
    accept: 'application/vnd.api+json, application/json',
    tokenHeader: (token) => ({ authorization: `Bearer ${token}` }),
    // v4_1 gives JSON as whatever the web server likes.
    isAnswer: () => true,
    judge,
  })
