import { idOf } from './ids.ts'
import type { Row } from './values.ts'

/** The users every Sugar has beside those of the world. */
export const ROLES = ['admin', 'integration', 'viewer'] as const
export type Role = (typeof ROLES)[number]

/** The admin of every Sugar has the id `1`. */
export const USER_IDS: Readonly<Record<Role, string>> = {
  admin: '1',
  integration: idOf('Users', 80_000_002),
  viewer: idOf('Users', 80_000_003),
}

export const PASSWORDS: Readonly<Record<Role, string>> = {
  admin: 'Adm1n-of-Acme',
  integration: 'Int3gration-of-Acme',
  viewer: 'Vi3wer-of-Acme',
}

export const roleOf = (userId: string): Role | null => ROLES.find((role) => USER_IDS[role] === userId) ?? null

export const ownUsers = (at: number): Row[] =>
  ROLES.map((role) => ({
    id: USER_IDS[role],
    user_name: role,
    first_name: null,
    last_name: role === 'admin' ? 'Administrator' : role,
    email1: `${role}@acme.example`,
    status: 'Active',
    employee_status: 'Active',
    is_admin: role === 'admin',
    title: null,
    description: null,
    deleted: false,
    date_entered: at,
    date_modified: at,
    created_by: USER_IDS.admin,
    modified_user_id: USER_IDS.admin,
  }))
