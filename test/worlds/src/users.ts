import type { LiveRecord } from '@assay/shared'
import { DAY } from './calendar.ts'
import { userId } from './ids.ts'
import { FIRST_NAMES, LAST_NAMES, slug } from './names.ts'
import { CONCERN, stream } from './random.ts'

export const USERS = 14
/** Left the company; some accounts still name them as owner. */
export const GONE_USERS: ReadonlySet<number> = new Set([4, 9])

export function userRecords(seed: number, startsAt: number): LiveRecord<'user'>[] {
  const random = stream(seed, 0, CONCERN.users)
  return Array.from({ length: USERS }, (_, position) => {
    const name = `${FIRST_NAMES[(position * 5 + random.below(5)) % FIRST_NAMES.length]!} ${random.pick(LAST_NAMES)}`
    const createdAt = startsAt - 20 * DAY + position * 3_600_000
    return {
      kind: 'user',
      id: userId(position),
      version: createdAt,
      knownAt: createdAt,
      deleted: false,
      body: { name, email: `${slug(name)}-${position}@vendor.example`, isActive: !GONE_USERS.has(position), createdAt },
      attributes: {},
    }
  })
}
