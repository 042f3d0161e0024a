import { b2bWorld, change } from '@assay/worlds'
import { afterEach, describe, expect, test } from 'vitest'
import { canonicalId, idOf, withChecksum } from '../src/ids.ts'
import {
  contactsWorld,
  heldBySalesforce,
  salesforceId,
  startSalesforce,
  worldIdOf,
  type ObjectName,
  type SalesforceStandIn,
} from '../src/index.ts'
import { call, clientOf, rows } from './client.ts'

let standIn: SalesforceStandIn
afterEach(() => standIn?.close())

const world = b2bWorld({ accounts: 40, seed: 5 })
const bundles = Array.from({ length: world.size }, (_, index) => world.bundle(index))
const start = async (options: object = {}): Promise<void> => {
  standIn = await startSalesforce({ world, now: () => world.today, ...options })
}
const OBJECTS: readonly ObjectName[] = [
  'Account',
  'Contact',
  'Opportunity',
  'OpportunityHistory',
  'OpportunityFieldHistory',
  'OpportunityLineItem',
  'Product2',
  'PricebookEntry',
  'Task',
  'Event',
  'Case',
  'User',
  'CurrencyType',
]

describe('ids', () => {
  test('the checksum of known ids', () => {
    // From Salesforce's own documentation of the 15 and 18 character forms.
    expect(withChecksum('001D000000IqhSL')).toBe('001D000000IqhSLIAZ')
    expect(withChecksum('00130000000abcd')).toMatch(/^00130000000abcd[A-Z0-5]{3}$/)
    expect(canonicalId('001D000000IqhSLIAZ')).toBe('001D000000IqhSLIAZ')
    expect(canonicalId('001D000000IqhSLIAA')).toBe(null)
    expect(canonicalId('nonsense')).toBe(null)
  })

  test('tell the id of the world, and sort as that does', () => {
    const numbers = ['10000000000', '10000000004', '10000012345', '59999999999', '90000000000']
    const ids = numbers.map((number) => salesforceId('Account', number))
    expect(ids.map(worldIdOf)).toEqual(numbers)
    expect(ids).toEqual([...ids].sort())
    expect(idOf('001', 62)).toBe(withChecksum('0015f0000000010'))
  })
})

