import type { LiveRecord } from '@assay/shared'
import type { AccountPart } from './accounts.ts'
import { DAY, officeTime, WEEK } from './calendar.ts'
import { complaintFactor } from './health.ts'
import { recordId } from './ids.ts'
import type { Life } from './life.ts'
import type { Nature } from './nature.ts'
import { CONCERN, stream } from './random.ts'
import type { Settings } from './settings.ts'

const CATEGORIES = ['Delivery', 'Defect', 'Invoice', 'Question', 'Return'] as const
const SUBJECTS: Readonly<Record<(typeof CATEGORIES)[number], readonly string[]>> = {
  Delivery: ['Parcel late', 'Parcel incomplete'],
  Defect: ['Reading drifts', 'Device does not start', 'Broken on arrival'],
  Invoice: ['Wrong price on invoice', 'Invoice missing'],
  Question: ['How to calibrate', 'Which probe fits'],
  Return: ['Return of goods'],
}
export const PRIORITIES = ['LOW', 'MEDIUM', 'HIGH'] as const
const MOST = 200

/** Cases a week at neutral health. */
export const caseRate = (settings: Settings, ordersAYear: number): number => (settings.plain ? 0.006 : 0.016) * (0.6 + ordersAYear / 12)
/** Who left has such cases for so many weeks more. */
export const LAST_CASES_WEEKS = 3
/** How often each priority is chosen, of ten cases, at that health. */
export const urgency = (health: number): readonly number[] => (health < -0.7 ? [2, 4, 4] : [5, 4, 1])

export function casesOf(
  settings: Settings,
  nature: Nature,
  life: Life,
  account: AccountPart,
  contacts: readonly LiveRecord<'contact'>[],
  index: number,
): LiveRecord<'case'>[] {
  if (nature.prospect) return []
  const random = stream(settings.seed, index, CONCERN.cases)
  const opened = account.record.body.createdAt!
  const base = caseRate(settings, nature.segment.ordersAYear)
  const instants: { createdAt: number; health: number }[] = []
  for (let week = life.firstWeek; week < settings.weeks; week++) {
    const from = settings.startsAt + week * WEEK
    if (life.leftAt !== null && from > life.leftAt + LAST_CASES_WEEKS * WEEK) break
    const health = life.health[week]!
    for (let i = random.poisson(base * complaintFactor(health)); i > 0; i--) {
      const createdAt = officeTime(from + random.next() * WEEK, random)
      if (createdAt > opened && createdAt < settings.today) instants.push({ createdAt, health })
    }
  }
  instants.sort((a, b) => a.createdAt - b.createdAt)
  return instants.slice(0, MOST).map(({ createdAt, health }, slot) => {
    const category = random.pick(CATEGORIES)
    const due = officeTime(createdAt + random.exponential((health < -0.7 ? 16 : 7) * DAY) + 1, random)
    const closedAt = due > createdAt && due < settings.today && !random.chance(0.04) ? due : due <= createdAt ? createdAt + 60_000 : null
    const contact = contacts.length > 0 ? contacts[random.below(contacts.length)]! : null
    return {
      kind: 'case',
      id: recordId('case', index, slot),
      version: closedAt ?? createdAt,
      knownAt: createdAt,
      deleted: false,
      body: {
        accountId: account.record.id,
        contactId: contact !== null && contact.knownAt <= createdAt ? contact.id : null,
        subject: random.pick(SUBJECTS[category]),
        category: random.chance(0.1) ? null : category,
        priority: random.chance(0.15) ? null : PRIORITIES[random.weighted(urgency(health))]!,
        status: closedAt === null ? 'open' : 'closed',
        createdAt,
        closedAt,
      },
      attributes: {},
    }
  })
}
