import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { CHURN_FIELDS, PUBLISHED_FIELDS, type Session } from '@assay/shared'
import { fieldName } from '@assay/sugar-family'
import { describe, expect, it, onTestFinished } from 'vitest'
import { suitecrm } from '../src/index.ts'
import { installable } from '../src/installable.ts'
import { buildPackage, PACKAGE_FILE, packageFiles } from '../src/package/index.ts'
import { startHarness } from './harness.ts'

/** Not part of Assay: where it is installed it looks over what we made for it. */
const PHP = 'php'
const hasPhp = spawnSync(PHP, ['-v']).status === 0
if (!hasPhp)
  console.info('left out: package: no php on this machine, so nothing generated is parsed by PHP itself (apt-get install php-cli)')

/** What PHP makes of the file, as JSON of the named variable. */
const evaluated = (file: string, variable: string): unknown =>
  JSON.parse(execFileSync(PHP, ['-r', `include $argv[1]; echo json_encode($${variable});`, '--', file], { encoding: 'utf8' })) as unknown

const inFolder = (files: Readonly<Record<string, string>>, work: (folder: string) => void): void => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-package-'))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

interface Manifest {
  readonly id: string
  readonly custom_fields: Readonly<Record<string, Readonly<Record<string, string | null>>>>
  readonly language: readonly { readonly from: string; readonly to_module: string }[]
}

const started = async () => {
  const harness = await startHarness()
  onTestFinished(() => harness.close())
  return { ...harness, open: (): Session => suitecrm.open(harness.settings, harness.host) }
}

describe('the package for SuiteCRM', { timeout: 30_000 }, () => {
  it('is the same file for the same content, and holds what packageFiles says', () => {
    const zip = buildPackage()
    expect(Buffer.from(zip).equals(Buffer.from(buildPackage()))).toBe(true)
    const content = Object.fromEntries(Object.entries(unzipSync(zip)).map(([path, bytes]) => [path, strFromU8(bytes)]))
    expect(content).toEqual(packageFiles())
  })

  it('is made before anybody signs in, from no setting at all', () => {
    expect(installable({})).toMatchObject({ file: PACKAGE_FILE, steps: expect.arrayContaining([expect.stringContaining(PACKAGE_FILE)]) })
    expect(() => installable({ platform: 'assay' })).toThrow(/platform has no say/)
  })

  it('runs nothing: no function is called, no path leaves the package', () => {
    for (const [path, text] of Object.entries(packageFiles())) {
      expect(extname(path), path).toBe('.php')
      expect(path).not.toMatch(/\.\.|^\//)
      // What stands in quotes is text; what is left may only be arrays and assignments.
      const code = text.replaceAll(/'(?:[^'\\]|\\.)*'/gs, "''")
      expect([...code.matchAll(/(\w+)\s*\(/g)].map(([, name]) => name).filter((name) => name !== 'array')).toEqual([])
      expect(code).not.toMatch(/`|\b(include|require|eval|new)\b/)
    }
  })

  it.runIf(hasPhp)('passes php -l in every file, and the manifest evaluates to what was meant', () => {
    const files = packageFiles()
    inFolder(files, (folder) => {
      for (const path of Object.keys(files))
        expect(execFileSync(PHP, ['-l', join(folder, path)], { encoding: 'utf8' })).toContain('No syntax errors')
      const file = join(folder, 'manifest.php')
      expect(evaluated(file, 'manifest')).toMatchObject({ id: 'assay', type: 'module', is_uninstallable: true })
      const { id, custom_fields: fields, language } = evaluated(file, 'installdefs') as Manifest
      expect(id).toBe('assay')
      const customer = PUBLISHED_FIELDS.filter(({ on }) => on === 'customer').length
      expect(Object.keys(fields)).toHaveLength(customer * 2 + PUBLISHED_FIELDS.length - customer)
      expect(fields['Accountsassay_churn_band_c']).toMatchObject({ module: 'Accounts', type: 'enum', ext1: 'assay_churn_band_list' })
      for (const { from } of language) expect(files[from.replace('<basepath>/', '')], from).toBeDefined()
      for (const { to_module: module } of language.filter((each) => each.to_module !== 'application')) {
        const labels = evaluated(join(folder, `language/${module}.en_us.php`), 'mod_strings') as Record<string, string>
        for (const { label } of Object.values(fields).filter((each) => each['module'] === module)) expect(labels[label ?? '']).toBeTruthy()
      }
      const lists = evaluated(join(folder, 'language/application.en_us.php'), 'app_list_strings') as Record<string, object>
      for (const { type, ext1 } of Object.values(fields)) if (type === 'enum') expect(lists[ext1 ?? '']).toBeDefined()
    })
  })
})

describe('the fields of SuiteCRM', { timeout: 30_000 }, () => {
  it('are all there after the package, and nothing is made twice', async () => {
    const { open } = await started()
    const plan = await open().plan(PUBLISHED_FIELDS)
    expect([plan.create, plan.clash]).toEqual([[], []])
    expect(plan.keep).toHaveLength(PUBLISHED_FIELDS.length)
    expect((await open().ensureFields(PUBLISHED_FIELDS)).made).toEqual([])
    expect((await open().check()).missing).toEqual([])
  })

  it('are planned before it, asked for by name of the package, and missed by check', async () => {
    const { open, standIn } = await started()
    standIn.uninstallPackage('assay')
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

  it('clash with a field of another type, which is named and left alone', async () => {
    const { open, standIn, crm } = await started()
    standIn.uninstallPackage('assay')
    await crm.makeTextField('account', 'churn_risk')
    await expect(open().ensureFields(CHURN_FIELDS)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('Accounts.assay_churn_risk_c: it exists as varchar'),
    })
  })

  it('are taken back by uninstalling: until then each says so, and what a person made is left', async () => {
    const { open, standIn, crm } = await started()
    await crm.makeTextField('account', 'own_notes')
    const before = await open().removeFields(null)
    expect(before.removed).toEqual([])
    expect(before.blocked.length).toBe(before.left.length - 1)
    for (const { why } of before.blocked) expect(why).toContain('Uninstall')
    standIn.uninstallPackage('assay')
    expect(await open().removeFields(null)).toEqual({ removed: [], blocked: [], left: [{ object: 'Accounts', name: 'assay_own_notes_c' }] })
  })
})
