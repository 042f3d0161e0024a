import { CHURN_FIELDS, OFFER_FIELDS } from '@assay/shared'
import { Connection } from 'jsforce'
import { testHost } from '@assay/conformance'
import { startSalesforce } from '@assay/crm-salesforce'
import { expect, it } from 'vitest'
import { ensureFields } from '../../src/metadata/index.ts'
import { salesforce } from '../../src/index.ts'
import { settings } from '../../src/settings.ts'
import { CLIENT_ID, INTEGRATION, PRIVATE_KEY, PUBLIC_KEY } from '../harness.ts'

/** Rights that follow from no object or field; the admin gives them by hand. */
const BY_HAND = new Set(['Edit Tasks'])

const all = async <T>(rows: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = []
  for await (const row of rows) found.push(row)
  return found
}

it('an installation lets a user with no rights of its own read everything that is asked for and write the scores', async () => {
  const crm = await startSalesforce({ integrationSees: 'nothing', oauth: { clientId: CLIENT_ID, publicKey: PUBLIC_KEY } })
  try {
    const given = settings.parse({ loginUrl: crm.url, jwt: { clientId: CLIENT_ID, username: INTEGRATION, privateKey: PRIVATE_KEY } })
    const host = testHost(crm.clock)
    const missing = async (): Promise<string[]> => {
      const session = salesforce.open(given, host)
      const check = await session.check()
      await session.close()
      return check.missing.map(({ what }) => what).filter((what) => !BY_HAND.has(what))
    }
    expect((await missing()).length).toBeGreaterThan(5)
    const admin = {
      connection: new Connection({ instanceUrl: crm.url, accessToken: crm.tokens.admin, version: '67.0' }),
      log: host.log,
      now: () => crm.clock.now(),
      sleep: () => Promise.resolve(),
    }
    await ensureFields(admin, [...CHURN_FIELDS, ...OFFER_FIELDS], { customer: 'account', integrationUser: INTEGRATION })
    expect(await missing()).toEqual([])

    const id = crm.create('Account', { Name: 'Acme' })
    const session = salesforce.open(given, host)
    const rows = (async function* () {
      yield { object: 'account' as const, id, values: { churn_risk: 41, churn_band: 'Medium' } }
    })()
    const answers = await all(session.write(rows, { account: 1 }))
    expect(answers).toEqual([{ object: 'account', id, outcome: 'written' }])
    expect(crm.get('Account', id)).toMatchObject({ Assay_churn_risk__c: 41, Assay_churn_band__c: 'Medium' })
    const pages = await all(session.read('account', null))
    expect(pages.flatMap(({ records }) => records.map((record) => record.id))).toEqual([id])
  } finally {
    await crm.close()
  }
})
