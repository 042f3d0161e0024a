import type { Instance } from './instance.ts'
import { PASSWORDS, roleOf, USER_IDS, type Role } from './people.ts'
import { errorReply, members, missing, needLogin, ok, refuse, type Refusal, type Reply } from './reply.ts'
import { plainText } from './values.ts'

export interface OAuthSettings {
  /** Keys from Admin > OAuth Keys beside `sugar`, which has no secret. */
  readonly clients?: Readonly<Record<string, string>>
  /** Platforms that somebody has registered, beside those every Sugar knows. */
  readonly platforms?: readonly string[]
  readonly accessSeconds?: number
  readonly refreshSeconds?: number
  /** Passwords are checked elsewhere: the password grant is refused with the address of that place. */
  readonly externalLogin?: string
}

export interface Session {
  readonly userId: string
  readonly platform: string
}

/** Who is signed in where. One session for each user and platform: a second one ends the first. */
export interface OAuth {
  token(body: unknown): Reply
  logout(accessToken: string): Reply
  sudo(adminToken: string, userName: string, body: unknown): Reply
  /** null: the token is unknown, expired or thrown out. */
  session(accessToken: string): Session | null
  /** Signs a user in as if it had typed its password. */
  signIn(userId: string, platform: string): Tokens
  /** The access token dies; `all`: the refresh token too. */
  revoke(accessToken: string, all: boolean): void
  /** Every session of a user, or all of them, ends. */
  revokeAll(userId?: string): void
  knows(platform: string): boolean
  register(platform: string): void
  unregister(platform: string): void
  sessions(): readonly Session[]
}

export interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
}

interface Live extends Session {
  accessToken: string
  accessUntil: number
  refreshToken: string
  refreshUntil: number
}

const BUILT_IN = ['base', 'mobile', 'portal', 'opi', 'lpi'] as const

export function createOAuth(settings: OAuthSettings, fixed: Readonly<Record<Role, string>>, instance: Instance): OAuth {
  const platforms = new Set<string>([...BUILT_IN, ...(settings.platforms ?? [])])
  let live: Live[] = []
  let serial = 0
  const accessMs = (settings.accessSeconds ?? 3600) * 1000
  const refreshMs = (settings.refreshSeconds ?? 1_209_600) * 1000

  const nextToken = (): string => {
    serial += 1
    return `5e55${serial.toString(16).padStart(4, '0')}-0000-4000-9000-${(serial * 7919).toString(16).padStart(12, '0')}`
  }
  const renew = (session: Live): void => {
    const now = instance.now()
    session.accessToken = nextToken()
    session.accessUntil = now + accessMs
    session.refreshToken = nextToken()
    session.refreshUntil = now + refreshMs
  }
  const open = (userId: string, platform: string): Live => {
    const session: Live = { userId, platform, accessToken: '', accessUntil: 0, refreshToken: '', refreshUntil: 0 }
    renew(session)
    live = [...live.filter((each) => each.userId !== userId || each.platform !== platform), session]
    return session
  }
  const answer = (session: Live): Reply =>
    ok({
      access_token: session.accessToken,
      expires_in: accessMs / 1000,
      token_type: 'bearer',
      scope: null,
      refresh_token: session.refreshToken,
      refresh_expires_in: refreshMs / 1000,
      download_token: nextToken(),
    })

  const checkClient = (form: Readonly<Record<string, unknown>>): void => {
    const id = plainText(form['client_id'])
    if (id === '') throw refuse(400, 'invalid_request', 'Client id was not found in the headers or body')
    const secret = id === 'sugar' ? '' : settings.clients?.[id]
    if (secret === undefined || secret !== plainText(form['client_secret']))
      throw refuse(400, 'invalid_client', 'The client credentials are invalid')
  }
  const platformOf = (form: Readonly<Record<string, unknown>>): string => {
    const platform = plainText(form['platform'], 'base') || 'base'
    const { status, error } = instance.quirks.platformRefusal
    if (!platforms.has(platform)) throw refuse(status, error, `The platform ${platform} is not known to this instance.`)
    return platform
  }
  const userNamed = (name: string): { id: string; password: string } | null => {
    for (const row of instance.store.after('Users', null)) {
      if (String(row['user_name']).toLowerCase() !== name.toLowerCase() || row['status'] !== 'Active') continue
      const role = roleOf(String(row['id']))
      return role === null ? null : { id: String(row['id']), password: PASSWORDS[role] }
    }
    return null
  }
  const wrongPassword = (): Refusal => needLogin('You must specify a valid username and password.')

  return {
    token(body) {
      const form = members(body)
      const grant = plainText(form['grant_type'])
      if (grant === '') throw refuse(400, 'invalid_request', 'Invalid grant_type parameter or parameter missing')
      checkClient(form)
      if (grant === 'password') {
        const platform = platformOf(form)
        if (settings.externalLogin !== undefined)
          return errorReply(401, 'need_login', 'Sign in elsewhere.', { url: settings.externalLogin, platform })
        const user = userNamed(plainText(form['username']))
        if (user === null || user.password !== plainText(form['password'])) throw wrongPassword()
        return answer(open(user.id, platform))
      }
      if (grant !== 'refresh_token') throw refuse(400, 'unsupported_grant_type', `Unsupported grant type: ${grant}`)
      const platform = platformOf(form)
      const session = live.find((each) => each.refreshToken === plainText(form['refresh_token']))
      if (session === undefined || session.refreshUntil <= instance.now() || session.platform !== platform)
        throw refuse(instance.quirks.refreshRefusal, 'invalid_grant', 'Invalid refresh token')
      renew(session)
      return answer(session)
    },
    logout(accessToken) {
      live = live.filter((each) => each.accessToken !== accessToken)
      return ok({ success: true })
    },
    sudo(adminToken, userName, body) {
      if (this.session(adminToken)?.userId !== USER_IDS.admin) throw refuse(403, 'not_authorized', 'Only an administrator can do this.')
      const form = members(body)
      const platform = platformOf(form)
      const user = userNamed(userName)
      if (user === null) throw missing('No such user')
      return answer(open(user.id, platform))
    },
    session(accessToken) {
      for (const [role, token] of Object.entries(fixed))
        if (token === accessToken) return { userId: USER_IDS[role as Role], platform: 'fixed' }
      const session = live.find((each) => each.accessToken === accessToken)
      return session === undefined || session.accessUntil <= instance.now() ? null : session
    },
    signIn(userId, platform) {
      const { accessToken, refreshToken } = open(userId, platform)
      return { accessToken, refreshToken }
    },
    revoke(accessToken, all) {
      if (all) live = live.filter((each) => each.accessToken !== accessToken)
      for (const session of live) if (session.accessToken === accessToken) session.accessUntil = 0
    },
    revokeAll(userId) {
      live = userId === undefined ? [] : live.filter((each) => each.userId !== userId)
    },
    knows: (platform) => platforms.has(platform),
    register: (platform) => void platforms.add(platform),
    unregister: (platform) => void platforms.delete(platform),
    sessions: () => live.map(({ userId, platform }) => ({ userId, platform })),
  }
}
