import { recipeIn, type Recipes, recordLevers, testHost, type ConnectorHarness, type Fault } from '@assay/conformance'
import { startSugar, type Fault as SugarFault, type ModuleName, type SugarOptions, type SugarStandIn } from '@assay/crm-sugarcrm'
import type { ScoreObject } from '@assay/shared'
import { fieldName, plainName, SCORED } from '@assay/sugar-family'
import { OVERLAP } from '../src/cursor.ts'
import { buildPackage } from '../src/package/index.ts'
import { settings, type Settings } from '../src/settings.ts'

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
    values: { name: 'Order', amount: 12.5, sales_stage: 'Prospecting', date_closed: '2026-06-01' },
  },
  lineItem: { object: 'RevenueLineItems', text: 'mft_part_num', values: { name: 'Mug', quantity: 2, discount_price: 4.5, likely_case: 9 } },
  product: { object: 'ProductTemplates', text: 'name', values: { name: 'Mug', mft_part_num: 'M-1', status: 'Available' } },
  activity: { object: 'Calls', text: 'status', values: { name: 'Call', status: 'Held', direction: 'Inbound', duration_minutes: 2 } },
  case: { object: 'Cases', text: 'name', values: { name: 'It broke', status: 'New' } },
  campaign: { object: 'Campaigns', text: 'name', values: { name: 'Spring' } },
}
const recipe = recipeIn(RECIPES)

const CHANGES = /^(POST|PUT) [^?]*\/(Tasks(\/[\w-]+)?|bulk)$/

const inject = (standIn: SugarStandIn, fault: Fault): void => {
  const { faults } = standIn
  const always = (planted: SugarFault) => faults.next('*', planted, Infinity)
  switch (fault.type) {
    case 'tooFast':
      return faults.next('*', { kind: 'tooMany', retryAfterSeconds: fault.waitMs / 1000 }, fault.times)
    case 'dayUsedUp':
      throw new Error('Sugar has no allowance by day')
    case 'unavailable':
      return faults.next('*', { kind: 'html', status: 503 }, fault.times)
    case 'dropped':
      return faults.next('*', { kind: 'drop', when: 'before' }, fault.times)
    case 'unanswered':
      return faults.next(CHANGES, { kind: 'drop', when: 'after' }, fault.times)
    case 'silence':
      return always({ kind: 'slow', ms: 15_000 })
    case 'notJson':
      return faults.next('*', { kind: 'notJson' }, fault.times)
    case 'signedOut':
      return always({ kind: 'needLogin' })
    case 'noScope':
      return standIn.forbid(recipe(fault.kind).object)
  }
}

const moduleOf = (object: ScoreObject): ModuleName => SCORED[object] as ModuleName

/** The connector suite's levers on the Sugar stand-in, in which the package is installed, with small pages. */
export const startHarness = async (
  options: SugarOptions = {},
  more: Partial<Settings> = {},
): Promise<ConnectorHarness<Settings> & { standIn: SugarStandIn }> => {
  const standIn = await startSugar({ now: () => START, ...options })
  standIn.installPackage(buildPackage())
  return {
    standIn,
    settings: settings.parse({
      url: standIn.url,
      password: { username: 'integration', password: standIn.passwords.integration },
      pageSize: 100,
      ...more,
    }),
    secrets: [standIn.passwords.integration, '5e55000'],
    host: testHost(standIn.clock),
    close: () => standIn.close(),
    crm: {
      ...recordLevers(RECIPES, standIn),
      severalPages: 250,
      searchCap: null,
      settleMs: OVERLAP + 60_000,
      mergeKinds: [],
      merge: () => Promise.reject(new Error('Sugar keeps no trace of a merge')),
      passTime: (ms) => standIn.clock.advance(ms),
      calls: () => standIn.requests.total,
      faults: ['tooFast', 'unavailable', 'dropped', 'unanswered', 'silence', 'notJson', 'signedOut', 'noScope'],
      inject: (fault) => inject(standIn, fault),
      waits: [1000, 10_000, 45_000],
      hideField(kind) {
        standIn.hideField(recipe(kind).object, recipe(kind).text)
        return recipe(kind).text
      },
      fields: (object) => Promise.resolve(standIn.customFields(moduleOf(object)).filter(({ name }) => plainName(name) !== null)),
      makeTextField(object, name) {
        standIn.makeField(moduleOf(object), { name: fieldName(name), type: 'varchar', len: 255 })
        return Promise.resolve()
      },
      fieldName: (field) => fieldName(field.name),
      value(object, id, field) {
        const value = standIn.get(moduleOf(object), id)?.[fieldName(field.name)] ?? null
        return value === null || value === '' ? null : String(value)
      },
      fillIn(object, id, field, value) {
        standIn.update(moduleOf(object), id, { [fieldName(field.name)]: value })
        return Promise.resolve()
      },
      tasks: (_, id) =>
        standIn
          .tasks()
          .filter((task) => task['parent_id'] === id)
          .map((task) => ({ id: String(task['id']), title: String(task['name']), isOpen: task['status'] !== 'Completed' })),
    },
  }
}
