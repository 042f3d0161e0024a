import { createHash, type KeyObject } from 'node:crypto'
import { jwtVerify } from 'jose'
import { ORGANIZATION_ID, USER_IDS, type Role } from './people.ts'
import { ok, type Reply } from './reply.ts'
import type { Row } from './values.ts'

export interface OAuthSettings {
  /** The consumer key of the app. */
  readonly clientId?: string
  readonly clientSecret?: string
  readonly refreshToken?: string
  /** Each refresh gives a new refresh token, and the old one dies. */
  readonly rotateRefreshTokens?: boolean
  /** What the redirect would have brought. */
  readonly code?: string
  /** The key that belongs to the certificate of the app, for JWT bearer. */
  readonly publicKey?: KeyObject
  /** The org's session policy: how long an access token lives. Default 2 hours. */
  readonly sessionMs?: number
  /** The users the app is approved for. Default all. */
  readonly approved?: readonly string[]
}

export interface OAuth {
  /** The user who comes with this token; null when it is worth nothing (any more). */
  userOf(token: string): string | null
  /** Ends all sessions and refresh tokens, or only those of this token. */
  revoke(token?: string): void
  /** Answers `/services/oauth2/…` and `/id/…`; null where there is no such route. */
  route(method: string, path: string, form: Readonly<Record<string, string>>, authorization: string | undefined): Promise<Reply | null>
}

interface Session {
  readonly userId: string
  /** null: never. */
  readonly expiresAt: number | null
}

/** What the sign-in needs of the org. */
export interface Directory {
  now(): number
  url(): string
  userNamed(username: string): Row | null
  user(id: string): Row | null
}

const refused = (error: string, description: string): Reply => ({ status: 400, body: { error, error_description: description } })

