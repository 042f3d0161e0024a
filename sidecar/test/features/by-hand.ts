import type { CrmRecord, Kind, LiveRecord } from '@assay/shared'

const DAY = 86_400_000

/** What a deal was on that day, worked out in plain loops. */
interface DealThen {
  readonly id: string
  readonly customer: string | null
  readonly closed: boolean
  readonly won: boolean
  readonly closedAt: number | null
  readonly createdAt: number | null
  readonly amount: number | null
  readonly value: number | null
}
export type Features = Readonly<Record<string, number>>

/** The newest version of every record of a kind that was known then, without what was deleted. */
function known<K extends Kind>(records: readonly CrmRecord[], kind: K, asOf: number): LiveRecord<K>[] {
  const newest = new Map<string, CrmRecord>()
  for (const record of records) {
    if (record.kind !== kind || record.knownAt > asOf) continue
    const other = newest.get(record.id)
    if (!other || other.version <= record.version) newest.set(record.id, record)
  }
  return [...newest.values()].filter((record) => !record.deleted) as unknown as LiveRecord<K>[]
}

function winnerOf(records: readonly CrmRecord[], asOf: number): (id: string | null) => string | null {
  const into = new Map<string, string>()
  for (const record of records) {
    if (record.deleted && record.kind === 'account' && record.mergedInto !== null && record.knownAt <= asOf)
      into.set(record.id, record.mergedInto)
  }
  return (id) => {
    let at = id
    while (at !== null && into.has(at)) at = into.get(at)!
    return at
  }
}

