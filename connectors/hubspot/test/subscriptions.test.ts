import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { MERGED, OBJECTS } from '../src/objects.ts'

/** What the app subscribes to, and the object types of the connector that it means. */
const FILE = fileURLToPath(new URL('../../../extension-ui/hubspot/src/app/webhooks/webhooks-hsmeta.json', import.meta.url))
const SUBSCRIBED: Readonly<Record<string, string>> = {
  company: 'companies',
  contact: 'contacts',
  deal: 'deals',
  ticket: 'tickets',
  line_item: 'line_items',
}
/** Follow from others or never change: who hears of those needs not hear of these. Stamps change with every one of our own writes. */
const SILENT: ReadonlySet<string> = new Set([MERGED, 'amount_in_home_currency', 'hs_is_closed', 'hs_is_closed_won'])

interface Subscription {
  readonly subscriptionType: string
  readonly objectType: string
  readonly propertyName?: string
}

it('the app subscribes to every property that is read of what it hears about, so that a change is told', async () => {
  const { config } = JSON.parse(await readFile(FILE, 'utf8')) as { config: { subscriptions: { crmObjects: Subscription[] } } }
  const changes = config.subscriptions.crmObjects.filter(({ subscriptionType }) => subscriptionType === 'object.propertyChange')
  const told = changes.map(({ objectType, propertyName }) => `${objectType} ${propertyName}`)
  const read = Object.entries(SUBSCRIBED).flatMap(([type, name]) => {
    const { properties, created, modified } = OBJECTS.find((object) => object.name === name)!
    return properties
      .filter((property) => property !== created && property !== modified && !SILENT.has(property))
      .map((property) => `${type} ${property}`)
  })
  // Where a lead becomes a customer HubSpot says so here alone.
  const more = ['company lifecyclestage', 'contact lifecyclestage']
  expect(told.toSorted()).toEqual([...read, ...more].toSorted())
  for (const type of Object.keys(SUBSCRIBED))
    for (const event of ['creation', 'deletion'])
      expect(config.subscriptions.crmObjects).toContainEqual({ subscriptionType: `object.${event}`, objectType: type, active: true })
})
