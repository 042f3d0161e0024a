import type { LiveRecord, Tombstone } from '@assay/shared'
import type { Bundle, BundleKind, World } from '@assay/worlds'
import { fieldHistoryRows, stageHistoryRows } from './deal-history.ts'
import { numberOf, objectOfId, worldIdOf } from './ids.ts'
import { modifiedIndex, type ModifiedIndex } from './modified-index.ts'
import type { ObjectName } from './objects.ts'
import { surveyed, type Survey } from './survey.ts'
import type { Source } from './source.ts'
import * as to from './to-salesforce.ts'
import type { OrgFacts } from './to-salesforce.ts'
import type { Row } from './values.ts'

/** A small world is made once: every object is a pass of its own over all bundles. A large one is made again and again instead. */
const KEPT_BUNDLES = 2_000

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
const BUNDLED = Object.keys(KINDS) as ObjectName[]
const HISTORY_ROWS_PER_DEAL = 1024
const COUNTED_BUNDLES = 1_000

/** A generated world as an org, bundle by bundle: a page costs the bundles it touches, and the last ones are kept. */
export function worldSource(world: World, facts: OrgFacts, profileId: string): Source {
  const kept = new Map<number, Bundle>()
  let survey: Survey | null = null
  let index: ModifiedIndex | null = null

  const bundleAt = (position: number): Bundle => {
    const known = kept.get(position)
    if (known !== undefined) return known
    const made = world.bundle(position)
    kept.set(position, made)
    if (kept.size > KEPT_BUNDLES) for (const oldest of kept.keys()) return (kept.delete(oldest), made)
    return made
  }

  const names = new Map(world.users.map((user) => [user.id, user.body.name ?? '']))
  const nameOf = (userId: string): string => names.get(userId) ?? ''
  const flat: Partial<Record<ObjectName, readonly Row[]>> = {
    User: world.users.map((user) => to.userRow(user, facts, profileId)),
    Product2: world.products.map((product) => to.productRow(product, facts)),
    PricebookEntry: world.products.flatMap((product) => to.priceRows(product, facts)).sort((left, right) => compare(left, right)),
  }

  /** Which bundle an id belongs to, whether or not it is a record; null when to none. */
  const locate = (object: ObjectName, id: string): number | null => {
    const kind = KINDS[object]
    if (kind === undefined || objectOfId(id) !== object) return null
    const isHistory = object === 'OpportunityHistory' || object === 'OpportunityFieldHistory'
    return world.locate(kind, isHistory ? String(Math.floor(numberOf(id) / HISTORY_ROWS_PER_DEAL)) : worldIdOf(id))
  }

  const rowsIn = (position: number, object: ObjectName, withDeleted: boolean): readonly Row[] =>
    rowsOf(bundleAt(position), object, withDeleted, facts, nameOf)

  /** Rows are asked for by id one after the other, mostly of the same bundle: those of the last one are at hand. */
  const lastById = new Map<ObjectName, { readonly position: number; readonly rows: ReadonlyMap<string, Row> }>()
  const byId = (position: number, object: ObjectName): ReadonlyMap<string, Row> => {
    const known = lastById.get(object)
    if (known?.position === position) return known.rows
    const rows = new Map(rowsIn(position, object, true).map((row) => [String(row['Id']), row]))
    lastById.set(object, { position, rows })
    return rows
  }

  /** The first bundle that may hold a greater id. */
  const bundleAfter = (object: ObjectName, id: string): number => {
    const located = locate(object, id)
    if (located !== null) return located
    let low = 0
    let high = world.size
    while (low < high) {
      const middle = (low + high) >>> 1
      let probe = middle
      let last: Row | undefined
      while (probe < high && (last = rowsIn(probe, object, true).at(-1)) === undefined) probe += 1
      if (last !== undefined && String(last['Id']) <= id) low = probe + 1
      else high = middle
    }
    return low
  }
  const surveyOf = (): Survey => (survey ??= surveyed(world))

  return {
    today: world.today,
    currency: world.currency,
    rates: world.rates,
    get(object, id) {
      const rows = flat[object]
      if (rows !== undefined) return rows.find((row) => row['Id'] === id) ?? null
      const position = locate(object, id)
      return position === null ? null : (byId(position, object).get(id) ?? null)
    },
    *after(object, id, withDeleted) {
      const rows = flat[object]
      if (rows !== undefined) {
        for (const row of rows) if (id === null || String(row['Id']) > id) yield row
        return
      }
      if (KINDS[object] === undefined) return
      for (let position = id === null ? 0 : bundleAfter(object, id); position < world.size; position += 1)
        for (const row of rowsIn(position, object, withDeleted)) if (id === null || String(row['Id']) > id) yield row
    },
    modified(object, from, until) {
      const rows = flat[object]
      if (rows !== undefined) return rows.filter((row) => inWindow(row, from, until)).map((row) => String(row['Id']))
      if (KINDS[object] === undefined) return []
      index ??= modifiedIndex(BUNDLED, allRows())
      return index.between(object, from, until)
    },
    below(object, parents) {
      const rows = flat[object]
      if (rows !== undefined) return rows
      const positions = new Set<number>()
      for (const id of parents) {
        const parent = objectOfId(id)
        // What belongs to a user or a product is all over the company.
        if (parent === null || KINDS[parent] === undefined) return null
        const position = locate(parent, id)
        if (position !== null) positions.add(position)
      }
      return [...positions].sort((left, right) => left - right).flatMap((position) => rowsIn(position, object, true))
    },
    count(object) {
      const rows = flat[object]
      if (rows !== undefined) return rows.length
      if (KINDS[object] === undefined) return 0
      const step = Math.max(1, Math.floor(world.size / COUNTED_BUNDLES))
      let counted = 0
      let bundles = 0
      for (let position = 0; position < world.size; position += step) {
        counted += rowsIn(position, object, false).length
        bundles += 1
      }
      return bundles === 0 ? 0 : Math.round((counted / bundles) * world.size)
    },
    customFields: () => surveyOf().fields,
    picked: () => surveyOf().picked,
    stages: () => surveyOf().stages,
  }

  function* allRows(): Generator<{ readonly object: ObjectName; readonly row: Row }> {
    for (let position = 0; position < world.size; position += 1) {
      const bundle = kept.get(position) ?? world.bundle(position)
      for (const object of BUNDLED) for (const row of rowsOf(bundle, object, true, facts, nameOf)) yield { object, row }
    }
  }
}

const compare = (left: Row, right: Row): number => (String(left['Id']) < String(right['Id']) ? -1 : 1)

const inWindow = (row: Row, from: number, until: number): boolean => {
  const at = Number(row['SystemModstamp'])
  return at >= from && at < until
}

/** Ascending by id. */
function rowsOf(bundle: Bundle, object: ObjectName, withDeleted: boolean, facts: OrgFacts, nameOf: (userId: string) => string): Row[] {
  const live = liveRows(bundle, object, facts, nameOf)
  if (!withDeleted) return live
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
