import { recipeIn, type Recipes, recordLevers, testHost, type ConnectorHarness, type Fault } from '@assay/conformance'
import { startHubSpot, type Fault as HubSpotFault, type HubSpotOptions, type HubSpotStandIn, type ObjectType } from '@assay/crm-hubspot'
import { ASSAY_PREFIX, type ScoreObject } from '@assay/shared'
import { OVERLAP } from '../src/cursor.ts'
import { settings, type Settings } from '../src/settings.ts'

const TOKEN = 'pat-na1-1b2c3d4e-0000-4000-8000-0123456789ab'
const START = Date.UTC(2026, 4, 4, 8)
const SEARCH_LAG = 30_000
const OBJECTS: Readonly<Record<ScoreObject, ObjectType>> = { account: 'companies', contact: 'contacts', deal: 'deals' }

const RECIPES: Recipes<ObjectType> = {
  account: { object: 'companies', text: 'name', values: { name: 'Acme', country: 'Germany', region_code: 'EMEA' } },
  contact: { object: 'contacts', text: 'firstname', values: { firstname: 'Ada', lastname: 'Lovelace', country: 'France' } },
  deal: {
    object: 'deals',
    text: 'dealname',
    values: { dealname: 'Order', amount: 12.5, dealstage: 'contractsent', pipeline: 'default' },
  },
  lineItem: { object: 'line_items', text: 'name', values: { name: 'Mug', quantity: 2, price: 4.5 } },
  product: { object: 'products', text: 'name', values: { name: 'Mug', hs_sku: 'M-1', price: 4.5 } },
  activity: { object: 'calls', text: 'hs_call_disposition', values: { hs_call_direction: 'INBOUND', hs_call_duration: 90_000 } },
  case: { object: 'tickets', text: 'subject', values: { subject: 'It broke', hs_pipeline: '0', hs_pipeline_stage: '1' } },
  subscription: { object: 'subscriptions', text: 'status', values: { status: 'active', monthly_amount: 99 } },
}
const recipe = recipeIn(RECIPES)

const SCOPES: readonly string[] = [
  'oauth',
  'tickets',
  'e-commerce',
  'crm.objects.owners.read',
  ...['contacts', 'companies', 'deals', 'line_items', 'products', 'custom'].flatMap((name) =>
    ['objects', 'schemas'].flatMap((what) => [`crm.${what}.${name}.read`, `crm.${what}.${name}.write`]),
  ),
]
const CHANGES = /^(POST|PATCH) \/crm\/[^?]*\/(tasks(\/\d+)?|batch\/(create|update))$/

/** HubSpot's way of saying "wait so long": a limit's policy, or the header of an account that is being moved. */
const asksToWait = (waitMs: number): HubSpotFault => {
  if (waitMs === 1000) return { kind: 'limit', policy: 'SECONDLY', body: 'recorded' }
  if (waitMs === 10_000) return { kind: 'limit', policy: 'TEN_SECONDLY_ROLLING' }
  return { kind: 'migrating', retryAfterSeconds: waitMs / 1000 }
}

const inject = (standIn: HubSpotStandIn, fault: Fault): void => {
  const { faults } = standIn
  switch (fault.type) {
    case 'tooFast':
      return faults.next('*', asksToWait(fault.waitMs), fault.times)
    case 'dayUsedUp':
      return faults.next('*', { kind: 'limit', policy: 'DAILY' }, Infinity)
    case 'unavailable':
      return faults.next('*', { kind: 'html', status: 502 }, fault.times)
    case 'dropped':
      return faults.next('*', { kind: 'drop', when: 'before' }, fault.times)
    case 'unanswered':
      return faults.next(CHANGES, { kind: 'drop', when: 'after' }, fault.times)
    case 'silence':
      return faults.next('*', { kind: 'slow', ms: 15_000 }, Infinity)
    case 'notJson':
      return faults.next('*', { kind: 'notJson' }, fault.times)
    case 'signedOut':
      return faults.next('*', { kind: 'expiredToken' }, Infinity)
    case 'noScope':
      return standIn.setScopes(SCOPES.filter((scope) => scope !== `crm.objects.${recipe(fault.kind).object}.read`))
  }
}

/** The connector suite's levers on the HubSpot stand-in, with its limits on and every quirk of it that HubSpot has shown. */
export const startHarness = async (options: HubSpotOptions = {}): Promise<ConnectorHarness<Settings> & { standIn: HubSpotStandIn }> => {
  const standIn = await startHubSpot({
    token: TOKEN,
    now: () => START,
    searchLagMs: SEARCH_LAG,
    shortPages: true,
    noAssociations: '207',
    ...options,
  })
  // What the test itself asks over HTTP is not the connector's doing.
  let asked = 0
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    asked += 1
    const headers = { authorization: `Bearer ${standIn.token}`, 'content-type': 'application/json' }
    const response = await fetch(standIn.url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    return response.json()
  }
  return {
    standIn,
    settings: settings.parse({ token: standIn.token, baseUrl: standIn.url }),
    secrets: [TOKEN],
    host: testHost(standIn.clock),
    close: () => standIn.close(),
    crm: {
      ...recordLevers(RECIPES, {
        create: (type, values) => standIn.create(type, values),
        update: (type, id, values) => standIn.update(type, id, values),
        delete: (type, id) => standIn.archive(type, id),
      }),
      severalPages: 2100,
      searchCap: 10_000,
      settleMs: OVERLAP + SEARCH_LAG + 1000,
      mergeKinds: ['account', 'contact', 'deal'],
      merge: (kind, winner, loser) => Promise.resolve(standIn.merge(recipe(kind).object, winner, loser)),
      passTime: (ms) => standIn.clock.advance(ms),
      calls: () => standIn.requests.total - asked,
      faults: ['tooFast', 'dayUsedUp', 'unavailable', 'dropped', 'unanswered', 'silence', 'notJson', 'signedOut', 'noScope'],
      inject: (fault) => inject(standIn, fault),
      waits: [1000, 10_000, 45_000],
      hideField(kind) {
        standIn.hideProperty(recipe(kind).object, recipe(kind).text)
        return recipe(kind).text
      },
      async fields(object) {
        const { results } = (await ask('GET', `/crm/v3/properties/${OBJECTS[object]}`)) as { results: { name: string; type: string }[] }
        return results.filter(({ name }) => name.startsWith(ASSAY_PREFIX)).map(({ name, type }) => ({ name, type }))
      },
      async makeTextField(object, name) {
        const [type, groupName] = [OBJECTS[object], object === 'account' ? 'companyinformation' : `${object}information`]
        await ask('POST', `/crm/v3/properties/${type}`, {
          name: ASSAY_PREFIX + name,
          label: name,
          groupName,
          type: 'string',
          fieldType: 'text',
        })
      },
      fieldName: (field) => ASSAY_PREFIX + field.name,
      value: (object, id, field) => standIn.get(OBJECTS[object], id)?.properties[ASSAY_PREFIX + field.name] ?? null,
      fillIn(object, id, field, value) {
        standIn.update(OBJECTS[object], id, { [ASSAY_PREFIX + field.name]: value })
        return Promise.resolve()
      },
      tasks: (object, id) =>
        standIn.associated(OBJECTS[object], id, 'tasks').map((taskId) => {
          const properties = standIn.get('tasks', taskId)?.properties ?? {}
          return { id: taskId, title: properties['hs_task_subject'] ?? '', isOpen: properties['hs_task_status'] !== 'COMPLETED' }
        }),
    },
  }
}
