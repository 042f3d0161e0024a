import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startSalesforce, type SalesforceStandIn } from '@assay/crm-salesforce'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RESULTS } from '../src/results.ts'
import { pretending, type Pretending } from './pretending.ts'

const HOME = fileURLToPath(new URL('..', import.meta.url))
const SF = process.env['ASSAY_TEST_SF'] ?? `${HOME}test/cli/node_modules/.bin/sf`
const isThere = existsSync(SF)
if (!isThere) {
  console.log(
    'left out: the plugin in the real sf command, which is not installed (npm ci --prefix connectors/salesforce/sf-plugin/test/cli)',
  )
}

interface Answer {
  readonly status: number
  readonly result?: unknown
  readonly name?: string
  readonly message?: string
  readonly actions?: readonly string[]
  readonly exitCode?: number
  readonly warnings?: readonly string[]
}

const SLOW = 300_000

describe.skipIf(!isThere)('linked into the real sf command', { timeout: SLOW }, () => {
  let home: string
  let crm: SalesforceStandIn
  let assay: Pretending
  let title: string

  /** The command in a process of its own, with a home of its own. */
  const sf = (
    words: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ): Promise<{ code: number; stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      const env = {
        PATH: process.env['PATH'] ?? '',
        HOME: home,
        SF_DISABLE_TELEMETRY: 'true',
        SF_DISABLE_AUTOUPDATE: 'true',
        SF_SKIP_NEW_VERSION_CHECK: 'true',
        SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
        ...assay.environment,
        ...more,
      }
      execFile(SF, words, { env, cwd: home, maxBuffer: 1e8 }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      )
    })
  const json = async (...words: string[]): Promise<Answer> => {
    const { stdout, stderr } = await sf([...words, '--json'])
    try {
      return JSON.parse(stdout) as Answer
    } catch {
      throw new Error(`sf ${words.join(' ')}: ${stdout}\n${stderr}`)
    }
  }
  const integrationName = (): string => String(crm.get('User', crm.userIds.integration)!['Username'])

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'assay-sf-'))
    assay = pretending()
    crm = await startSalesforce()
    title = `Salesforce ${crm.organizationId.slice(0, 15)}`
    const linked = await sf(['plugins', 'link', HOME, '--no-install'])
    expect(linked.code, linked.stderr).toBe(0)
    const login = await sf(['org', 'login', 'access-token', '--instance-url', crm.url, '--no-prompt', '--alias', 'crm'], {
      SF_ACCESS_TOKEN: crm.tokens.admin,
    })
    expect(login.code, login.stderr + login.stdout).toBe(0)
  }, SLOW)
  afterAll(async () => {
    await crm.close()
    assay.end()
    await rm(home, { recursive: true, force: true })
  })

  it('shows its commands', async () => {
    const { code, stdout } = await sf(['assay', 'install', '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('$ sf assay install --dry-run')
  })

  it('shows what it would make, and makes nothing', async () => {
    const { status, result } = await json('assay', 'install', '--target-org', 'crm', '--dry-run')
    expect(status).toBe(0)
    const { plan, receipt } = RESULTS.install.parse(result)
    expect(plan.create.length).toBeGreaterThan(20)
    expect([receipt, plan.clash]).toEqual([null, []])
    expect(crm.all('FieldPermissions')).toEqual([])
  })

  it('makes everything, has assay keep the sign-in, and hands the receipt over', async () => {
    const key = join(home, 'key.pem')
    await writeFile(key, 'PRIVATE')
    assay.says({ connect: { out: { connection: 'c1' } }, 'fields receipt': { out: { receipt: null } } })
    const words = ['--integration-user', integrationName(), '--client-id', '3MVG', '--jwt-key-file', key]
    const { status, result, message } = await json('assay', 'install', '--target-org', 'crm', ...words)
    expect(status, message).toBe(0)
    const { receipt, connection } = RESULTS.install.parse(result)
    expect(connection).toBe('c1')
    expect(receipt!.made.filter(({ object }) => object === 'PermissionSetAssignment')).toHaveLength(2)
    const [connect, add] = assay.calls()
    expect(connect!.words).toEqual(['connect', 'salesforce', '--title', title, '--settings-file', '-', '--json'])
    expect(JSON.parse(connect!.input)).toEqual({
      loginUrl: crm.url,
      organization: crm.organizationId,
      customer: 'account',
      jwt: { clientId: '3MVG', username: integrationName(), privateKey: 'PRIVATE' },
    })
    expect(connect!.input).not.toContain(crm.tokens.admin)
    expect(add!.words).toEqual(['fields', 'receipt', '--connection', 'c1', '--add', '-', '--json'])
    expect(JSON.parse(add!.input)).toEqual(receipt)
  })

  it('finds the second time that nothing is missing', async () => {
    const { result } = await json('assay', 'install', '--target-org', 'crm', '--integration-user', integrationName())
    const { receipt, plan } = RESULTS.install.parse(result)
    expect([receipt!.made, plan.create]).toEqual([[], []])
  })

  it('checks the org, and says when the integration user cannot be asked', async () => {
    assay.says({ check: { code: 2, out: { error: { kind: 'config', message: 'No CRM is connected yet.', hint: null } } } })
    const { result, warnings } = await json('assay', 'check', '--target-org', 'crm')
    const checked = RESULTS.check.parse(result)
    expect(checked.orgId).toBe(crm.organizationId)
    expect(checked.fields).toMatchObject({ missing: [], clash: [] })
    expect(checked.permissionSets.map(({ holders }) => holders)).toEqual([1, 0, 0, 1])
    expect(checked.integration).toBeNull()
    expect(warnings!.join()).toMatch(/No CRM is connected yet/)
  })

  it('passes on what assay did', async () => {
    assay.says({ sync: { out: { read: { account: 3 }, deleted: 0, aside: 0, skipped: [] }, err: 'sync: 3 records\n' } })
    const { result } = await json('assay', 'sync', '--target-org', 'crm')
    expect(RESULTS.sync.parse(result).read).toEqual({ account: 3 })
    const { code, stdout } = await sf(['assay', 'sync', '--target-org', 'crm'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/account/)
  })

  it('ends as assay ended', async () => {
    assay.says({ mine: { code: 1, out: { error: { kind: 'auth', message: 'The connection is paused.', hint: 'Renew the sign-in.' } } } })
    const failed = await json('assay', 'mine', '--target-org', 'crm')
    expect(failed).toMatchObject({
      name: 'AssayAuthError',
      message: 'The connection is paused.',
      actions: ['Renew the sign-in.'],
      exitCode: 1,
    })
  })

  it("throws away nobody's answer by accident", async () => {
    assay.says({ 'fields receipt': { out: { receipt: null } }, 'fields answers': { out: { answers: [{}, {}] } } })
    const failed = await json('assay', 'uninstall', '--target-org', 'crm', '--no-prompt')
    expect(failed.message).toMatch(/answered 2 offers/)
    expect(failed.actions!.join()).toMatch(/--export/)
    expect(crm.all('FieldPermissions').length).toBeGreaterThan(0)
  })

  it('takes everything back, after answers were saved', async () => {
    const file = join(home, 'answers.csv')
    assay.says({
      'fields receipt': { out: { receipt: null } },
      'fields answers': { out: { file, answers: 2 } },
    })
    const { status, result, message } = await json('assay', 'uninstall', '--target-org', 'crm', '--no-prompt', '--export', file)
    expect(status, message).toBe(0)
    expect(RESULTS.uninstall.parse(result)).toMatchObject({ blocked: [], left: [], exported: { file, answers: 2 } })
    expect(assay.calls().map(({ words }) => words.slice(0, 2).join(' '))).toContain('fields answers')
    expect(assay.calls().at(-1)!.words).toEqual(['fields', 'receipt', '--connection', title, '--clear', '--json'])
    expect(crm.all('FieldPermissions')).toEqual([])
    expect(crm.all('PermissionSet').filter((row) => String(row['Name']).startsWith('Assay'))).toEqual([])
  })

  it('says in words when the login has ended', async () => {
    crm.oauth.revoke()
    const failed = await json('assay', 'install', '--target-org', 'crm', '--dry-run')
    expect(failed.status).not.toBe(0)
    expect(failed.message).toMatch(/session|sign|expired|log/i)
  })

  it('does all of it with the real assay command, down to nothing left', async () => {
    const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const key = join(home, 'own.pem')
    await writeFile(key, keys.privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const own = await startSalesforce({ integrationSees: 'nothing', oauth: { clientId: 'own', publicKey: keys.publicKey } })
    try {
      const real = { ASSAY_BIN: join(HOME, '../../../sidecar/bin/assay.js'), ASSAY_HOME: join(home, 'assay') }
      const run = async (...words: string[]): Promise<unknown> => {
        const { stdout, stderr } = await sf(['assay', ...words, '--target-org', 'own', '--json'], real)
        const { status, result, message } = JSON.parse(stdout) as Answer
        expect(status, `${message ?? ''} ${stderr}`).toBe(0)
        return result
      }
      for (const name of ['Acme', 'Bolt', 'Cobol']) own.create('Account', { Name: name })
      const login = ['org', 'login', 'access-token', '--instance-url', own.url, '--no-prompt', '--alias', 'own']
      expect((await sf(login, { SF_ACCESS_TOKEN: own.tokens.admin })).code).toBe(0)
      const user = String(own.get('User', own.userIds.integration)!['Username'])

      const installed = RESULTS.install.parse(await run('install', '--integration-user', user, '--client-id', 'own', '--jwt-key-file', key))
      const { integration } = RESULTS.check.parse(await run('check'))
      expect(integration!.missing.map(({ what }) => what).filter((what) => what !== 'Edit Tasks')).toEqual([])
      expect(RESULTS.sync.parse(await run('sync')).read).toMatchObject({ account: 3 })
      expect(RESULTS.status.parse(await run('status'))).toMatchObject({ state: 'active', waiting: 0 })
      const removal = RESULTS.uninstall.parse(await run('uninstall', '--no-prompt'))
      expect([removal.blocked, removal.left]).toEqual([[], []])
      expect(removal.removed).toHaveLength(installed.receipt!.made.length)
      expect(own.all('FieldPermissions')).toEqual([])
    } finally {
      await own.close()
    }
  })
})
