import { createHash } from 'node:crypto'
import { MODULE_NAMES } from './modules.ts'
import { OURS } from './ids.ts'

/** The users every SuiteCRM of ours has beside those of the world. */
export const USERS = ['admin', 'integration'] as const
export type UserName = (typeof USERS)[number]

export const USER_IDS: Readonly<Record<UserName, string>> = {
  admin: '1',
  integration: `${OURS}${MODULE_NAMES.indexOf('Users').toString(16).padStart(2, '0')}-0000-4000-8000-ffffffffff01`,
}
export const PASSWORDS: Readonly<Record<UserName, string>> = { admin: 'Adm1n-of-Acme', integration: 'Int3gration-of-Acme' }

export const isUser = (name: string): name is UserName => (USERS as readonly string[]).includes(name)
export const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
