import type { LiveRecord } from '@assay/shared'
import { type AccountPart, ownerAt } from './accounts.ts'
import { DAY, HOUR, officeTime } from './calendar.ts'
import { recordId } from './ids.ts'
import { FIRST_NAMES, LAST_NAMES, slug, TITLES } from './names.ts'
import { CONCERN, stream } from './random.ts'
import type { Settings } from './settings.ts'

export function contactsOf(settings: Settings, account: AccountPart, index: number): LiveRecord<'contact'>[] {
  const random = stream(settings.seed, index, CONCERN.contacts)
  const { body } = account.record
  const count = Math.min(6, 1 + random.poisson(settings.plain ? 0.8 : 1.6))
  const opened = body.createdAt!
  const contacts: LiveRecord<'contact'>[] = []
  let createdAt = opened + 60_000 + random.below(HOUR)
  for (let slot = 0; slot < count; slot++) {
    // The first person comes with the account, the others turn up over the years.
    if (slot > 0) createdAt = officeTime(createdAt + DAY + random.exponential(150 * DAY), random)
    if (createdAt >= settings.today) break
    const first = random.pick(FIRST_NAMES)
    const last = random.pick(LAST_NAMES)
    const edited = createdAt + random.exponential(120 * DAY)
    contacts.push({
      kind: 'contact',
      id: recordId('contact', index, slot),
      version: Math.floor(edited < settings.today ? edited : createdAt),
      knownAt: createdAt,
      deleted: false,
      body: {
        accountId: account.record.id,
        name: `${first} ${last}`,
        email: random.chance(0.07) ? null : `${slug(first)}.${slug(last)}.${slot}@${account.domain}`,
        title: random.chance(0.2) ? null : random.pick(TITLES),
        country: body.country,
        ownerId: ownerAt(account.owners, createdAt),
        createdAt,
      },
      attributes: {},
    })
  }
  return contacts
}
