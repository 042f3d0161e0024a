import { AssayError } from '@assay/shared'
import { SIGN_IN_AGAIN, type Exchange } from '@assay/sugar-family'
import { refusalOf } from './answer.ts'
import { jsonRequest } from './exchange.ts'
import { PACKAGE_FILE } from './package/index.ts'
import type { Settings } from './settings.ts'

/** What a sign-in gave. */
export interface Tokens {
  readonly access: string
  /** A new one with every sign-in and every refresh; the one before is used up. */
  readonly refresh: string | null
}

export const UPLOAD_FIRST = `Upload the package first: an admin of Sugar opens Admin > Module Loader, uploads ${PACKAGE_FILE} (assay fields build sugarcrm makes it) and installs it; then connect again.`

/** What a refusal of the sign-in means, and what to do. The first that fits. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/platform/i, UPLOAD_FIRST],
  [
    /invalid_client|client_id|client secret/i,
    'Check clientId and clientSecret: an entry of that key must stand in Admin > OAuth Keys, of type OAuth 2.0.',
  ],
  [
    /inactive|locked|lockout/i,
    'The integration user is deactivated or locked: an admin of Sugar can open it again in Admin > User Management.',
  ],
  [
    /external login/,
    'This instance signs in over SugarIdentity: allow the password grant for the integration user, or connect with a refresh token (oauth).',
  ],
  [/refresh/i, 'The refresh token was used up or revoked. Sign in again with assay connect.'],
  [
    /need_login|username|password/i,
    `Check user name and password of the integration user, and that its password does not have to be changed. If both are right: ${UPLOAD_FIRST}`,
  ],
]

/** Statuses by which a sign-in is refused. */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 422])

interface TokenAnswer {
  readonly access_token?: string
  readonly refresh_token?: string
  /** Given with a refusal, where the instance wants the sign-in to happen elsewhere. */
  readonly url?: string
}

/** One question for tokens. Null when a refresh token is no longer good; rejects (`auth`) when the sign-in is refused otherwise. */
const ask = async (exchange: Exchange, settings: Settings, address: string, grant: Record<string, string>): Promise<Tokens> => {
  const { clientId, clientSecret, platform } = settings
  const answer = await exchange.send(
    jsonRequest('POST', `${address}/oauth2/token`, null, { ...grant, client_id: clientId, client_secret: clientSecret, platform }),
    { accept: ({ status }) => REFUSALS.has(status) },
  )
  const body = (typeof answer.body === 'object' && answer.body !== null ? answer.body : {}) as TokenAnswer
  if (answer.status < 300 && body.access_token !== undefined) return { access: body.access_token, refresh: body.refresh_token ?? null }
  const { code, message } = refusalOf(answer.body)
  const why = `${code} ${message}`.trim() || `status ${answer.status}`
  const elsewhere = body.url === undefined ? '' : ' (external login)'
  const hint = HINTS.find(([words]) => words.test(why + elsewhere))?.[1] ?? SIGN_IN_AGAIN
  throw new AssayError('auth', `Sugar refused the sign-in as platform "${platform}": ${why}${elsewhere}`, { hint })
}

/** Signs in with name and password, or with the refresh token that the settings hold. Rejects (`auth`) when Sugar refuses. */
export const signIn = (exchange: Exchange, settings: Settings, address: string): Promise<Tokens> => {
  const { password, oauth } = settings
  if (password === undefined) return refresh(exchange, settings, address, oauth?.refreshToken ?? '')
  return ask(exchange, settings, address, { grant_type: 'password', ...password })
}

/** New tokens for a refresh token, which is used up by it. Rejects (`auth`) when it is no longer good. */
export const refresh = (exchange: Exchange, settings: Settings, address: string, refreshToken: string): Promise<Tokens> =>
  ask(exchange, settings, address, { grant_type: 'refresh_token', refresh_token: refreshToken })
