import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSalesforce, type SalesforceStandIn } from '@assay/crm-salesforce'
import { type App, isOwnership, openApp, operations, readConfig, takeOwnership } from '@assay/sidecar'
import { b2bWorld } from '@assay/worlds'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { quiet, silent } from './folders.ts'

const world = b2bWorld({ accounts: 40, seed: 5, years: 1 })
const DAY = 86_400_000
const CLIENT = { clientId: 'consumer-key', clientSecret: 'consumer-secret' }

describe('a Salesforce connection, through the operations', { timeout: 120_000 }, () => {
  const opened: { home?: string; standIn?: SalesforceStandIn; app?: App; close?: () => Promise<void> } = {}
  const stop = new AbortController()
  const sync = () => operations.sync.run(opened.app!, { full: false }, silent, stop.signal)

  beforeAll(async () => {
    opened.home = await mkdtemp(join(tmpdir(), 'assay-salesforce-'))
    opened.standIn = await startSalesforce({
      world,
      now: () => world.today,
      oauth: { ...CLIENT, rotateRefreshTokens: true },
      // Done when first looked at: nobody waits in real seconds.
      jobs: { polls: 1 },
    })
    opened.standIn.permit(['CustomizeApplication', 'ModifyMetadata', 'ManageUsers', 'AssignPermissionSets', 'ManageProfilesPermissionsets'])
    const ownership = await takeOwnership(opened.home)
    if (!isOwnership(ownership)) throw new Error('the directory of this test belongs to somebody')
    const config = readConfig({ ASSAY_HOME: opened.home, ASSAY_LOG: 'warn' })
    opened.app = await openApp(config, quiet, ownership, () => opened.standIn!.clock.now())
    opened.close = async () => {
      await opened.app?.close()
      await ownership.release()
    }
  }, 60_000)
  afterAll(async () => {
    await opened.close?.()
    await opened.standIn?.close()
    if (opened.home) await rm(opened.home, { recursive: true, force: true })
  }, 60_000)

  test('refuses to keep a login that is somebody’s own', async () => {
    const session = { accessToken: opened.standIn!.tokens.admin, instanceUrl: opened.standIn!.url }
    const given = { connector: 'salesforce', settings: { session } }
    await expect(operations.connect.run(opened.app!, given, silent, stop.signal)).rejects.toMatchObject({ kind: 'config' })
    expect(await opened.app!.control.connections.list()).toEqual([])
  })

  test('keeps the refresh token that each sign-in brings, so that the next one works', async () => {
    const settings = {
      loginUrl: opened.standIn!.url,
      oauth: { ...CLIENT, refreshToken: 'refresh-token-1' },
      integrationUser: 'integration@acme.example',
    }
    const { check } = await operations.connect.run(opened.app!, { connector: 'salesforce', settings }, silent, stop.signal)
    expect(check.signedInAs).toContain('integration@acme.example')
    const first = await sync()
    expect(first.read.account).toBe(world.size)
    expect(first.skipped).toEqual([])
    const second = await sync()
    expect(second.read.account ?? 0).toBe(0)
    // The used-up token was of no use to anybody since the first sign-in.
    const [connection] = await opened.app!.control.connections.list()
    expect(JSON.stringify(connection?.settings)).not.toContain('"refresh-token-1"')
  })

  test('finds after a week what was deleted without a word', async () => {
    const { standIn, app } = opened
    const [connection] = await app!.control.connections.list()
    const living = async () => (await app!.store.counts(connection!.id)).find(({ kind }) => kind === 'contact')!.records
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
    const [connection] = await opened.app!.control.connections.list()
    expect(connection).toMatchObject({ state: 'paused' })
    await expect(sync()).rejects.toMatchObject({ kind: 'auth', hint: expect.stringContaining('assay connect') as string })
  })
})
