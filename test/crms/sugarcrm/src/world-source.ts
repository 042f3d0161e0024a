import type { LiveRecord } from '@assay/shared'
import { sampleOf, tablesOf } from '@assay/stand-in'
import type { Bundle, BundleKind, World } from '@assay/worlds'
import { auditOf } from './audit.ts'
import { moduleOfId, worldIdOf } from './ids.ts'
import { modifiedIndex, type ModifiedIndex } from './modified-index.ts'
import type { ModuleName } from './modules.ts'
import { USER_IDS } from './people.ts'
import type { Source } from './source.ts'
import { surveyOf, type Survey } from './survey.ts'
import * as to from './to-sugar.ts'
import type { Facts } from './to-sugar.ts'
import type { Row } from './values.ts'

/** The modules that come out of a bundle, with the kind whose ids tell the bundle. */
const KINDS: Partial<Record<ModuleName, BundleKind>> = {
  Accounts: 'account',
  Contacts: 'contact',
  Opportunities: 'deal',
  RevenueLineItems: 'lineItem',
  Calls: 'activity',
  Meetings: 'activity',
  Tasks: 'activity',
  Notes: 'activity',
  Emails: 'activity',
  Cases: 'case',
}

/** A generated world as an instance, bundle by bundle: a page costs the bundles it touches, and the last ones are kept. */
export function worldSource(world: World, enterprise: boolean): Source {
  const facts: Facts = { currency: world.currency, rates: world.rates, enterprise }
  let survey: Survey | null = null
  let index: ModifiedIndex | null = null

  const families = [...new Set(world.products.map((product) => product.body.family))].filter((family) => family !== null)
  const flat: Partial<Record<ModuleName, readonly Row[]>> = {
    Users: world.users.map(to.userRow),
    ProductTemplates: world.products.map((product) => to.productRow(product, families, facts)),
    ProductCategories: to.categoryRows(families),
    Currencies: to.currencyRows(facts),
  }

  const tables = tablesOf<ModuleName, Row>(world, {
    flat,
    kinds: KINDS,
    tableOf: moduleOfId,
    worldIdOf,
    rowsOf: (bundle, module) => rowsOf(bundle, module, facts),
    idOf: (row) => String(row['id']),
    isDeleted: (row) => row['deleted'] === true,
  })
  const surveyed = (): Survey => (survey ??= surveyOf(sampleOf(world)))

  function* allRows(): Generator<readonly [ModuleName, Row]> {
    yield* tables.bundled()
    for (const [module, rows] of Object.entries(flat)) for (const row of rows) yield [module as ModuleName, row]
  }

  return {
    facts,
    get: tables.get,
    after: tables.after,
    below: tables.below,
    count: tables.count,
    modified(module, from, until, backwards) {
      index ??= modifiedIndex(allRows())
      return index.between(module, from, until, backwards)
    },
    audit(id) {
      const bundle = tables.bundleOf('Opportunities', id)
      const deal = bundle?.deals.find((each) => each.id === worldIdOf(id))
      if (bundle === null || deal === undefined) return []
      const own = bundle.dealHistory.filter((change) => change.body.dealId === deal.id)
      return auditOf(own, deal.body.createdAt ?? deal.knownAt, enterprise, USER_IDS.admin)
    },
    customFields: () => surveyed().fields,
    picked: () => surveyed().picked,
  }
}

/** Ascending by id, deleted ones too. */
function rowsOf(bundle: Bundle, module: ModuleName, facts: Facts): Row[] {
  const gone = deletedIn(bundle, module)
  const live = liveRows(bundle, module, facts)
  return gone.length === 0 ? live : [...live, ...gone].sort((left, right) => (String(left['id']) < String(right['id']) ? -1 : 1))
}

function liveRows(bundle: Bundle, module: ModuleName, facts: Facts): Row[] {
  switch (module) {
    case 'Accounts':
      return [to.accountRow(bundle.account)]
    case 'Contacts':
      return bundle.contacts.map(to.contactRow)
    case 'Opportunities':
      return bundle.deals.map((deal) => to.opportunityRow(deal, facts))
    case 'RevenueLineItems': {
      const deals = new Map<string | null, LiveRecord<'deal'>>(bundle.deals.map((deal) => [deal.id, deal]))
      return bundle.lineItems.map((line) => to.lineItemRow(line, deals.get(line.body.dealId) ?? null, facts))
    }
    case 'Cases':
      return bundle.cases.map(to.caseRow)
    case 'Calls':
    case 'Meetings':
    case 'Tasks':
    case 'Notes':
    case 'Emails':
      return bundle.activities.filter((each) => to.activityModule(each.body.type) === module).map(to.activityRow)
    default:
      return []
  }
}

/** A tombstone does not say what kind of activity it was: deleted ones are tasks. */
function deletedIn(bundle: Bundle, module: ModuleName): Row[] {
  if (module === 'Accounts') return bundle.merged.map((each) => to.deletedRow(module, each))
  const kind = module === 'Contacts' ? 'contact' : module === 'Opportunities' ? 'deal' : module === 'Tasks' ? 'activity' : null
  return kind === null ? [] : bundle.deleted.filter((each) => each.kind === kind).map((each) => to.deletedRow(module, each))
}
