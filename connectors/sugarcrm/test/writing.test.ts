import { writeAll } from '@assay/conformance'
import { strToU8, zipSync } from 'fflate'
import { CHURN_FIELDS, PUBLISHED_FIELDS, type Session, type WriteResult } from '@assay/shared'
import { fieldName } from '@assay/sugar-family'
import { describe, expect, it, onTestFinished } from 'vitest'
import { buildPackage, PACKAGE_FILE, sugarcrm } from '../src/index.ts'
import { PACKAGE, packageFiles } from '../src/package/index.ts'
import { startHarness } from './harness.ts'

const started = async (...given: Parameters<typeof startHarness>) => {
  const harness = await startHarness(...given)
  onTestFinished(() => harness.close())
  const uninstall = () => {
    const [installed] = harness.standIn.packages()
    harness.standIn.uninstallPackage(installed?.id ?? '')
    // Signing in is not what these tests are about.
    harness.standIn.oauth.registerPlatform('assay')
  }
  return { ...harness, uninstall, open: (): Session => sugarcrm.open(harness.settings, harness.host) }
}
/** The package as another Assay made it. */
const packageOf = (version: string): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(packageFiles()).map(([path, text]) => [
        path,
        strToU8(text.replaceAll(`'${PACKAGE.version}'`, `'${version}'`).replaceAll(stampOf(PACKAGE.version), stampOf(version))),
      ]),
    ),
  )
const stampOf = (version: string): string => `SCORED_AT_V${version.replaceAll('.', '_')}`
const whyOf = (result: WriteResult | undefined): string => (result === undefined || result.outcome === 'written' ? '' : result.why)

describe('the fields of Sugar', () => {
  it('are all there after the package, and nothing is made twice', async () => {
    const { open } = await started()
    const plan = await open().plan(PUBLISHED_FIELDS)
    expect([plan.create, plan.clash]).toEqual([[], []])
    expect(plan.keep).toHaveLength(PUBLISHED_FIELDS.length)
    expect((await open().ensureFields(PUBLISHED_FIELDS)).made).toEqual([])
    expect((await open().check()).missing).toEqual([])
  })

  it('are planned before it, asked for by name of the package, and missed by check', async () => {
    const { uninstall, open, standIn } = await started()
    uninstall()
    expect((await open().plan(CHURN_FIELDS)).create.map(({ name }) => name)).toEqual(CHURN_FIELDS.map(({ name }) => fieldName(name)))
    await expect(open().ensureFields(CHURN_FIELDS)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining(PACKAGE_FILE),
    })
    expect((await open().check()).missing).toEqual([
      { what: expect.stringContaining(PACKAGE_FILE), hint: expect.stringContaining('Module Loader') },
    ])
    standIn.installPackage(buildPackage())
    standIn.removeField('Accounts', fieldName('churn_risk'))
    expect((await open().check()).missing.map(({ what }) => what)).toEqual([expect.stringContaining('Accounts.assay_churn_risk_c')])
  })

  it('are told by their version: an older package is to be replaced, a newer one wants a newer Assay', async () => {
    const { uninstall, open, standIn } = await started()
    expect((await open().check()).account).toContain(`package Assay ${PACKAGE.version}`)
    for (const [version, expected] of [
      ['0.9.0', { what: expect.stringContaining('0.9.0 is installed'), hint: expect.stringContaining(PACKAGE_FILE) }],
      ['1.10.0', { what: expect.stringContaining('an Assay that knows version 1.10.0'), hint: expect.stringContaining('Update Assay') }],
    ] as const) {
      uninstall()
      standIn.installPackage(packageOf(version))
      expect((await open().check()).missing, version).toEqual([expected])
    }
    // Of an older package that also lacks a field both are said.
    uninstall()
    standIn.installPackage(packageOf('0.9.0'))
    standIn.removeField('Opportunities', fieldName('win_chance'))
    expect((await open().check()).missing.map(({ what }) => what)).toEqual([
      expect.stringContaining('Opportunities.assay_win_chance_c'),
      expect.stringContaining('0.9.0 is installed'),
    ])
    // The same version with a field gone cannot be uploaded over itself.
    uninstall()
    standIn.installPackage(buildPackage())
    standIn.removeField('Opportunities', fieldName('win_chance'))
    expect((await open().check()).missing).toEqual([
      { what: expect.stringContaining('Opportunities.assay_win_chance_c'), hint: expect.stringContaining('uninstall the package') },
    ])
  })

  it('clash with a field of another type, which is named and left alone', async () => {
    const { uninstall, open, standIn, crm } = await started()
    uninstall()
    await crm.makeTextField('account', 'churn_risk')
    await expect(open().ensureFields(CHURN_FIELDS)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('Accounts.assay_churn_risk_c: it exists as varchar'),
    })
    expect(standIn.customFields('Accounts')).toHaveLength(1)
  })

  it('are taken back by uninstalling: until then each says so, and what a person made is left', async () => {
    const { uninstall, open, crm } = await started()
    await crm.makeTextField('account', 'own_notes')
    const before = await open().removeFields(null)
    expect(before.removed).toEqual([])
    expect(before.blocked.length).toBe(before.left.length - 1)
    for (const { why } of before.blocked) expect(why).toContain('Uninstall')
    uninstall()
    expect(await open().removeFields(null)).toEqual({ removed: [], blocked: [], left: [{ object: 'Accounts', name: 'assay_own_notes_c' }] })
  })
})

