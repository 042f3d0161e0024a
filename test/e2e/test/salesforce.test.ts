import { startSalesforce, type SalesforceStandIn } from '@assay/crm-salesforce'
import { operations } from '@assay/sidecar'
import { b2bWorld } from '@assay/worlds'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorkplace, type Workplace } from './workplace.ts'

const world = b2bWorld({ accounts: 40, seed: 5, years: 1 })
const DAY = 86_400_000
const CLIENT = { clientId: 'consumer-key', clientSecret: 'consumer-secret' }

describe('a Salesforce connection, through the operations', { timeout: 120_000 }, () => {
  const opened: { standIn?: SalesforceStandIn; place?: Workplace } = {}
  const sync = () => opened.place!.does(operations.sync, { full: false })

  beforeAll(async () => {
    const standIn = await startSalesforce({
      world,
      now: () => world.today,
      oauth: { ...CLIENT, rotateRefreshTokens: true },
      // Done when first looked at: nobody waits in real seconds.
      jobs: { polls: 1 },
    })
    opened.standIn = standIn
    standIn.permit(['CustomizeApplication', 'ModifyMetadata', 'ManageUsers', 'AssignPermissionSets', 'ManageProfilesPermissionsets'])
    opened.place = await openWorkplace('salesforce', () => standIn.clock.now())
  }, 300_000)
  afterAll(async () => {
    await opened.place?.close()
    await opened.standIn?.close()
  }, 300_000)

  test('refuses to keep a login that is somebody’s own', async () => {
    const session = { accessToken: opened.standIn!.tokens.admin, instanceUrl: opened.standIn!.url }
    const given = { connector: 'salesforce', settings: { session } }
    await expect(opened.place!.does(operations.connect, given)).rejects.toMatchObject({ kind: 'config' })
    expect(await opened.place!.app.control.connections.list()).toEqual([])
  })

  test('keeps the refresh token that each sign-in brings, so that the next one works', async () => {
    const settings = {
      loginUrl: opened.standIn!.url,
      oauth: { ...CLIENT, refreshToken: 'refresh-token-1' },
      integrationUser: 'integration@acme.example',
    }
    const { check } = await opened.place!.does(operations.connect, { connector: 'salesforce', settings })
    expect(check.signedInAs).toContain('integration@acme.example')
    const first = await sync()
    expect(first.read.account).toBe(world.size)
    expect(first.skipped).toEqual([])
    const second = await sync()
    expect(second.read.account ?? 0).toBe(0)
    // The used-up token was of no use to anybody since the first sign-in.
    const [connection] = await opened.place!.app.control.connections.list()
    expect(JSON.stringify(connection?.settings)).not.toContain('"refresh-token-1"')
  })

  test('finds after a week what was deleted without a word', async () => {
    const { standIn, place } = opened
    const { app } = place!
    const [connection] = await app.control.connections.list()
    const living = async () => (await app.store.counts(connection!.id)).find(({ kind }) => kind === 'contact')!.records
    const before = await living()
    const gone = String(standIn!.all('Contact')[0]!['Id'])
    standIn!.delete('Contact', gone)
    standIn!.erase('Contact', gone)
    standIn!.clock.advance(DAY)
    await sync()
    expect(await living()).toBe(before)
    standIn!.clock.advance(7 * DAY)
    await sync()
    expect(await living()).toBe(before - 1)
  })

  test('pauses when the consent is revoked, and says how to renew it', async () => {
    opened.standIn!.oauth.revoke()
    await expect(sync()).rejects.toMatchObject({ kind: 'auth' })
    const [connection] = await opened.place!.app.control.connections.list()
    expect(connection).toMatchObject({ state: 'paused' })
    await expect(sync()).rejects.toMatchObject({ kind: 'auth', hint: expect.stringContaining('assay connect') as string })
  })
})
