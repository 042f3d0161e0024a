import { Config } from '@oclif/core'
import { SfError } from '@salesforce/core'
import { instantiateContext, MockTestOrgData, restoreContext, stubContext } from '@salesforce/core/testSetup'
import { stubSfCommandUx, stubSpinner } from '@salesforce/sf-plugins-core'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RESULTS } from '../src/results.ts'
import { pretending, type Pretending } from './pretending.ts'

const HOME = fileURLToPath(new URL('..', import.meta.url))
type CommandName = keyof typeof RESULTS

const SYNCED = { read: { account: 3, deal: 5 }, deleted: 1, aside: 2, skipped: [{ kind: 'case', why: 'no access' }] }
const MINED = {
  unit: 'account',
  accepted: false,
  miners: [{ miner: 'churn', model: 'm', verdict: 'publish', why: 'better', scored: 3, unscored: 0 }],
}
const PUBLISHED = {
  bill: {
    records: 3,
    unchanged: 9,
    calls: 1,
    quotaShare: 0.01,
    minutes: 0.1,
    changed: 3,
    refreshed: 0,
    cleared: 0,
    refused: 0,
    automations: null,
  },
  examples: [],
  written: 2,
  rejected: 1,
  rejections: [{ id: '001', why: 'FIELD_CUSTOM_VALIDATION_EXCEPTION: no scores on Mondays' }],
  gone: 0,
  failed: 0,
  waiting: 0,
  stopped: null,
}

describe('commands that assay does', () => {
  const $$ = instantiateContext()
  const org = new MockTestOrgData()
  let assay: Pretending
  let ux: ReturnType<typeof stubSfCommandUx>
  let title: string

  beforeEach(async () => {
    stubContext($$)
    await $$.stubAuths(org)
    ux = stubSfCommandUx($$.SANDBOX)
    stubSpinner($$.SANDBOX)
    assay = pretending()
    Object.assign(process.env, assay.environment)
    title = `Salesforce ${org.orgId.slice(0, 15)}`
  })
  afterEach(() => {
    restoreContext($$)
    for (const name of Object.keys(assay.environment)) delete process.env[name]
    assay.end()
  })

  /** The built command, loaded and run as `sf` does it. */
  async function run(name: CommandName, ...words: string[]): Promise<unknown> {
    const config = await Config.load({ root: HOME, devPlugins: false, userPlugins: false })
    return config.runCommand(`assay:${name}`, ['--target-org', org.username, ...words])
  }
  const warned = (): string => ux.warn.args.flat().map(String).join('\n')

  it('sync asks for the connection of this org and tells what was left out', async () => {
    assay.says({ sync: { out: SYNCED, err: 'sync: 8 records\n' } })
    expect(RESULTS.sync.parse(await run('sync', '--full'))).toEqual(SYNCED)
    expect(assay.calls().map(({ words }) => words)).toEqual([['sync', '--connection', title, '--full', '--json']])
    expect(warned()).toMatch(/case.*no access/)
    expect(warned()).toMatch(/2 records were not understood/)
  })

  it('mine passes on which miners, and says that nobody has accepted a definition', async () => {
    assay.says({ mine: { out: MINED } })
    RESULTS.mine.parse(await run('mine', '--only', 'churn', '--only', 'offers', '--refit'))
    expect(assay.calls()[0]!.words).toEqual(['mine', '--connection', title, '--only', 'churn', '--only', 'offers', '--refit', '--json'])
    expect(warned()).toMatch(/accepted/)
  })

  it('publish names each row that the org refused', async () => {
    assay.says({ publish: { out: PUBLISHED } })
    RESULTS.publish.parse(await run('publish', '--continue'))
    expect(assay.calls()[0]!.words).toEqual(['publish', '--connection', title, '--continue', '--json'])
    expect(warned()).toMatch(/001: FIELD_CUSTOM_VALIDATION_EXCEPTION: no scores on Mondays/)
  })

  it('publish does not take two opposite words', async () => {
    await expect(run('publish', '--dry-run', '--continue')).rejects.toThrow(/dry-run|continue/)
    expect(assay.calls()).toEqual([])
  })

  it('status tells of this org only', async () => {
    const one = {
      connection: 'c1',
      title,
      state: 'paused',
      why: 'refused',
      records: [{ kind: 'account', records: 3 }],
      waiting: 2,
      models: [],
    }
    assay.says({ status: { out: { connections: [{ ...one, title: 'Salesforce 00DOTHER' }, one] } } })
    expect(RESULTS.status.parse(await run('status'))).toEqual(one)
    assay.says({ status: { out: { connections: [] } } })
    await expect(run('status')).rejects.toThrow(new RegExp(`no connection called "${title}"`))
  })

  it('notes of assay become warnings', async () => {
    assay.says({ sync: { out: SYNCED, err: 'Note: 3 fields are not readable\n' } })
    await run('sync')
    expect(warned()).toMatch(/^3 fields are not readable/m)
  })

  it('an error of assay comes with its words, its hint and its exit code', async () => {
    const error = { kind: 'auth', message: 'The connection is paused.', hint: 'Renew the sign-in.' }
    assay.says({ sync: { code: 1, out: { error }, err: 'The connection is paused.\nRenew the sign-in.\n' } })
    const failed: unknown = await run('sync').catch((thrown: unknown) => thrown)
    expect(failed).toBeInstanceOf(SfError)
    expect(failed).toMatchObject({ name: 'AssayAuthError', message: error.message, actions: [error.hint], exitCode: 1 })
    assay.says({ sync: { code: 2, out: { error: { kind: 'config', message: 'No such connection.', hint: null } } } })
    await expect(run('sync')).rejects.toMatchObject({ name: 'AssayConfigError', exitCode: 2 })
  })

  it('a crash of assay is told with what it said last', async () => {
    assay.says({ sync: { code: 1, err: 'This is a bug in Assay:\nTypeError: x\n' } })
    await expect(run('sync')).rejects.toThrow(/TypeError: x/)
  })

  it('an assay command that is not there is named, with where to say where it is', async () => {
    process.env['ASSAY_BIN'] = '/nowhere/assay'
    const failed: unknown = await run('sync').catch((thrown: unknown) => thrown)
    expect(failed).toMatchObject({ name: 'AssayNotFoundError', message: expect.stringContaining('/nowhere/assay') as string })
    expect((failed as SfError).actions?.join()).toContain('ASSAY_BIN')
  })
})
