import { importPKCS8, SignJWT } from 'jose'
import { AssayError } from '@assay/shared'
import { codeOf, errorsOf } from './answer.ts'
import type { Exchange } from './exchange.ts'
import { isPrivate, type Settings } from './settings.ts'

/** What a sign-in gave. */
export interface SignedIn {
  readonly accessToken: string
  readonly instanceUrl: string
  /** 18 characters; null where the sign-in does not say (an open session). */
  readonly organizationId: string | null
  readonly userId: string | null
  /** A refresh token in place of the one that was used, where the app rotates them. */
  readonly refreshToken: string | null
}

interface TokenAnswer {
  readonly access_token?: string
  readonly instance_url?: string
  readonly refresh_token?: string
  /** `https://…/id/<organization>/<user>` */
  readonly id?: string
}

/** How long (s) an assertion is good for; Salesforce takes no more than three minutes. */
const ASSERTION_SECONDS = 170
const PRODUCTION = 'https://login.salesforce.com'
const SANDBOX = 'https://test.salesforce.com'

/** Whom an assertion is addressed to: never the My Domain, always one of the two shared hosts. */
export const audienceOf = (loginUrl: string): string => {
  const { origin, host } = new URL(loginUrl)
  if (origin === PRODUCTION || origin === SANDBOX) return origin
  return host.endsWith('.sandbox.my.salesforce.com') ? SANDBOX : PRODUCTION
}

const assertionOf = async (jwt: NonNullable<Settings['jwt']>, loginUrl: string, now: number): Promise<string> => {
  const seconds = Math.floor(now / 1000)
  const key = await importPKCS8(jwt.privateKey, 'RS256').catch(() => {
    // The cause would show parts of the key.
    throw new AssayError('config', 'The private key of the Salesforce sign-in (jwt.privateKey) is no PKCS#8 key in PEM form.', {
      hint: 'Convert it: openssl pkcs8 -topk8 -nocrypt -in server.key',
    })
  })
  return new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(jwt.clientId)
    .setSubject(jwt.username)
    .setAudience(jwt.audience ?? audienceOf(loginUrl))
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + ASSERTION_SECONDS)
    .sign(key)
}

const formOf = async (settings: Settings, refreshToken: string | null, now: number): Promise<Record<string, string>> => {
  const { jwt, clientCredentials, oauth } = settings
  if (jwt !== undefined)
    return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: await assertionOf(jwt, settings.loginUrl, now) }
  if (clientCredentials !== undefined)
    return { grant_type: 'client_credentials', client_id: clientCredentials.clientId, client_secret: clientCredentials.clientSecret }
  const { clientId, clientSecret, refreshToken: given = '' } = oauth ?? { clientId: '' }
  return {
    grant_type: 'refresh_token',
    client_id: clientId,
    ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
    refresh_token: refreshToken ?? given,
  }
}

/** What a refusal of the sign-in means, and what to do. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /hasn't approved|invalid_app_access/,
    'Pre-authorise the app for the integration user: in its OAuth policies choose "Admin approved users", then give the user a permission set of the app.',
  ],
  [
    /audience/,
    'The sign-in went to the wrong kind of org: a sandbox signs in at https://test.salesforce.com, production at https://login.salesforce.com.',
  ],
  [
    /expired (access|refresh)|refresh_token|token.*(revoked|expired)/,
    'The consent was revoked or has expired: sign in again with assay connect.',
  ],
  [/invalid_client/, 'Check the consumer key and secret of the app.'],
  [/inactive_user/, 'The integration user is deactivated: activate it, or connect as another one.'],
  [/inactive_org/, 'This org is locked or gone: connect another one.'],
  [
    /unsupported_grant_type|no client credentials user/,
    'Turn on this OAuth flow in the app, and for client credentials name the user it runs as.',
  ],
]
const RENEW = 'Sign in again with assay connect, under the same title.'

/** Signs in by whichever grant the settings hold. Rejects with `auth` when Salesforce refuses. */
export const signIn = async (
  exchange: Exchange,
  settings: Settings,
  refreshToken: string | null,
  now: number,
  hidden: (text: string) => string,
): Promise<SignedIn> => {
  if (settings.session !== undefined) {
    const { accessToken, instanceUrl } = settings.session
    return { accessToken, instanceUrl: new URL(instanceUrl).origin, organizationId: null, userId: null, refreshToken: null }
  }
  const answer = await exchange.send(
    {
      method: 'POST',
      url: `${new URL(settings.loginUrl).origin}/services/oauth2/token`,
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(await formOf(settings, refreshToken, now)).toString(),
    },
    { accept: [400, 401], signingIn: true },
  )
  const body = (typeof answer.body === 'object' && answer.body !== null ? answer.body : {}) as TokenAnswer
  if (answer.status >= 400 || body.access_token === undefined || body.instance_url === undefined) {
    const [error] = errorsOf(answer.body)
    const why = `${codeOf(error)} ${error?.message ?? ''}`.trim() || `status ${answer.status}`
    const hint = HINTS.find(([words]) => words.test(why))?.[1] ?? RENEW
    throw new AssayError('auth', hidden(`Salesforce refused the sign-in: ${why}`), { hint })
  }
  if (!URL.canParse(body.instance_url) || !isPrivate(body.instance_url))
    throw new AssayError('auth', 'The sign-in named a place for all further calls that is no https address: the token is not sent there.', {
      hint: 'Check loginUrl: it must be the My Domain of the org, https://login.salesforce.com or https://test.salesforce.com.',
    })
  const [, organizationId = null, userId = null] = /\/id\/(\w+)\/(\w+)/.exec(body.id ?? '') ?? []
  return {
    accessToken: body.access_token,
    instanceUrl: new URL(body.instance_url).origin,
    organizationId,
    userId,
    refreshToken: body.refresh_token ?? null,
  }
}
