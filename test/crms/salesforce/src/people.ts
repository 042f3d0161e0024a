import type { ProfileRights } from './access.ts'
import { idOf } from './ids.ts'
import { OBJECTS, SYSTEM_PERMISSIONS, type ObjectName } from './objects.ts'
import type { Row } from './values.ts'

/** The users every org has beside those of the world, and what their profiles give. */
export type Role = 'admin' | 'integration' | 'viewer'

const id = (object: ObjectName, number: number): string => idOf(OBJECTS[object].prefix, number)

export const ORGANIZATION_ID = id('Organization', 1)
export const USER_IDS: Readonly<Record<Role, string>> = {
  admin: id('User', 80_000_001),
  integration: id('User', 80_000_002),
  viewer: id('User', 80_000_003),
}
const PROFILE_IDS: Readonly<Record<Role, string>> = { admin: id('Profile', 1), integration: id('Profile', 2), viewer: id('Profile', 3) }
export const STANDARD_PROFILE_ID = PROFILE_IDS.viewer
export const PRICEBOOK_ID = id('Pricebook2', 1)

export const USERNAMES: Readonly<Record<Role, string>> = {
  admin: 'admin@acme.example',
  integration: 'integration@acme.example',
  viewer: 'viewer@acme.example',
}
const PROFILE_NAMES: Readonly<Record<Role, string>> = {
  admin: 'System Administrator',
  integration: 'Minimum Access - API Only Integrations',
  viewer: 'Standard User',
}

/** `integrationSees`: everything, as if its permission sets had been made already, or nothing but what permission sets give. */
export function rightsOf(userId: string, integrationSees: 'everything' | 'nothing'): ProfileRights {
  if (userId === USER_IDS.admin) return { everything: true, permissions: SYSTEM_PERMISSIONS }
  if (userId === USER_IDS.integration) return { everything: integrationSees === 'everything', permissions: ['ApiEnabled', 'ViewSetup'] }
  return { everything: true, permissions: [] }
}

export const ROLES: readonly Role[] = ['admin', 'integration', 'viewer']

/** The rows of users, profiles and the permission sets that stand for profiles. */
export function peopleRows(createdAt: number, currency: string): { readonly object: ObjectName; readonly row: Row }[] {
  const stamps = {
    CreatedDate: createdAt,
    CreatedById: USER_IDS.admin,
    LastModifiedDate: createdAt,
    LastModifiedById: USER_IDS.admin,
    SystemModstamp: createdAt,
  }
  return ROLES.flatMap((role, position): { object: ObjectName; row: Row }[] => [
    { object: 'Profile', row: { Id: PROFILE_IDS[role], Name: PROFILE_NAMES[role], UserType: 'Standard', ...stamps } },
    {
      object: 'User',
      row: {
        Id: USER_IDS[role],
        Username: USERNAMES[role],
        Email: USERNAMES[role],
        FirstName: null,
        LastName: role,
        Name: role,
        Alias: role.slice(0, 8),
        IsActive: true,
        ProfileId: PROFILE_IDS[role],
        UserType: 'Standard',
        DefaultCurrencyIsoCode: currency,
        ...stamps,
      },
    },
    {
      object: 'PermissionSet',
      row: {
        Id: id('PermissionSet', position + 1),
        Name: `X00${PROFILE_IDS[role].slice(3, 15)}`,
        Label: PROFILE_IDS[role].slice(0, 15),
        IsOwnedByProfile: true,
        IsCustom: false,
        ProfileId: PROFILE_IDS[role],
        Type: 'Profile',
        ...Object.fromEntries(
          SYSTEM_PERMISSIONS.map((permission) => [
            `Permissions${permission}`,
            rightsOf(USER_IDS[role], 'everything').permissions.includes(permission),
          ]),
        ),
        ...stamps,
      },
    },
    {
      object: 'PermissionSetAssignment',
      row: {
        Id: id('PermissionSetAssignment', position + 1),
        AssigneeId: USER_IDS[role],
        PermissionSetId: id('PermissionSet', position + 1),
        IsActive: true,
        ...stamps,
      },
    },
  ])
}
