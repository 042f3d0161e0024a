import type { LiveRecord } from '@assay/shared'
import { type AccountPart, ownerAt } from './accounts.ts'
import { DAY, officeTime, WEEK } from './calendar.ts'
import { engagementFactor } from './health.ts'
import { recordId } from './ids.ts'
import type { Life } from './life.ts'
import type { Nature } from './nature.ts'
import { CONCERN, type Random, stream } from './random.ts'
import type { Settings } from './settings.ts'

type Body = LiveRecord<'activity'>['body']
const TYPES = ['email', 'call', 'meeting', 'note', 'task'] as const
const TYPE_WEIGHTS = [50, 25, 8, 10, 7]
const MOST = 1900

/** Activities a week at neutral health. */
export const activityRate = (settings: Settings, nature: Pick<Nature, 'diligence' | 'prospect'>): number =>
  (settings.plain ? 0.05 : 0.32) * nature.diligence * (nature.prospect ? 0.35 : 1)
/** Written down at once; the others with that mean delay. */
export const PROMPT = 0.78
const DELAY = 11 * DAY
/** From an activity until it is written down late, on average. */
export const LATE = DAY + DELAY
/** What is left of the activities with a customer that is gone. */
export const GONE_ACTIVITIES = 0.12
/** Share of e-mails and calls that comes from the customer: gone, or at that engagement. */
export const GONE_INBOUND = 0.08
export const inboundShare = (engagement: number): number => 0.4 * Math.min(1.8, engagement)

/** Logged within minutes, or days to weeks later by who writes up the month on its last Friday. */
function loggedAt(happenedAt: number, random: Random): number {
  if (random.chance(PROMPT)) return happenedAt + 60_000 + random.below(20 * 60_000)
  return officeTime(happenedAt + DAY + random.exponential(DELAY), random)
}

export function activitiesOf(
  settings: Settings,
  nature: Nature,
  life: Life,
  account: AccountPart,
  contacts: readonly LiveRecord<'contact'>[],
  deals: readonly LiveRecord<'deal'>[],
  index: number,
): LiveRecord<'activity'>[] {
  const random = stream(settings.seed, index, CONCERN.activities)
  const found: { happenedAt: number; createdAt: number }[] = []
  const opened = account.record.body.createdAt!
  const base = activityRate(settings, nature)
  for (let week = life.firstWeek; week < settings.weeks; week++) {
    const from = settings.startsAt + week * WEEK
    const gone = life.leftAt !== null && from > life.leftAt
    const count = random.poisson(gone ? base * GONE_ACTIVITIES : base * engagementFactor(life.health[week]!))
    for (let i = 0; i < count; i++) {
      const happenedAt = officeTime(from + random.next() * WEEK, random)
      const createdAt = Math.max(loggedAt(happenedAt, random), opened + 90_000 + found.length)
      if (createdAt >= settings.today) continue
      const lost = [happenedAt, createdAt].some((instant) => instant >= settings.dead.from && instant < settings.dead.until)
      if (!lost) found.push({ happenedAt, createdAt })
    }
  }
  found.sort((a, b) => a.createdAt - b.createdAt)
  return found.slice(0, MOST).map(({ happenedAt, createdAt }, slot) => {
    const week = Math.min(settings.weeks - 1, Math.max(0, Math.floor((happenedAt - settings.startsAt) / WEEK)))
    const gone = life.leftAt !== null && happenedAt > life.leftAt
    const inbound = gone ? GONE_INBOUND : inboundShare(engagementFactor(life.health[week]!))
    const edited = createdAt + random.exponential(3 * DAY)
    return {
      kind: 'activity',
      id: recordId('activity', index, slot),
      version: random.chance(0.1) && edited < settings.today ? Math.floor(edited) : createdAt,
      knownAt: createdAt,
      deleted: false,
      body: activityBody(account, contacts, deals, happenedAt, createdAt, inbound, random),
      attributes: {},
    }
  })
}

function activityBody(
  account: AccountPart,
  contacts: readonly LiveRecord<'contact'>[],
  deals: readonly LiveRecord<'deal'>[],
  happenedAt: number,
  createdAt: number,
  inbound: number,
  random: Random,
): Body {
  const type = TYPES[random.weighted(TYPE_WEIGHTS)]!
  const contact = contacts.length === 0 || random.chance(0.15) ? null : contacts[random.below(contacts.length)]!
  const deal = deals.find((one) => one.body.createdAt! <= happenedAt && (one.body.isClosed === false || one.body.closedAt! > happenedAt))
  const twoWay = type === 'email' || type === 'call'
  return {
    type,
    direction: twoWay ? (random.chance(inbound) ? 'inbound' : 'outbound') : null,
    accountId: account.record.id,
    contactId: contact !== null && contact.knownAt <= createdAt ? contact.id : null,
    dealId: deal !== undefined && random.chance(0.6) ? deal.id : null,
    ownerId: ownerAt(account.owners, happenedAt),
    happenedAt,
    createdAt,
    durationSeconds: type === 'call' ? 30 + Math.round(random.exponential(300)) : type === 'meeting' ? 1800 * (1 + random.below(4)) : null,
    outcome:
      type === 'call'
        ? random.chance(0.7)
          ? 'COMPLETED'
          : 'NO_ANSWER'
        : type === 'meeting'
          ? random.chance(0.9)
            ? 'COMPLETED'
            : 'CANCELED'
          : null,
  }
}
