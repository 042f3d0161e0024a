import type { Attribute, LiveRecord, Tombstone } from '@assay/shared'
import { DAY, HOUR, officeTime } from './calendar.ts'
import { recordId, userId } from './ids.ts'
import type { Life } from './life.ts'
import { ABROAD, FORMS, INDUSTRIES, PLACES, REASONS, slug, SOURCES, STEMS, TRADES } from './names.ts'
import type { Nature } from './nature.ts'
import { CONCERN, type Random, stream } from './random.ts'
import type { Settings } from './settings.ts'
import { GONE_USERS, USERS } from './users.ts'

/** Who looks after an account from when on; the first entry from the beginning. */
export type Ownership = readonly { readonly from: number; readonly ownerId: string }[]

export interface AccountPart {
  readonly record: LiveRecord<'account'>
  readonly merged: readonly Tombstone<'account'>[]
  readonly owners: Ownership
  readonly domain: string
}

export const ownerAt = (owners: Ownership, instant: number): string => {
  let ownerId = owners[0]!.ownerId
  for (const owner of owners) if (owner.from <= instant) ownerId = owner.ownerId
  return ownerId
}

/** When the CRM first had this account: imported accounts all carry the import day. */
export const accountCreatedAt = (settings: Settings, nature: Nature, index: number): number =>
  nature.startsAt < settings.importedAt ? settings.importedAt + (index % 7200) * 1000 : nature.startsAt - 10 * DAY - (index % 20) * DAY

function ownersOf(settings: Settings, index: number, createdAt: number, random: Random): Ownership {
  const first = index % USERS
  const owners = [{ from: createdAt, ownerId: userId(first) }]
  const leaves = GONE_USERS.has(first) && random.chance(0.8)
  if (leaves || random.chance(0.25)) {
    const from = officeTime(random.between(createdAt + DAY, settings.today - 3 * DAY), random)
    let next = random.below(USERS - 1)
    if (next >= first) next++
    if (from < settings.today && from > createdAt) owners.push({ from, ownerId: userId(GONE_USERS.has(next) ? (next + 1) % USERS : next) })
  }
  return owners
}

export function accountOf(settings: Settings, nature: Nature, life: Life, index: number): AccountPart {
  const random = stream(settings.seed, index, CONCERN.account)
  const createdAt = accountCreatedAt(settings, nature, index)
  const place = nature.foreign ? ABROAD : PLACES[random.weighted(PLACES.map((one) => one.weight))]!
  const name = `${random.pick(STEMS)} ${random.pick(TRADES)} ${random.pick(FORMS[place.country]!)}`
  const domain = `${slug(name)}-${index.toString(36)}.example`
  const owners = ownersOf(settings, index, createdAt, random)
  const [low, high] = nature.segment.employees
  const employees = Math.round(Math.exp(random.between(Math.log(low), Math.log(high))))
  const edited = Math.min(settings.today - HOUR, createdAt + random.exponential(200 * DAY))
  let version = Math.max(createdAt, edited, owners.at(-1)!.from)

  // Typed in by somebody after the customer had left: a leak for whoever reads today's value as if it were always there.
  let cancellation: string | null = null
  if (life.leftAt !== null && random.chance(0.75)) {
    const noticed = life.leftAt + random.between(20, 90) * DAY
    if (noticed < settings.today) {
      cancellation = random.pick(REASONS)
      version = Math.max(version, Math.round(noticed))
    }
  }

  const merges = random.chance(0.015)
  const winner = merges && random.chance(0.5) ? 1 : 0
  const id = recordId('account', index, winner)
  const merged: Tombstone<'account'>[] = []
  if (merges) {
    const mergedAt = officeTime(random.between(createdAt + 5 * DAY, Math.max(createdAt + 6 * DAY, settings.today - 4 * DAY)), random)
    if (mergedAt < settings.today) {
      merged.push({
        kind: 'account',
        id: recordId('account', index, 1 - winner),
        version: mergedAt,
        knownAt: mergedAt,
        deleted: true,
        mergedInto: id,
      })
      version = Math.max(version, mergedAt)
    }
  }
  const attributes: Record<string, Attribute> = {
    region: place.region,
    lead_source: random.chance(0.2) ? null : random.pick(SOURCES),
    sites: random.chance(0.3) ? null : 1 + random.poisson(0.6),
    cancellation_reason: cancellation,
  }
  const firstOrder = life.orders[0]
  return {
    owners,
    domain,
    merged,
    record: {
      kind: 'account',
      id,
      version: Math.floor(version),
      knownAt: createdAt,
      deleted: false,
      body: {
        name,
        domain: random.chance(0.04) ? null : domain,
        industry: random.chance(0.15) ? null : random.pick(INDUSTRIES),
        type: firstOrder === undefined || firstOrder > settings.today ? 'PROSPECT' : 'CUSTOMER',
        country: place.country,
        city: random.chance(0.05) ? null : random.pick(place.cities),
        employees: random.chance(0.22) ? null : employees,
        annualRevenue: random.chance(0.4) ? null : employees * Math.round(random.between(90, 260)) * 1000,
        ownerId: random.chance(0.02) ? null : owners.at(-1)!.ownerId,
        parentId: null,
        createdAt,
      },
      attributes,
    },
  }
}
