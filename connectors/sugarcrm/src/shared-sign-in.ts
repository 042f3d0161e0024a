import { createHash } from 'node:crypto'
import type { Settings } from './settings.ts'
import type { Tokens } from './sign-in.ts'

/** One sign-in, for all sessions of this process that are open under it. */
export interface SharedSignIn {
  tokens: Tokens | null
  signingIn: Promise<Tokens> | null
  /** How many sessions are open. */
  users: number
  /** By what a session that opens now may find it. */
  readonly keys: Set<string>
}

/**
 * Sugar keeps one session for each user and platform: signing in a second time ends the first. What runs beside a sync in one process (an
 * answer from the panel, a check) must therefore go under the same tokens.
 */
const open = new Map<string, SharedSignIn>()

/** What two sessions must have in common; whoever does not know the password finds nothing. No secret can be read out of it. */
const keyOf = ({ url, platform, apiVersion, clientId, clientSecret, password }: Settings, refreshToken: string | null): string =>
  createHash('sha256')
    .update(JSON.stringify([url, platform, apiVersion, clientId, clientSecret, password?.username, password?.password, refreshToken]))
    .digest('hex')

/** The sign-in that is open for these settings, or a new one. Every one that is joined is left once. */
export const joinSignIn = (settings: Settings): SharedSignIn => {
  const key = keyOf(settings, settings.oauth?.refreshToken ?? null)
  const found = open.get(key) ?? { tokens: null, signingIn: null, users: 0, keys: new Set([key]) }
  open.set(key, found)
  found.users += 1
  return found
}

/** A refresh token was replaced: who comes with the new one finds the same sign-in. */
export const movedOn = (shared: SharedSignIn, settings: Settings, refreshToken: string): void => {
  const key = keyOf(settings, refreshToken)
  shared.keys.add(key)
  if (shared.users > 0) open.set(key, shared)
}

/** With the last session the tokens are forgotten, not ended: other processes may work under them. */
export const leaveSignIn = (shared: SharedSignIn): void => {
  shared.users -= 1
  if (shared.users > 0) return
  for (const key of shared.keys) if (open.get(key) === shared) open.delete(key)
}