export function createOAuth(settings: OAuthSettings, tokens: Readonly<Record<Role, string>>, directory: Directory): OAuth {
  const { clientId = 'consumer-key', clientSecret = 'consumer-secret', code = 'code-1', sessionMs = 7_200_000 } = settings
  const sessions = new Map<string, Session>()
  for (const role of Object.keys(tokens) as Role[]) sessions.set(tokens[role], { userId: USER_IDS[role], expiresAt: null })
  const refreshTokens = new Map<string, string>([[settings.refreshToken ?? 'refresh-token-1', USER_IDS.integration]])
  let made = 0
  /** Of the last consent; its code is good only with what was hashed into it. */
  let challenge: string | null = null

  const grant = (userId: string, extra: Readonly<Record<string, string>> = {}): Reply => {
    made += 1
    const token = `${ORGANIZATION_ID.slice(0, 15)}!session.${made}`
    sessions.set(token, { userId, expiresAt: directory.now() + sessionMs })
    const issuedAt = String(directory.now())
    const identity = `${directory.url()}/id/${ORGANIZATION_ID}/${userId}`
    return ok({
      access_token: token,
      ...extra,
      signature: createHash('sha256')
        .update(identity + issuedAt)
        .digest('base64'),
      scope: 'refresh_token api',
      instance_url: directory.url(),
      id: identity,
      token_type: 'Bearer',
      issued_at: issuedAt,
    })
  }

  const isActive = (userId: string): boolean => directory.user(userId)?.['IsActive'] === true

  const jwtBearer = async (assertion: string): Promise<Reply> => {
    if (settings.publicKey === undefined) return refused('invalid_client', 'no certificate is registered for this app')
    const audience = ['https://login.salesforce.com', 'https://test.salesforce.com', directory.url()]
    let claims: Awaited<ReturnType<typeof jwtVerify>>['payload']
    try {
      claims = (await jwtVerify(assertion, settings.publicKey, { algorithms: ['RS256'], currentDate: new Date(directory.now()) })).payload
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : ''
      return refused('invalid_grant', why === 'ERR_JWT_EXPIRED' ? 'expired authorization code' : 'invalid assertion')
    }
    if (claims.iss !== clientId) return refused('invalid_client_id', 'client identifier invalid')
    if (![claims.aud].flat().some((each) => audience.includes(String(each)))) return refused('invalid_grant', 'audience is invalid')
    if (claims.exp === undefined || claims.exp * 1000 > directory.now() + 300_000) return refused('invalid_grant', 'invalid assertion')
    const user = directory.userNamed(String(claims.sub))
    if (user === null || (settings.approved !== undefined && !settings.approved.includes(String(claims.sub))))
      return refused('invalid_grant', "user hasn't approved this consumer")
    if (user['IsActive'] !== true) return refused('inactive_user', 'user is inactive')
    return grant(String(user['Id']))
  }

  const refresh = (given: string): Reply => {
    const userId = refreshTokens.get(given)
    if (userId === undefined) return refused('invalid_grant', 'expired access/refresh token')
    if (!isActive(userId)) return refused('inactive_user', 'user is inactive')
    if (settings.rotateRefreshTokens !== true) return grant(userId)
    refreshTokens.delete(given)
    const next = `refresh-token-${made + 2}`
    refreshTokens.set(next, userId)
    return grant(userId, { refresh_token: next })
  }

  const token = async (form: Readonly<Record<string, string>>, authorization: string | undefined): Promise<Reply> => {
    const type = form['grant_type']
    if (type === 'urn:ietf:params:oauth:grant-type:jwt-bearer') return jwtBearer(form['assertion'] ?? '')
    const basic = /^Basic (.+)$/i.exec(authorization ?? '')?.[1]
    const [id, secret] =
      basic === undefined
        ? [form['client_id'], form['client_secret']]
        : Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent)
    if (type !== 'refresh_token' && type !== 'client_credentials' && type !== 'authorization_code')
      return refused('unsupported_grant_type', 'grant type not supported')
    if (id !== clientId) return refused('invalid_client_id', 'client identifier invalid')
    // A public client may refresh without its secret; a wrong one is refused all the same.
    if (secret !== clientSecret && !(type === 'refresh_token' && secret === undefined))
      return refused('invalid_client', 'invalid client credentials')
    if (type === 'refresh_token') return refresh(form['refresh_token'] ?? '')
    if (type === 'client_credentials') return grant(USER_IDS.integration)
    if (form['code'] !== code) return refused('invalid_grant', 'expired authorization code')
    const proof = createHash('sha256')
      .update(form['code_verifier'] ?? '')
      .digest('base64url')
    if (challenge !== null && challenge !== proof) return refused('invalid_grant', 'invalid code verifier')
    const own = `refresh-token-${made + 2}`
    refreshTokens.set(own, USER_IDS.admin)
    return grant(USER_IDS.admin, { refresh_token: own })
  }

  /** What a browser gets after somebody has signed in and agreed: always at once. */
  const authorize = (form: Readonly<Record<string, string>>): Reply => {
    if (form['client_id'] !== clientId) return refused('invalid_client_id', 'client identifier invalid')
    if (form['response_type'] !== 'code') return refused('unsupported_response_type', 'response type not supported')
    challenge = form['code_challenge'] ?? null
    const back = new URL(form['redirect_uri'] ?? directory.url())
    back.searchParams.set('code', code)
    if (form['state'] !== undefined) back.searchParams.set('state', form['state'])
    return { status: 302, headers: { Location: back.href } }
  }

  const userOf: OAuth['userOf'] = (given) => {
    const session = sessions.get(given)
    if (session === undefined || (session.expiresAt !== null && session.expiresAt <= directory.now())) return null
    return isActive(session.userId) ? session.userId : null
  }

  const identity = (userId: string): Reply => {
    const user = directory.user(userId)
    const url = directory.url()
    return ok({
      id: `${url}/id/${ORGANIZATION_ID}/${userId}`,
      sub: `${url}/id/${ORGANIZATION_ID}/${userId}`,
      asserted_user: true,
      user_id: userId,
      organization_id: ORGANIZATION_ID,
      username: user?.['Username'],
      preferred_username: user?.['Username'],
      nick_name: user?.['Name'],
      display_name: user?.['Name'],
      name: user?.['Name'],
      email: user?.['Email'],
      email_verified: true,
      user_type: 'STANDARD',
      timezone: 'UTC',
      zoneinfo: 'UTC',
      locale: 'en_US',
      language: 'en_US',
      active: user?.['IsActive'] === true,
      is_app_installed: true,
      urls: {
        enterprise: `${url}/services/Soap/c/{version}/${ORGANIZATION_ID}`,
        metadata: `${url}/services/Soap/m/{version}/${ORGANIZATION_ID}`,
        partner: `${url}/services/Soap/u/{version}/${ORGANIZATION_ID}`,
        rest: `${url}/services/data/v{version}/`,
        sobjects: `${url}/services/data/v{version}/sobjects/`,
        query: `${url}/services/data/v{version}/query/`,
        recent: `${url}/services/data/v{version}/recent/`,
        tooling_soap: `${url}/services/Soap/T/{version}/${ORGANIZATION_ID}`,
        tooling_rest: `${url}/services/data/v{version}/tooling/`,
        profile: `${url}/${userId}`,
      },
    })
  }

  return {
    userOf,
    revoke(given) {
      if (given === undefined) {
        sessions.clear()
        refreshTokens.clear()
      } else {
        sessions.delete(given)
        refreshTokens.delete(given)
      }
    },
    async route(method, path, form, authorization) {
      const bearer = /^(?:Bearer|OAuth) (.+)$/i.exec(authorization ?? '')?.[1] ?? form['oauth_token'] ?? ''
      if (path.startsWith('/id/') || path === '/services/oauth2/userinfo') {
        const userId = userOf(bearer)
        return userId === null ? { status: 403, raw: { text: 'Bad_OAuth_Token', contentType: 'text/plain' } } : identity(userId)
      }
      if (path === '/services/oauth2/authorize') return authorize(form)
      if (path === '/services/oauth2/token' && method === 'POST') return token(form, authorization)
      if (path === '/services/oauth2/revoke') {
        const given = form['token'] ?? ''
        if (!sessions.has(given) && !refreshTokens.has(given)) return refused('invalid_token', 'this token is unknown')
        sessions.delete(given)
        refreshTokens.delete(given)
        return { status: 200 }
      }
      if (path === '/services/oauth2/introspect' && method === 'POST') {
        const userId = userOf(form['token'] ?? '')
        return ok(
          userId === null
            ? { active: false }
            : { active: true, client_id: clientId, username: directory.user(userId)?.['Username'], token_type: 'access_token' },
        )
      }
      return null
    },
  }
}