describe('writing to Sugar', () => {
  it('says of a row whose field is not there that nothing was written, although Sugar says nothing', async () => {
    const { uninstall, open, crm } = await started()
    const [id = ''] = await crm.create('account', 1)
    uninstall()
    const [result] = await writeAll(open(), [{ object: 'account', id, values: { churn_risk: 5 } }])
    expect(result?.outcome).toBe('failed')
    expect(whyOf(result)).toContain(PACKAGE_FILE)
  })

  it('says which row a rule of the admin refused, in its words, and which may be tried again', async () => {
    const { open, crm, standIn } = await started()
    const ids = await crm.create('account', 3)
    standIn.addRule({ module: 'Accounts', refuses: (values) => values[fieldName('churn_risk')] === 13, message: 'Not thirteen.' })
    standIn.addRule({
      module: 'Accounts',
      refuses: (values) => values[fieldName('churn_risk')] === 14,
      status: 500,
      code: 'fatal_error',
      message: 'Out of memory.',
    })
    const results = await writeAll(
      open(),
      ids.map((id, at) => ({ object: 'account', id, values: { churn_risk: 13 + at } })),
    )
    expect(results.map(({ outcome }) => outcome)).toEqual(['rejected', 'failed', 'written'])
    expect(whyOf(results[0])).toContain('Not thirteen.')
  })

  it('carries an instant with its zone, on every object that is scored', async () => {
    const { open, crm, standIn } = await started()
    const at = Date.UTC(2026, 4, 4, 1, 2, 3)
    for (const [object, module] of [
      ['account', 'Accounts'],
      ['contact', 'Contacts'],
      ['deal', 'Opportunities'],
    ] as const) {
      const [id = ''] = await crm.create(object, 1)
      const [result] = await writeAll(open(), [{ object, id, values: { scored_at: new Date(at).toISOString() } }])
      expect(whyOf(result)).toBe('')
      expect(standIn.get(module, id)?.[fieldName('scored_at')]).toBe(at)
    }
  })

  it('goes on after a gateway has cut a call short: what was written is written again', async () => {
    const { open, crm, standIn } = await started()
    const ids = await crm.create('account', 30)
    standIn.faults.next('bulk', { kind: 'cutShort', done: 11 })
    const results = await writeAll(
      open(),
      ids.map((id) => ({ object: 'account', id, values: { churn_risk: 7 } })),
    )
    expect(results.filter(({ outcome }) => outcome === 'written')).toHaveLength(30)
  })

  it('names rights that are missing, and rights that are too many', async () => {
    const { open, standIn, settings, host } = await started()
    standIn.forbid('Accounts', 'edit')
    standIn.readOnlyField('Contacts', fieldName('churn_risk'))
    expect((await open().check()).missing.map(({ what }) => what)).toEqual(['Edit on Accounts', 'Edit on Contacts.assay_churn_risk_c'])
    expect((await open().check()).surplus).toEqual([])
    const admin = { ...settings, password: { username: 'admin', password: standIn.passwords.admin } }
    expect((await sugarcrm.open(admin, host).check()).surplus).toEqual(['System Administrator'])
  })
})
