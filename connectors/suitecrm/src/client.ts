import { AssayError, type Answer, type Host } from '@assay/shared'
import type { Manner } from '@assay/sugar-family'
import { openExchange } from './exchange.ts'
import type { Settings } from './settings.ts'
import {
  accessToken,
  FORM,
  INVALID_SESSION,
  NOT_SHOWN,
  passwordHash,
  serviceAddress,
  serviceForm,
  serviceSession,
  type ServiceSession,
} from './sign-in.ts'
import { faultIn } from './wire.ts'

export interface Call extends Manner {
  readonly method?: 'GET' | 'POST' | 'PATCH'
  /** Behind `/Api/V8`, with the leading slash. */
  readonly path: string
  /** Sent as JSON. */
  readonly body?: object
}

/**
 * SuiteCRM by its two roads. v4_1 is trusted with reading: it has true seconds, deleted records, and an order by stamp and id. V8 is
 * trusted with writing: it refuses fields that it does not know, which v4_1 passes over. Neither does both.
 */
export interface SuiteClient {
  /** A call of V8; see `Exchange.send` for what it does on its own and how it rejects. */
  api(call: Call): Promise<Answer>
  /**
   * A call of v4_1, its arguments (less the session) in the order of the method's own. An ended session is renewed once. Null where the
   * module is not shown; rejects (`rejected`) on every other failure that it reports.
   */
  service(method: string, args: object): Promise<unknown>
  /** What v4_1 says of itself: this call takes no arguments, and PHP 8 breaks down over a session that it is given. */
  serverInfo(): Promise<unknown>
  /** Who is signed in over v4_1. */
  session(): Promise<ServiceSession>
  /** The server's clock (epoch ms), never ahead of ours. */
  clock(): number
  /** Host and folder: what tells one SuiteCRM from another. */
  readonly instance: string
}

/** One signed-in connection. Opens nothing until the first call; the two roads sign in when they are first gone. */
export const openClient = (settings: Settings, host: Host): SuiteClient => {
  const where = new URL(settings.url)
  const instance = where.host + where.pathname.replace(/\/+$/, '')
  const address = `${where.protocol}//${instance}`
  const secrets = [settings.password, passwordHash(settings.password), settings.clientSecret]
  const hidden = (text: string): string => secrets.reduce((said, secret) => said.replaceAll(secret, '…'), text)
  let token: Promise<string> | null = null
  let session: Promise<ServiceSession> | null = null

  const signIn = (): Promise<string> => {
    const asked = accessToken(exchange, address, settings).then((fresh) => {
      secrets.push(fresh)
      return fresh
    })
    token = asked
    // A failed sign-in is tried again the next time.
    asked.catch(() => {
      token = null
    })
    return asked
  }
  const enter = (): Promise<ServiceSession> => {
    const asked = serviceSession(exchange, address, settings).then((fresh) => {
      secrets.push(fresh.id)
      return fresh
    })
    session = asked
    asked.catch(() => {
      session = null
    })
    return asked
  }
  /** Another call may have renewed it while this one was on its way. */
  const renewed = async (refused: string): Promise<string> => {
    const current = await (token ?? signIn())
    return current === refused ? signIn() : current
  }

  const exchange = openExchange(host, { hidden, renewed }, settings.callsPerSecond)

  const serve = async (method: string, args: object): Promise<unknown> => {
    const { body } = await exchange.send({
      method: 'POST',
      url: serviceAddress(address),
      name: `${method} (v4_1)`,
      token: null,
      content: { type: FORM, body: serviceForm(method, args) },
    })
    return body
  }

  return {
    instance,
    clock: () => exchange.clock(),
    session: () => session ?? enter(),
    serverInfo: () => serve('get_server_info', {}),
    async api({ method = 'GET', path, body, ...manner }) {
      host.signal.throwIfAborted()
      const content = body === undefined ? undefined : { type: 'application/vnd.api+json', body: JSON.stringify(body) }
      const name = `${method} /Api/V8${path.replace(/\?.*$/s, '')}`
      return exchange.send({ method, url: `${address}/Api/V8${path}`, name, token: await (token ?? signIn()), content }, manner)
    },
    async service(method, args) {
      host.signal.throwIfAborted()
      const { id } = await (session ?? enter())
      let body = await serve(method, { session: id, ...args })
      let fault = faultIn(body)
      if (fault?.number === INVALID_SESSION) {
        const current = await (session ?? enter())
        const renewedId = current.id === id ? (await enter()).id : current.id
        body = await serve(method, { session: renewedId, ...args })
        fault = faultIn(body)
      }
      if (fault === null) return body
      if (NOT_SHOWN.has(fault.number)) return null
      const kind = fault.number === INVALID_SESSION ? 'auth' : 'rejected'
      throw new AssayError(kind, hidden(`SuiteCRM refused ${method} (v4_1): ${fault.name} (${fault.number}): ${fault.description}`))
    },
  }
}
