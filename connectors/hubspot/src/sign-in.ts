import { AssayError } from '@assay/shared'
import { errorBody } from './answer.ts'

/** What HubSpot answers when a token is asked for: older paths leave out the last two. */
export interface TokenAnswer {
  readonly access_token?: string
  readonly refresh_token?: string
  readonly expires_in?: number
  readonly hub_id?: number
  readonly scopes?: readonly string[]
  /** Of newer refusals. */
  readonly error?: string
  readonly error_description?: string
}

/** What a sign-in gave. */
export interface Signed {
  readonly accessToken: string
  /** '' where the answer has none. */
  readonly refreshToken: string
  readonly seconds: number
  /** Null where HubSpot does not tell. */
  readonly portal: number | null
  readonly scopes: readonly string[] | null
}

const LIFE_SECONDS = 1800

/** What a refusal means, and what to do. */
const HINTS: readonly (readonly [words: RegExp, hint: string])[] = [
  [/BAD_CLIENT_ID|BAD_CLIENT_SECRET|invalid_client/, 'Check client id and client secret: both stand on the Auth page of the app.'],
  [
    /BAD_AUTH_CODE|auth code|authorization code/i,
    'A code works once and for a short time: begin again with assay connect hubspot --browser.',
  ],
  [/BAD_REDIRECT_URI|redirect/i, 'The app must name this redirect URL, letter by letter: see docs/hubspot.md.'],
]
const AGAIN = 'Connect this portal again: the refresh token was revoked or belongs to another app.'

/** Reads the answer to a request for a token. Throws (`auth`) when HubSpot refused. */
export function understoodSignIn(status: number, body: TokenAnswer | null, hidden: (text: string) => string): Signed {
  const token = body?.access_token
  if (status < 400 && token !== undefined)
    return {
      accessToken: token,
      refreshToken: body?.refresh_token ?? '',
      seconds: body?.expires_in ?? LIFE_SECONDS,
      portal: body?.hub_id ?? null,
      scopes: body?.scopes ?? null,
    }
  const code = (body as { status?: unknown } | null)?.status
  const said = [typeof code === 'string' && code !== 'error' ? code : body?.error, errorBody(body).message ?? body?.error_description]
    .filter((part) => part !== undefined)
    .join(' ')
  throw new AssayError('auth', hidden(`HubSpot refused the sign-in: ${said === '' ? `status ${status}` : said}`), {
    hint: HINTS.find(([words]) => words.test(said))?.[1] ?? AGAIN,
  })
}
