import { isUser, md5, PASSWORDS, type UserName } from './people.ts'
import { fault, ok, type Reply } from './reply.ts'
import { plainText } from './values.ts'

export interface ClientEntry {
  readonly id: string
  readonly secret: string
  /** One entry allows one grant. */
  readonly grant: 'password' | 'client_credentials'
  /** Whose rights a sign-in without a user has. */
  readonly assignedTo: UserName
}

/** Who is signed in, on which road. */
export interface Sessions {
  token(form: Readonly<Record<string, unknown>>): Reply
  /** Null: unknown, expired or revoked. */
  tokenUser(token: string): UserName | null
  login(auth: unknown): Reply
  sessionUser(id: string): UserName | null
  /** The web's own; null where name or password are wrong. */
  webLogin(name: string, password: string): string | null
  /** Whether the user has told the browser a time zone, which everybody is asked for at first. */
  hasTimeZone(user: UserName): boolean
  setTimeZone(user: UserName): void
  /** Tokens and sessions end; new ones are given. */
  end(): void
  /** Nobody is let in any more. */
  lock(): void
}

const TOKEN_MS = 3_600_000
const SESSION_MS = 24 * 60_000

export function createSessions(client: ClientEntry, now: () => number): Sessions {
  const tokens = new Map<string, { user: UserName; until: number }>()
  const sessions = new Map<string, { user: UserName; until: number }>()
  const zoned = new Set<UserName>()
  let serial = 0
  let isLocked = false
  const next = (prefix: string): string => {
    serial += 1
    return `${prefix}${md5(`${prefix}${serial}`)}`
  }
  const openSession = (user: UserName): string => {
    const id = next('5e55')
    sessions.set(id, { user, until: now() + SESSION_MS })
    return id
  }
  const refused = (): Reply => ({
    status: 401,
    body: { error: 'invalid_client', error_description: 'Client authentication failed', message: 'Client authentication failed' },
  })
  return {
    token(form) {
      if (form['client_id'] !== client.id || form['client_secret'] !== client.secret || form['grant_type'] !== client.grant || isLocked)
        return refused()
      let user = client.assignedTo
      if (client.grant === 'password') {
        const name = plainText(form['username'])
        const password = plainText(form['password'])
        if (!isUser(name) || PASSWORDS[name] !== password) {
          // As the real one does: 500, and the password stands in the message.
          const said = `The password is invalid: ${password}`
          return { status: 500, body: { error: 'unknown_error', error_description: said, message: said } }
        }
        user = name
      }
      const access = next('eyJ0')
      tokens.set(access, { user, until: now() + TOKEN_MS })
      return ok({
        token_type: 'Bearer',
        expires_in: TOKEN_MS / 1000,
        access_token: access,
        ...(client.grant === 'password' ? { refresh_token: next('def5') } : {}),
      })
    },
    tokenUser(token) {
      const found = tokens.get(token)
      return found === undefined || found.until <= now() ? null : found.user
    },
    login(auth) {
      const { user_name: name, password } = (typeof auth === 'object' && auth !== null ? auth : {}) as Record<string, unknown>
      if (isLocked || typeof name !== 'string' || !isUser(name) || md5(PASSWORDS[name]) !== password)
        return fault('Invalid Login', 10, 'Login attempt failed please check the username and password')
      return ok({ id: openSession(name), module_name: 'Users', name_value_list: {} })
    },
    sessionUser(id) {
      const found = sessions.get(id)
      if (found === undefined || found.until <= now()) return null
      found.until = now() + SESSION_MS
      return found.user
    },
    webLogin: (name, password) => (!isLocked && isUser(name) && PASSWORDS[name] === password ? openSession(name) : null),
    hasTimeZone: (user) => zoned.has(user),
    setTimeZone: (user) => void zoned.add(user),
    end() {
      tokens.clear()
      sessions.clear()
    },
    lock() {
      tokens.clear()
      sessions.clear()
      isLocked = true
    },
  }
}
