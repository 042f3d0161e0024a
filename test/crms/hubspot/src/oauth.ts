import { expiredReply } from './faults.ts'
import { APP_ID, PORTAL_ID } from './identity.ts'
import { correlationId, errorReply, noContent, ok, type Reply } from './reply.ts'

export interface OAuthSettings {
  readonly clientId?: string
  readonly clientSecret?: string
  readonly refreshToken?: string
  /** What the redirect would have brought. Good for ever, unlike the codes of `/oauth/authorize`. */
  readonly code?: string
  readonly expiresInSeconds?: number
  /** Every refresh brings a new refresh token, and the old one dies. */
  readonly rotateRefreshTokens?: boolean
  /** Where the app may send people back to. */
  readonly redirectUrls?: readonly string[]
  /** What people do on the page of consent. */
  readonly consent?: 'given' | 'denied'
}

interface SignIn {
  readonly isOAuth: boolean
}

/** The tokens of the portal: one static, any number of short-lived ones. */
export interface OAuth {
  /** Who comes with this header, or the 401. */
  signIn(header: string | undefined): SignIn | Reply
  /** From now on the refresh token is worth nothing. */
  revoke(): void
  /** Answers `/oauth/…`, from its form or query; null where there is no such route. */
  route(method: string, path: string, form: Readonly<Record<string, string>>): Reply | null
}

export function createOAuth(settings: OAuthSettings, staticToken: string, scopes: () => readonly string[], now: () => number): OAuth {
  const {
    clientId = 'client-id',
    clientSecret = 'client-secret',
    code = 'code-1',
    expiresInSeconds = 1_800,
    redirectUrls = ['http://localhost:4871/signed-in'],
  } = settings
  let refreshToken = settings.refreshToken ?? 'refresh-token-1'
  /** Codes of the page of consent: each works once, for a minute, for the address it was sent to. */
  const codes = new Map<string, { readonly redirect: string; readonly until: number }>()
  let given = 0
  const expiresAt = new Map<string, number>()
  let revoked = false

  const refused = (status: string, message: string): Reply => ({ status: 400, body: { status, message, correlationId: correlationId() } })

  const grant = (form: Readonly<Record<string, string>>): Reply => {
    if (form['client_id'] !== clientId) return refused('BAD_CLIENT_ID', 'missing or unknown client id')
    if (form['client_secret'] !== clientSecret) return refused('BAD_CLIENT_SECRET', 'missing or invalid client secret')
    if (form['grant_type'] === 'refresh_token') {
      if (revoked || form['refresh_token'] !== refreshToken) return refused('BAD_REFRESH_TOKEN', 'missing or invalid refresh token')
    } else if (form['grant_type'] === 'authorization_code') {
      const consented = codes.get(form['code'] ?? '')
      codes.delete(form['code'] ?? '')
      if (form['code'] !== code && (consented === undefined || consented.until <= now()))
        return refused('BAD_AUTH_CODE', 'missing or invalid auth code')
      if (consented !== undefined && consented.redirect !== form['redirect_uri'])
        return refused('BAD_REDIRECT_URI', 'redirect uri does not match the one of the authorization')
    } else return refused('BAD_GRANT_TYPE', 'missing or unknown grant type')
    const token = `access-${expiresAt.size + 1}`
    if (settings.rotateRefreshTokens === true && form['grant_type'] === 'refresh_token') refreshToken = `refresh-token-of-${token}`
    expiresAt.set(token, now() + expiresInSeconds * 1000)
    return ok({
      token_type: 'bearer',
      access_token: token,
      refresh_token: refreshToken,
      expires_in: expiresInSeconds,
      token_use: 'access_token',
      hub_id: PORTAL_ID,
      user_id: 42,
      scopes: scopes(),
    })
  }

  const secondsLeft = (token: string): number => Math.floor(((expiresAt.get(token) ?? 0) - now()) / 1000)

  /** The page on which somebody consents: answers at once with what they would have done. */
  const consentPage = (query: Readonly<Record<string, string>>): Reply => {
    const redirect = query['redirect_uri'] ?? ''
    const page = (text: string): Reply => ({ status: 400, raw: { text: `<html><body>${text}</body></html>`, contentType: 'text/html' } })
    if (query['client_id'] !== clientId) return page('We could not find this app')
    if (!redirectUrls.includes(redirect)) return page('The redirect URL does not match the ones of the app')
    if (!(query['scope'] ?? '').split(' ').includes('oauth')) return page('The scopes do not match the ones of the app')
    const back = new URL(redirect)
    if (settings.consent === 'denied') back.searchParams.set('error', 'access_denied')
    else {
      given += 1
      codes.set(`consented-${given}`, { redirect, until: now() + 60_000 })
      back.searchParams.set('code', `consented-${given}`)
    }
    back.searchParams.set('state', query['state'] ?? '')
    return { status: 302, headers: { location: back.href } }
  }

  return {
    signIn(header) {
      const token = /^Bearer (.+)$/.exec(header ?? '')?.[1]
      if (token === staticToken) return { isOAuth: false }
      const until = token === undefined ? undefined : expiresAt.get(token)
      if (until === undefined)
        return errorReply(
          401,
          'INVALID_AUTHENTICATION',
          'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
        )
      return until > now() ? { isOAuth: true } : expiredReply(Math.ceil((now() - until) / 1000))
    },
    revoke() {
      revoked = true
    },
    route(method, path, form) {
      if (method === 'GET' && path === '/oauth/authorize') return consentPage(form)
      if (method === 'POST' && /^\/oauth\/(v1|v3|\d{4}-\d\d)\/token$/.test(path)) return grant(form)
      const about = /^\/oauth\/v1\/access-tokens\/(.+)$/.exec(path)?.[1]
      if (about !== undefined && method === 'GET') {
        const token = decodeURIComponent(about)
        if (secondsLeft(token) <= 0) return errorReply(404, 'OBJECT_NOT_FOUND', 'token not found')
        return ok({
          token,
          user: 'integration@example.com',
          hub_domain: 'example.com',
          scopes: scopes(),
          hub_id: PORTAL_ID,
          app_id: APP_ID,
          expires_in: secondsLeft(token),
          user_id: 42,
          token_type: 'access',
        })
      }
      if (method === 'POST' && /^\/oauth\/\d{4}-\d\d\/token\/introspect$/.test(path)) {
        const token = form['token'] ?? ''
        if (token !== staticToken && secondsLeft(token) <= 0) return ok({ active: false })
        const left = token === staticToken ? {} : { expires_in: secondsLeft(token) }
        return ok({
          active: true,
          token_use: 'access_token',
          client_id: clientId,
          hub_id: PORTAL_ID,
          scopes: scopes(),
          app_id: APP_ID,
          ...left,
        })
      }
      if (method === 'POST' && path === '/oauth/v2/private-apps/get/access-token-info') {
        if (form['tokenKey'] !== staticToken) return errorReply(404, 'OBJECT_NOT_FOUND', 'token not found')
        return ok({ userId: 42, hubId: PORTAL_ID, appId: APP_ID, scopes: scopes() })
      }
      if (
        (method === 'DELETE' && /^\/oauth\/v1\/refresh-tokens\/.+$/.test(path)) ||
        (method === 'POST' && path.endsWith('/token/revoke'))
      ) {
        if (path.endsWith(`/${encodeURIComponent(refreshToken)}`) || form['token'] === refreshToken) revoked = true
        return noContent
      }
      return null
    },
  }
}