describe('a world in Salesforce', () => {
  test('counts of everything, live and in the bin', async () => {
    await start()
    const deleted = bundles
      .flatMap((bundle) => [...bundle.merged, ...bundle.deleted])
      .filter((each) => each.version >= world.today - 15 * 86_400_000)
    const sum = (count: (bundle: (typeof bundles)[number]) => number): number => bundles.reduce((total, bundle) => total + count(bundle), 0)
    expect(standIn.all('Account').length).toBe(world.size)
    expect(standIn.all('Contact').length).toBe(sum((bundle) => bundle.contacts.length))
    expect(standIn.all('Opportunity').length).toBe(sum((bundle) => bundle.deals.length))
    expect(standIn.all('Task').length + standIn.all('Event').length).toBe(sum((bundle) => bundle.activities.length))
    let gone = 0
    for (const object of ['Account', 'Contact', 'Opportunity', 'Task']) {
      const { body } = await call(standIn, 'GET', `/queryAll?q=SELECT+COUNT()+FROM+${object}+WHERE+IsDeleted=true`)
      gone += body['totalSize'] as unknown as number
    }
    expect(gone).toBe(deleted.length)
    const counted = (await call(standIn, 'GET', '/limits/recordCount?sObjects=Account,Case')).body['sObjects']
    expect(counted).toEqual([
      { count: world.size, name: 'Account' },
      { count: sum((bundle) => bundle.cases.length), name: 'Case' },
    ])
  })

  test('what happened before the org was last emptied of deleted records is seen until then', async () => {
    const gone = bundles.flatMap((bundle) => [...bundle.merged, ...bundle.deleted.filter((each) => each.kind !== 'activity')])
    const last =
      gone
        .map((each) => each.version)
        .sort((a, b) => a - b)
        .at(-1) ?? 0
    await start({ now: () => last + 60_000 })
    const lost = gone.filter((each) => each.version >= last + 60_000 - 15 * 86_400_000)
    expect(lost.length).toBeGreaterThan(0)
    const found: string[] = []
    for (const object of ['Account', 'Contact', 'Opportunity']) {
      const window = `start=${encodeURIComponent(new Date(last - 14 * 86_400_000).toISOString())}&end=${encodeURIComponent(new Date(last + 120_000).toISOString())}`
      const { body } = await call(standIn, 'GET', `/sobjects/${object}/deleted?${window}`)
      found.push(...(body['deletedRecords'] as unknown as { id: string }[]).map((each) => worldIdOf(each.id)))
    }
    const inWindow = gone.filter((each) => each.version >= Math.floor((last - 14 * 86_400_000) / 60_000) * 60_000)
    expect(found.sort()).toEqual(inWindow.map((each) => each.id).sort())
  })

  test('currencies: on with several, off without, each price in each currency', async () => {
    await start()
    expect(await rows(standIn, 'SELECT IsoCode, ConversionRate, IsCorporate FROM CurrencyType')).toEqual([
      { IsoCode: 'EUR', ConversionRate: 1, IsCorporate: true },
      { IsoCode: 'USD', ConversionRate: 1.086957, IsCorporate: false },
    ])
    expect((await rows(standIn, 'SELECT Id FROM PricebookEntry')).length).toBe(world.products.length * 2)
    await standIn.close()
    await start({ multiCurrency: false })
    const names = (await clientOf(standIn).describe('Opportunity')).fields.map((field) => field.name)
    expect(names).not.toContain('CurrencyIsoCode')
    expect((await clientOf(standIn).describeGlobal()).sobjects.map((each) => each.name)).not.toContain('CurrencyType')
  })

  test('person accounts: accounts with one contact are that person, from both sides', async () => {
    await start({ personAccounts: true })
    const people = await rows(standIn, 'SELECT Name, LastName, PersonEmail, PersonContactId FROM Account WHERE IsPersonAccount = true')
    expect(people.length).toBe(bundles.filter((bundle) => bundle.contacts.length === 1).length)
    const contacts = await rows(standIn, 'SELECT Id, Name, Email, Account.PersonContactId FROM Contact WHERE IsPersonAccount = true')
    expect(contacts.map((row) => [row['Id'], row['Name'], row['Email']])).toEqual(
      people.map((row) => [row['PersonContactId'], row['Name'], row['PersonEmail']]),
    )
    const made = await clientOf(standIn)
      .sobject('Account')
      .create({ FirstName: 'Ada', LastName: 'Lovelace', PersonEmail: 'ada@acme.example' } as never)
    const [own] = await rows(
      standIn,
      `SELECT Name, IsPersonAccount, PersonContact.Email FROM Account WHERE Id = '${(made as unknown as { id: string }).id}'`,
    )
    expect(own).toMatchObject({ Name: 'Ada Lovelace', IsPersonAccount: true, PersonContact: { Email: 'ada@acme.example' } })
    await standIn.close()
    await start()
    expect((await clientOf(standIn).describe('Account')).fields.some((field) => field.name.startsWith('Person'))).toBe(false)
  })

  test('what Salesforce can hold of a world is all that it shows', async () => {
    await start()
    const shown = OBJECTS.map((object) => standIn.all(object, true))
    await standIn.close()
    standIn = await startSalesforce({ world: heldBySalesforce(world), now: () => world.today })
    for (const [position, object] of OBJECTS.entries()) expect([object, standIn.all(object, true)]).toEqual([object, shown[position]])
    const twice = heldBySalesforce(heldBySalesforce(world))
    for (let index = 0; index < world.size; index += 1) expect(twice.bundle(index)).toEqual(heldBySalesforce(world).bundle(index))
  })

  test('a later world: what is new appears, what is modified is modified, what was written stays', async () => {
    await start()
    const [first] = standIn.all('Account')
    standIn.update('Account', String(first?.['Id']), { Rating: 'Hot' })
    const at = world.today + 2 * 86_400_000
    standIn.clock.advance(2 * 86_400_000)
    const later = change(world, { share: 0.5, at, seed: 1 })
    standIn.grow(later)
    const changed = Array.from({ length: world.size }, (_, index) => later.bundle(index)).filter(
      (bundle, index) => bundle.deals.length > (bundles[index]?.deals.length ?? 0),
    )
    expect(changed.length).toBeGreaterThan(5)
    const since = new Date(world.today + 1000).toISOString()
    const found = await rows(standIn, `SELECT Id FROM Opportunity WHERE CreatedDate >= ${since}`)
    expect(found.map((row) => worldIdOf(String(row['Id'])))).toEqual(changed.map((bundle) => bundle.deals.at(-1)?.id))
    const accounts = await rows(standIn, `SELECT Id FROM Account WHERE SystemModstamp >= ${since}`)
    expect(accounts.map((row) => worldIdOf(String(row['Id'])))).toEqual(changed.map((bundle) => bundle.account.id))
    expect(standIn.get('Account', String(first?.['Id']))?.['Rating']).toBe('Hot')
  })
})

test('a large org costs no memory for what nobody wrote: any page of it is made when it is asked for', async () => {
  standIn = await startSalesforce({ world: contactsWorld(2_000_000) })
  const id = salesforceId('Contact', String(20_000_000_000 + 1_999_999))
  expect(await rows(standIn, `SELECT Name, Account.Name FROM Contact WHERE Id = '${id}'`)).toMatchObject([
    { Name: 'Anna Person1999999', Account: { Name: 'Company 199999' } },
  ])
  const account = salesforceId('Account', String(10_000_000_000 + 123_456))
  expect(await rows(standIn, `SELECT Id FROM Contact WHERE AccountId = '${account}'`)).toHaveLength(10)
  expect((await call(standIn, 'GET', '/limits/recordCount?sObjects=Contact')).body['sObjects'][0]).toEqual({
    count: 2_000_000,
    name: 'Contact',
  })
})
