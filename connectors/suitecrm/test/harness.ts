import { recipeIn, type Recipes, recordLevers, testHost, type ConnectorHarness, type Fault } from '@assay/conformance'
import { startSuite, type Fault as SuiteFault, type ModuleName, type SuiteOptions, type SuiteStandIn } from '@assay/crm-suitecrm'
import type { ScoreObject } from '@assay/shared'
import { fieldName, plainName, SCORED } from '@assay/sugar-family'
import { OVERLAP } from '../src/cursor.ts'
import { buildPackage } from '../src/package/index.ts'
import { settings, type Settings } from '../src/settings.ts'
import { decoded } from '../src/text.ts'

const START = Date.UTC(2026, 4, 4, 8)

const RECIPES: Recipes<ModuleName> = {
  account: {
    object: 'Accounts',
    text: 'name',
    values: { name: 'Acme', billing_address_country: 'Germany', website: 'https://www.acme.example' },
  },
  contact: { object: 'Contacts', text: 'title', values: { first_name: 'Ada', last_name: 'Lovelace', primary_address_country: 'France' } },
  lead: { object: 'Leads', text: 'account_name', values: { last_name: 'Hopper', account_name: 'Cobol', status: 'New' } },
  deal: {
    object: 'Opportunities',
    text: 'name',
    values: { name: 'Order', amount: 12.5, currency_id: '-99', sales_stage: 'Prospecting', date_closed: '2026-06-01' },
  },
  activity: { object: 'Calls', text: 'status', values: { name: 'Call', status: 'Held', direction: 'Inbound', duration_minutes: 2 } },
  case: { object: 'Cases', text: 'name', values: { name: 'It broke', status: 'Open_New', state: 'Open' } },
  campaign: { object: 'Campaigns', text: 'name', values: { name: 'Spring' } },
}
const recipe = recipeIn(RECIPES)

/** Calls that make or change a record. */
const CHANGES = /^V8 (POST|PATCH) module$/

const inject = (standIn: SuiteStandIn, fault: Fault): void => {
  const next = (planted: SuiteFault, times: number, match = /./) => standIn.faults.next(match, planted, times)
  switch (fault.type) {
    case 'tooFast':
      return next({ kind: 'tooMany', retryAfterSeconds: fault.waitMs / 1000 }, fault.times)
    case 'dayUsedUp':
      throw new Error('SuiteCRM has no allowance by day')
    case 'unavailable':
      return next({ kind: 'page', status: 503 }, fault.times)
    case 'dropped':
      return next({ kind: 'drop', when: 'before' }, fault.times)
    case 'unanswered':
      return next({ kind: 'drop', when: 'after' }, fault.times, CHANGES)
    case 'silence':
      return next({ kind: 'slow', ms: 15_000 }, Infinity)
    case 'notJson':
      return next({ kind: 'notJson' }, fault.times)
    case 'signedOut':
      return standIn.lock()
    case 'noScope':
      return standIn.forbid(recipe(fault.kind).object)
  }
}

const moduleOf = (object: ScoreObject): ModuleName => SCORED[object] as ModuleName

export type SuiteHarness = ConnectorHarness<Settings> & { readonly standIn: SuiteStandIn }

/** The connector suite's levers on the SuiteCRM stand-in, in which the package is installed, with small pages. */
export const startHarness = async (options: SuiteOptions = {}, more: Partial<Settings> = {}): Promise<SuiteHarness> => {
  const standIn = await startSuite({ now: () => START, ...options })
  standIn.installPackage(buildPackage())
  return {
    standIn,
    settings: settings.parse({
      url: standIn.url,
      clientId: standIn.client.id,
      clientSecret: standIn.client.secret,
      username: 'integration',
      password: standIn.passwords.integration,
      currency: 'EUR',
      pageSize: 100,
      ...more,
    }),
    secrets: [standIn.passwords.integration, standIn.client.secret, '5e55', 'eyJ0'],
    host: testHost(standIn.clock),
    close: () => standIn.close(),
    crm: {
      ...recordLevers(RECIPES, standIn),
      severalPages: 250,
      searchCap: null,
      settleMs: OVERLAP + 60_000,
      mergeKinds: [],
      merge: () => Promise.reject(new Error('SuiteCRM keeps no trace of a merge')),
      passTime: (ms) => standIn.clock.advance(ms),
      calls: () => standIn.calls.length,
      faults: ['tooFast', 'unavailable', 'dropped', 'unanswered', 'silence', 'notJson', 'signedOut', 'noScope'],
      inject: (fault) => inject(standIn, fault),
      waits: [1000, 10_000, 45_000],
      fields: (object) => Promise.resolve(standIn.customFields(moduleOf(object)).filter(({ name }) => plainName(name) !== null)),
      makeTextField(object, name) {
        standIn.makeField(moduleOf(object), { name: fieldName(name), type: 'varchar', len: 255 })
        return Promise.resolve()
      },
      fieldName: (field) => fieldName(field.name),
      value(object, id, field) {
        const value = standIn.get(moduleOf(object), id)?.[fieldName(field.name)] ?? null
        return value === null || value === '' ? null : decoded(value)
      },
      fillIn(object, id, field, value) {
        standIn.update(moduleOf(object), id, { [fieldName(field.name)]: value })
        return Promise.resolve()
      },
      tasks: (_, id) =>
        standIn
          .all('Tasks')
          .filter((task) => task['parent_id'] === id)
          .map((task) => ({ id: String(task['id']), title: String(task['name']), isOpen: task['status'] !== 'Completed' })),
    },
  }
}
