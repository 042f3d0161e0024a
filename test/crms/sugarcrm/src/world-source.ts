import type { LiveRecord } from '@assay/shared'
import type { Bundle, BundleKind, World } from '@assay/worlds'
import { auditOf } from './audit.ts'
import { moduleOfId, worldIdOf } from './ids.ts'
import { modifiedIndex, type ModifiedIndex } from './modified-index.ts'
import type { ModuleName } from './modules.ts'
import { USER_IDS } from './people.ts'
import type { Source } from './source.ts'
import { sampleOf, surveyOf, type Survey } from './survey.ts'
import * as to from './to-sugar.ts'
import type { Facts } from './to-sugar.ts'
import type { Row } from './values.ts'

/** A small world is made once: every module is a pass of its own over all bundles. A large one is made again and again instead. */
const KEPT_BUNDLES = 2_000
const COUNTED_BUNDLES = 1_000

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
const BUNDLED = Object.keys(KINDS) as ModuleName[]

/** A generated world as an instance, bundle by bundle: a page costs the bundles it touches, and the last ones are kept. */
export function worldSource(world: World, enterprise: boolean): Source {
  const facts: Facts = { currency: world.currency, rates: world.rates, enterprise }
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

  const families = [...new Set(world.products.map((product) => product.body.family))].filter((family) => family !== null)
  const flat: Partial<Record<ModuleName, readonly Row[]>> = {
    Users: world.users.map(to.userRow),
    ProductTemplates: world.products.map((product) => to.productRow(product, families, facts)),
    ProductCategories: to.categoryRows(families),
    Currencies: to.currencyRows(facts),
  }

  const locate = (module: ModuleName, id: string): number | null => {
    const kind = KINDS[module]
    return kind === undefined || moduleOfId(id) !== module ? null : world.locate(kind, worldIdOf(id))
  }

  /** Rows are asked for by id one after the other, mostly of the same bundle: those of the last ones are at hand. */
  const recent = new Map<string, ReadonlyMap<string, Row>>()
  const rowsAt = (position: number, module: ModuleName): ReadonlyMap<string, Row> => {
    const key = `${module} ${position}`
    const known = recent.get(key)
    if (known !== undefined) return known
    const rows = new Map(rowsOf(bundleAt(position), module, facts).map((row) => [String(row['id']), row]))
    recent.set(key, rows)
    if (recent.size > KEPT_BUNDLES) for (const oldest of recent.keys()) return (recent.delete(oldest), rows)
    return rows
  }

  const bundleAfter = (module: ModuleName, id: string): number => {
    const located = locate(module, id)
    if (located !== null) return located
    let low = 0
    let high = world.size
    while (low < high) {
      const middle = (low + high) >>> 1
      let probe = middle
      let last: string | undefined
      while (probe < high && (last = [...rowsAt(probe, module).keys()].at(-1)) === undefined) probe += 1
      if (last !== undefined && last <= id) low = probe + 1
      else high = middle
    }
    return low
  }
  const surveyed = (): Survey => (survey ??= surveyOf(sampleOf(world)))

  function* allRows(): Generator<{ readonly module: ModuleName; readonly row: Row }> {
    for (let position = 0; position < world.size; position += 1) {
      const bundle = kept.get(position) ?? (position < KEPT_BUNDLES ? bundleAt(position) : world.bundle(position))
      for (const module of BUNDLED) for (const row of rowsOf(bundle, module, facts)) yield { module, row }
    }
    for (const [module, rows] of Object.entries(flat)) for (const row of rows) yield { module: module as ModuleName, row }
  }

  return {
    facts,
    get(module, id) {
      const rows = flat[module]
      if (rows !== undefined) return rows.find((row) => row['id'] === id) ?? null
      const position = locate(module, id)
      return position === null ? null : (rowsAt(position, module).get(id) ?? null)
    },
    *after(module, id) {
      const rows = flat[module]
      if (rows !== undefined) {
        for (const row of rows) if (id === null || String(row['id']) > id) yield row
        return
      }
      if (KINDS[module] === undefined) return
      for (let position = id === null ? 0 : bundleAfter(module, id); position < world.size; position += 1)
        for (const row of rowsOf(bundleAt(position), module, facts)) if (id === null || String(row['id']) > id) yield row
    },
    modified(module, from, until, backwards) {
      index ??= modifiedIndex(allRows())
      return index.between(module, from, until, backwards)
    },
    below(module, parents) {
      const rows = flat[module]
      if (rows !== undefined) return rows
      const positions = new Set<number>()
      for (const id of parents) {
        const parent = moduleOfId(id)
        // What belongs to a user or a product is all over the company.
        if (parent === null || KINDS[parent] === undefined) return null
        const position = locate(parent, id)
        if (position !== null) positions.add(position)
      }
      return [...positions].sort((left, right) => left - right).flatMap((position) => [...rowsAt(position, module).values()])
    },
    count(module) {
      const rows = flat[module]
      if (rows !== undefined) return rows.length
      if (KINDS[module] === undefined) return 0
      const step = Math.max(1, Math.floor(world.size / COUNTED_BUNDLES))
      let counted = 0
      let bundles = 0
      for (let position = 0; position < world.size; position += step) {
        for (const row of rowsOf(bundleAt(position), module, facts)) if (row['deleted'] !== true) counted += 1
        bundles += 1
      }
      return bundles === 0 ? 0 : Math.round((counted / bundles) * world.size)
    },
    audit(id) {
      const position = locate('Opportunities', id)
      if (position === null) return []
      const { deals, dealHistory } = bundleAt(position)
      const deal = deals.find((each) => each.id === worldIdOf(id))
      if (deal === undefined) return []
      const own = dealHistory.filter((change) => change.body.dealId === deal.id)
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
