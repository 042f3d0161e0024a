import type { LiveRecord, Tombstone } from '@assay/shared'
import { modifiedIndex, tablesOf, type Modified } from '@assay/stand-in'
import type { Bundle, BundleKind, World } from '@assay/worlds'
import { fieldHistoryRows, stageHistoryRows } from './deal-history.ts'
import { numberOf, objectOfId, worldIdOf } from './ids.ts'
import type { ObjectName } from './objects.ts'
import { surveyed, type Survey } from './survey.ts'
import type { Source } from './source.ts'
import * as to from './to-salesforce.ts'
import type { OrgFacts } from './to-salesforce.ts'
import type { Row } from './values.ts'

/** The objects that come out of a bundle, with the kind whose ids tell the bundle. */
const KINDS: Partial<Record<ObjectName, BundleKind>> = {
  Account: 'account',
  Contact: 'contact',
  Opportunity: 'deal',
  OpportunityHistory: 'deal',
  OpportunityFieldHistory: 'deal',
  OpportunityLineItem: 'lineItem',
  Task: 'activity',
  Event: 'activity',
  Case: 'case',
}
const HISTORY_ROWS_PER_DEAL = 1024

/** A generated world as an org, bundle by bundle: a page costs the bundles it touches, and the last ones are kept. */
export function worldSource(world: World, facts: OrgFacts, profileId: string): Source {
  let survey: Survey | null = null
  let index: ReadonlyMap<ObjectName, Modified> | null = null

  const names = new Map(world.users.map((user) => [user.id, user.body.name ?? '']))
  const nameOf = (userId: string): string => names.get(userId) ?? ''
  const flat: Partial<Record<ObjectName, readonly Row[]>> = {
    User: world.users.map((user) => to.userRow(user, facts, profileId)),
    Product2: world.products.map((product) => to.productRow(product, facts)),
    PricebookEntry: world.products.flatMap((product) => to.priceRows(product, facts)).sort((left, right) => compare(left, right)),
  }

  const tables = tablesOf<ObjectName, Row>(world, {
    flat,
    kinds: KINDS,
    tableOf: objectOfId,
    worldIdOf(id, object) {
      const isHistory = object === 'OpportunityHistory' || object === 'OpportunityFieldHistory'
      return isHistory ? String(Math.floor(numberOf(id) / HISTORY_ROWS_PER_DEAL)) : worldIdOf(id)
    },
    rowsOf: (bundle, object) => rowsOf(bundle, object, facts, nameOf),
    idOf: (row) => String(row['Id']),
    isDeleted: (row) => row['IsDeleted'] === true,
  })
  const surveyOf = (): Survey => (survey ??= surveyed(world))

  return {
    today: world.today,
    currency: world.currency,
    rates: world.rates,
    get: tables.get,
    after: tables.after,
    below: tables.below,
    count: tables.count,
    modified(object, from, until) {
      const rows = flat[object]
      if (rows !== undefined) return rows.filter((row) => inWindow(row, from, until)).map((row) => String(row['Id']))
      if (KINDS[object] === undefined) return []
      index ??= modifiedIndex(stamped(tables.bundled()))
      const modified = index.get(object)
      return modified === undefined ? [] : modified.ids.slice(modified.from(from), modified.from(until))
    },
    customFields: () => surveyOf().fields,
    picked: () => surveyOf().picked,
    stages: () => surveyOf().stages,
  }
}

function* stamped(rows: Iterable<readonly [ObjectName, Row]>): Generator<{ table: ObjectName; id: string; at: number }> {
  for (const [table, row] of rows) yield { table, id: String(row['Id']), at: Number(row['SystemModstamp'] ?? row['CreatedDate']) }
}

const compare = (left: Row, right: Row): number => (String(left['Id']) < String(right['Id']) ? -1 : 1)

const inWindow = (row: Row, from: number, until: number): boolean => {
  const at = Number(row['SystemModstamp'])
  return at >= from && at < until
}

/** Ascending by id, deleted ones too. */
function rowsOf(bundle: Bundle, object: ObjectName, facts: OrgFacts, nameOf: (userId: string) => string): Row[] {
  const live = liveRows(bundle, object, facts, nameOf)
  const gone = tombstones(bundle, object).map((each) => to.tombstoneRow(object, each, facts))
  return gone.length === 0 ? live : [...live, ...gone].sort(compare)
}

function liveRows(bundle: Bundle, object: ObjectName, facts: OrgFacts, nameOf: (userId: string) => string): Row[] {
  switch (object) {
    case 'Account':
      return [to.accountRow(bundle.account, personOf(bundle, facts), facts)]
    case 'Contact':
      return bundle.contacts.map((contact) => to.contactRow(contact, personOf(bundle, facts) === contact, facts))
    case 'Opportunity': {
      const withLines = new Set(bundle.lineItems.map((line) => line.body.dealId))
      const inStageSince = new Map<string, number>()
      for (const { body } of bundle.dealHistory) if (body.field === 'stage') inStageSince.set(body.dealId, body.changedAt)
      return bundle.deals.map((deal) => to.opportunityRow(deal, withLines.has(deal.id), inStageSince.get(deal.id) ?? null, facts))
    }
    case 'OpportunityHistory':
      return withChanges(bundle, (deal, changes) => stageHistoryRows(deal, changes, facts))
    case 'OpportunityFieldHistory':
      return withChanges(bundle, (deal, changes) => fieldHistoryRows(deal, changes, facts, nameOf))
    case 'OpportunityLineItem': {
      const dealNames = new Map(bundle.deals.map((deal) => [deal.id, deal.body.name]))
      const position = new Map<string, number>()
      return bundle.lineItems.map((line) => {
        const dealId = line.body.dealId ?? ''
        position.set(dealId, (position.get(dealId) ?? 0) + 1)
        return to.lineItemRow(line, dealNames.get(dealId) ?? null, position.get(dealId) ?? 1, facts)
      })
    }
    case 'Task':
    case 'Event': {
      const rowOf = object === 'Task' ? to.taskRow : to.eventRow
      return bundle.activities.filter((each) => to.activityObject(each.body.type) === object).map((each) => rowOf(each, facts))
    }
    case 'Case':
      return bundle.cases.map((each) => to.caseRow(each, facts))
    default:
      return []
  }
}

/** Where person accounts are switched on, an account with exactly one contact is that person. */
function personOf(bundle: Bundle, facts: OrgFacts): LiveRecord<'contact'> | null {
  return facts.personAccounts && bundle.contacts.length === 1 ? (bundle.contacts[0] ?? null) : null
}

function withChanges(bundle: Bundle, rowsFor: (deal: LiveRecord<'deal'>, changes: readonly LiveRecord<'dealHistory'>[]) => Row[]): Row[] {
  const changes = new Map<string, LiveRecord<'dealHistory'>[]>()
  for (const change of bundle.dealHistory) {
    const list = changes.get(change.body.dealId)
    if (list === undefined) changes.set(change.body.dealId, [change])
    else list.push(change)
  }
  return bundle.deals.flatMap((deal) => rowsFor(deal, changes.get(deal.id) ?? []))
}

/** A tombstone does not say what kind of activity it was: deleted ones are tasks. */
function tombstones(bundle: Bundle, object: ObjectName): readonly Tombstone[] {
  if (object === 'Account') return bundle.merged
  const kind = object === 'Contact' ? 'contact' : object === 'Opportunity' ? 'deal' : object === 'Task' ? 'activity' : null
  return kind === null ? [] : bundle.deleted.filter((each) => each.kind === kind)
}
