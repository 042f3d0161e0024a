import { createHash } from 'node:crypto'
import { AssayError, type Answer } from '@assay/shared'
import type { Exchange } from '@assay/sugar-family'
import type { Settings } from './settings.ts'
import { faultIn } from './wire.ts'

/** What v4_1 takes for a password. No secret by itself less than the password is: never shown. */
export const passwordHash = (password: string): string => createHash('md5').update(password).digest('hex')

type Grant = 'password' | 'client_credentials'
const GRANTS: Readonly<Record<Settings['grant'], readonly Grant[]>> = {
  auto: ['password', 'client_credentials'],
  password: ['password'],
  clientCredentials: ['client_credentials'],
}

interface TokenAnswer {
  readonly access_token?: unknown
  readonly error?: unknown
}
const tokenAnswer = ({ body }: Answer): TokenAnswer => (typeof body === 'object' && body !== null ? body : {})

const CLIENT_HINT =
  'Check clientId and clientSecret (Admin > OAuth2 Clients and Tokens), and that the entry allows the grant: one entry allows one, "Password Grant" or "Client Credentials Grant".'
const USER_HINT =
  'Check user name and password of the integration user, and that it is active. A user who signs in over LDAP or another service has no password of its own here: make one that has.'

/**
 * An access token for V8. Rejects (`auth`) when it is refused. Of the answer's body only the code of the error is ever told: with a wrong
 * password SuiteCRM answers 500 and writes the password into the message.
 */
export const accessToken = async (exchange: Exchange, address: string, settings: Settings): Promise<string> => {
  const { clientId, clientSecret, username, password } = settings
  let refused: AssayError | null = null
  for (const grant of GRANTS[settings.grant]) {
    const form = {
      grant_type: grant,
      client_id: clientId,
      client_secret: clientSecret,
      ...(grant === 'password' ? { username, password } : {}),
    }
    const answer = await exchange.send(
      {
        method: 'POST',
        url: `${address}/Api/access_token`,
        name: 'the sign-in (V8)',
        token: null,
        content: { type: 'application/json', body: JSON.stringify(form) },
      },
      {
        accept: (given) =>
          given.status < 500 ? given.status !== 404 && given.status !== 429 : typeof tokenAnswer(given).error === 'string',
      },
    )
    const { access_token: token, error } = tokenAnswer(answer)
    if (answer.status < 300 && typeof token === 'string' && token !== '') return token
    const code = typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? error : `status ${answer.status}`
    // A wrong password is a 500 of this code; a wrong client, or one that is for another grant, a 401.
    const isUser = answer.status >= 500
    refused = new AssayError('auth', `SuiteCRM refused the sign-in over V8 (${grant}): ${code}`, { hint: isUser ? USER_HINT : CLIENT_HINT })
    if (isUser) break
  }
  throw refused ?? new AssayError('auth', 'SuiteCRM refused the sign-in over V8.', { hint: CLIENT_HINT })
}

/** The form in which v4_1 takes a call. Arguments in the order of the method's own: versions differ in whether names or places count. */
export const serviceForm = (method: string, args: object): string =>
  new URLSearchParams({ method, input_type: 'JSON', response_type: 'JSON', rest_data: JSON.stringify(args) }).toString()
export const serviceAddress = (address: string): string => `${address}/service/v4_1/rest.php`
export const FORM = 'application/x-www-form-urlencoded'

/** Fault numbers of v4_1. */
export const INVALID_SESSION = 11
/** No such module, access denied: either way this sign-in is not shown it. */
export const NOT_SHOWN: ReadonlySet<number> = new Set([20, 40])

/** What a sign-in over v4_1 gave. */
export interface ServiceSession {
  readonly id: string
  readonly userId: string
  readonly isAdmin: boolean
}

/** A session of v4_1. Rejects (`auth`) when it is refused. */
export const serviceSession = async (exchange: Exchange, address: string, settings: Settings): Promise<ServiceSession> => {
  const auth = { user_name: settings.username, password: passwordHash(settings.password), version: '1' }
  const answer = await exchange.send({
    method: 'POST',
    url: serviceAddress(address),
    name: 'the sign-in (v4_1)',
    token: null,
    content: { type: FORM, body: serviceForm('login', { user_auth: auth, application_name: 'assay', name_value_list: [] }) },
  })
  const fault = faultIn(answer.body)
  if (fault !== null)
    throw new AssayError('auth', `SuiteCRM refused the sign-in over v4_1: ${fault.name} (${fault.number})`, { hint: USER_HINT })
  const { id, name_value_list: values = {} } = (answer.body ?? {}) as {
    id?: unknown
    name_value_list?: Readonly<Record<string, { readonly value?: unknown } | undefined>>
  }
  if (typeof id !== 'string' || id === '')
    throw new AssayError('data', 'SuiteCRM answered the sign-in over v4_1 without a session.', {
      hint: 'Check that the url leads to SuiteCRM, and not to a page in front of it.',
    })
  const isAdmin = values['user_is_admin']?.value
  const userId = values['user_id']?.value
  return { id, userId: typeof userId === 'string' ? userId : '', isAdmin: isAdmin === true || isAdmin === '1' || isAdmin === 1 }
}