function dealsThen(records: readonly CrmRecord[], unit: 'account' | 'contact', asOf: number): DealThen[] {
  const winner = winnerOf(records, asOf)
  const changes = known(records, 'dealHistory', asOf)
    .filter((one) => one.body.changedAt <= asOf)
    .sort((a, b) => a.body.changedAt - b.body.changedAt)
  const changesOf = Map.groupBy(changes, (one) => one.body.dealId)
  const linesOf = Map.groupBy(known(records, 'lineItem', asOf), (one) => one.body.dealId)
  return known(records, 'deal', asOf).map(({ id, body }) => {
    const last = (field: string): LiveRecord<'dealHistory'> | undefined =>
      (changesOf.get(id) ?? []).findLast((one) => one.body.field === field)
    const stage = last('stage')
    const closeDate = last('closedAt') ? Date.parse(last('closedAt')!.body.value!) : body.closedAt
    const closed = stage ? stage.body.isClosed === true : body.isClosed === true && (body.closedAt ?? Infinity) <= asOf
    const won = closed && (stage ? stage.body.isWon === true : body.isWon === true)
    const closedAt = !closed ? null : closeDate !== null && closeDate <= asOf ? closeDate : (stage?.body.changedAt ?? null)
    const amount = last('amount') ? Number(last('amount')!.body.value) : body.amount
    const home =
      body.homeAmount === null || amount === null
        ? null
        : amount === body.amount
          ? body.homeAmount
          : (body.homeAmount * amount) / body.amount!
    const lines = (linesOf.get(id) ?? []).map((line) => line.body.amount ?? line.body.quantity! * line.body.unitPrice!)
    const lineValue = lines.length > 0 ? lines.reduce((a, b) => a + b, 0) : null
    return {
      id,
      customer: unit === 'account' ? winner(body.accountId) : body.contactId,
      closed,
      won,
      closedAt,
      createdAt: body.createdAt,
      amount,
      value: home ?? amount ?? lineValue,
    }
  })
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const midnight = (at: number): number => Math.floor(at / DAY)

/** Every feature of every customer with an order or a subscription that began, from the records, one by one. NaN is unknown. */
export function featuresByHand(records: readonly CrmRecord[], unit: 'account' | 'contact', asOf: number): ReadonlyMap<string, Features> {
  const winner = winnerOf(records, asOf)
  const within = (at: number | null, days: number): boolean => at !== null && at > asOf - days * DAY && at <= asOf
  const deals = dealsThen(records, unit, asOf)
  const isOrder = (deal: DealThen): boolean =>
    deal.won && deal.closedAt !== null && (deal.value === null || deal.value > 0 || deal.amount === 0)
  const buyers = deals.filter(isOrder).map((deal) => deal.customer)
  const customerOf = (body: { accountId: string | null; contactId?: string | null }): string | null =>
    unit === 'account' ? winner(body.accountId) : (body.contactId ?? null)
  const by = <K extends Kind>(kind: K, of: (body: LiveRecord<K>['body']) => string | null): Map<string | null, LiveRecord<K>[]> =>
    Map.groupBy(known(records, kind, asOf), (record) => of(record.body))
  const activities = by('activity', customerOf)
  const cases = by('case', customerOf)
  const subscriptions = by('subscription', customerOf)
  const bound = Array.from(subscriptions, ([customer, all]) => (all.some((one) => (one.body.startedAt ?? 0) <= asOf) ? customer : null))
  const customers = new Set([...buyers, ...bound].filter((customer) => customer !== null))
  const contacts = by('contact', (body) => winner(body.accountId))
  const dealsOf = Map.groupBy(deals, (deal) => deal.customer)
  const linesOf = Map.groupBy(known(records, 'lineItem', asOf), (line) => line.body.dealId)
  const owners = Map.groupBy(
    known(records, 'dealHistory', asOf).filter((one) => one.body.field === 'ownerId' && one.body.changedAt <= asOf),
    (one) => one.body.dealId,
  )
  const features = new Map<string, Features>()
  for (const customer of customers) {
    const mine = dealsOf.get(customer) ?? []
    const orders = mine.filter(isOrder)
    const returned = mine.filter((deal) => deal.won && deal.closedAt !== null && deal.value !== null && deal.value < 0)
    const valued = orders.filter((deal) => deal.value !== null)
    const at = orders.map((deal) => deal.closedAt!)
    const days = [...new Set(at.map(midnight))].sort((a, b) => a - b)
    const gaps = days.slice(1).map((day, i) => day - days[i]!)
    const never = orders.length === 0
    const recency = never ? Number.NaN : Math.floor((asOf - Math.max(...at)) / DAY)
    const money = (wide: number): number =>
      valued.length === 0 ? Number.NaN : sum(valued.filter((deal) => within(deal.closedAt, wide)).map((deal) => deal.value!))
    const count = (wide: number): number => orders.filter((deal) => within(deal.closedAt, wide)).length
    const total = valued.length === 0 ? Number.NaN : sum(valued.map((deal) => deal.value!))
    const open = mine.filter((deal) => !deal.closed)
    const openValued = open.filter((deal) => deal.value !== null)
    const lines = orders
      .concat(returned)
      .flatMap((deal) => linesOf.get(deal.id) ?? [])
      .filter((line) => line.body.quantity === null || line.body.quantity > 0)
    const acts = (activities.get(customer) ?? []).filter((one) => one.body.happenedAt !== null && one.body.happenedAt <= asOf)
    const acted = (wide: number, keep: (one: LiveRecord<'activity'>) => boolean = () => true): number =>
      acts.filter((one) => keep(one) && within(one.body.happenedAt, wide)).length
    const complaints = cases.get(customer) ?? []
    const solved = complaints.filter((one) => one.body.closedAt !== null && one.body.closedAt <= asOf)
    const opened = (wide: number): number => complaints.filter((one) => within(one.body.createdAt, wide)).length
    const active = (subscriptions.get(customer) ?? []).filter(
      (one) => (one.body.startedAt ?? 0) <= asOf && (one.body.endedAt === null || one.body.endedAt > asOf),
    )
    const paid = active.filter((one) => one.body.monthlyAmount !== null)
    const ages = active.flatMap((one) => (one.body.startedAt === null ? [] : [midnight(asOf) - midnight(one.body.startedAt)]))
    const renewals = active
      .filter((one) => one.body.renewsAt !== null)
      .map((one) => midnight(one.body.renewsAt!) - midnight(asOf))
      .filter((left) => left >= 0)
    const ownerChanges = mine.flatMap((deal) =>
      (owners.get(deal.id) ?? [])
        .sort((a, b) => a.body.changedAt - b.body.changedAt)
        .slice(1)
        .filter((one) => within(one.body.changedAt, 365)),
    )
    const newest = (instants: readonly (number | null)[]): number => {
      const past = instants.filter((one) => one !== null && one <= asOf)
      return past.length === 0 ? Number.NaN : Math.floor((asOf - Math.max(...past.map(Number))) / DAY)
    }
    const undated = mine.length > 0 && mine.every((deal) => deal.createdAt === null || deal.createdAt > asOf)
    const inbound = acts.filter((one) => one.body.direction === 'inbound')
    const last = {
      order: recency,
      inbound: newest(inbound.map((one) => one.body.happenedAt)),
      case: newest(complaints.map((one) => one.body.createdAt)),
      deal: newest(mine.map((deal) => deal.createdAt)),
    }
    const signs = Object.values(last).filter((age) => !Number.isNaN(age))
    features.set(customer, {
      days_since_last_order: recency,
      tenure_days: midnight(asOf) - (days[0] ?? Number.NaN),
      span_days: (days.at(-1) ?? Number.NaN) - (days[0] ?? Number.NaN),
      orders: orders.length,
      order_days: days.length,
      money: total,
      mean_order_value: valued.length === 0 ? Number.NaN : total / valued.length,
      orders_30d: count(30),
      orders_60d: count(60),
      orders_90d: count(90),
      orders_180d: count(180),
      orders_365d: count(365),
      money_30d: money(30),
      money_90d: money(90),
      money_180d: money(180),
      money_365d: money(365),
      mean_gap_days: gaps.length === 0 ? Number.NaN : mean(gaps),
      gap_variation:
        gaps.length < 2 ? Number.NaN : Math.sqrt(Math.max(0, mean(gaps.map((gap) => gap * gap)) - mean(gaps) ** 2)) / mean(gaps),
      recency_over_gap: gaps.length === 0 ? Number.NaN : recency / Math.max(1, mean(gaps)),
      orders_trend: never ? Number.NaN : Math.log((count(90) + 1) / (count(180) - count(90) + 1)),
      returns: never ? 0 : returned.length,
      return_share: Number.isNaN(total) || total === 0 ? Number.NaN : -sum(returned.map((deal) => deal.value!)) / total,
      products: lines.length === 0 ? Number.NaN : new Set(lines.map((line) => line.body.productId ?? line.body.sku ?? line.body.name)).size,
      lines_per_order: lines.length === 0 ? Number.NaN : lines.length / new Set(lines.map((line) => line.body.dealId)).size,
      open_deals: open.length,
      open_deal_money: open.length > 0 && openValued.length === 0 ? Number.NaN : sum(openValued.map((deal) => deal.value!)),
      lost_deals_365d: mine.filter((deal) => deal.closed && !deal.won && within(deal.closedAt, 365)).length,
      fresh_open_deals: undated ? Number.NaN : open.filter((deal) => within(deal.createdAt, 60)).length,
      deals_opened_90d: undated ? Number.NaN : mine.filter((deal) => within(deal.createdAt, 90)).length,
      days_since_last_deal: last.deal,
      owner_changes_365d: ownerChanges.length,
      activities_30d: acted(30),
      activities_90d: acted(90),
      activities_180d: acted(180),
      inbound_90d: acted(90, (one) => one.body.direction === 'inbound'),
      meetings_180d: acted(180, (one) => one.body.type === 'meeting'),
      days_since_last_activity:
        acts.length === 0 ? Number.NaN : Math.floor((asOf - Math.max(...acts.map((one) => one.body.happenedAt!))) / DAY),
      days_since_last_inbound: last.inbound,
      activities_trend: acts.length === 0 ? Number.NaN : Math.log((acted(90) + 1) / (((acted(455) - acted(90)) * 90) / 365 + 1)),
      cases_open: complaints.length - solved.length,
      cases_90d: opened(90),
      cases_365d: opened(365),
      case_days_to_close:
        solved.length === 0 ? Number.NaN : mean(solved.map((one) => midnight(one.body.closedAt!) - midnight(one.body.createdAt!))),
      days_since_last_case: last.case,
      days_since_sign_of_life: signs.length === 0 ? Number.NaN : Math.min(...signs),
      contacts: (contacts.get(customer) ?? []).length,
      subscriptions_active: active.length,
      monthly_amount: active.length > 0 && paid.length === 0 ? Number.NaN : sum(paid.map((one) => one.body.monthlyAmount!)),
      contract_age_days: ages.length === 0 ? Number.NaN : Math.max(...ages),
      days_to_anniversary: ages.length === 0 ? Number.NaN : Math.min(...ages.map((age) => 365 - (age % 365))),
      days_to_renewal: renewals.length === 0 ? Number.NaN : Math.min(...renewals),
    })
  }
  return features
}

/** Who ordered in (asOf, asOf + horizon], told by everything known at `knownAt`. */
export function orderedByHand(
  records: readonly CrmRecord[],
  unit: 'account' | 'contact',
  asOf: number,
  horizonDays: number,
  knownAt: number,
): ReadonlySet<string> {
  return new Set(
    dealsThen(records, unit, knownAt).flatMap((deal) =>
      deal.won &&
      deal.customer !== null &&
      deal.closedAt !== null &&
      deal.closedAt > asOf &&
      deal.closedAt <= asOf + horizonDays * DAY &&
      (deal.value === null || deal.value > 0 || deal.amount === 0)
        ? [deal.customer]
        : [],
    ),
  )
}
