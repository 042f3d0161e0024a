import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { PUBLISHED_FIELDS } from '@assay/shared'
import { phpFile, phpText, phpValue } from '@assay/sugar-family'
import { describe, expect, it } from 'vitest'
import { buildPackage, packageFiles, PLATFORM } from '../src/package/index.ts'

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

const HOSTILE = "'; system('id'); //\\' ?> <?php echo 1; $x \" \n \\\\' {$y} ${z}"
interface Manifest {
  readonly custom_fields: Readonly<Record<string, Readonly<Record<string, string | null>>>>
  readonly language: readonly { readonly from: string; readonly to_module: string }[]
  readonly platforms: readonly { readonly from: string }[]
  readonly copy: readonly { readonly from: string; readonly to: string }[]
}

describe('the package for Sugar', () => {
  it('is the same file for the same content, and holds what packageFiles says', () => {
    const zip = buildPackage()
    expect(Buffer.from(zip).equals(Buffer.from(buildPackage()))).toBe(true)
    const content = Object.fromEntries(Object.entries(unzipSync(zip)).map(([path, bytes]) => [path, strFromU8(bytes)]))
    expect(content).toEqual(packageFiles())
  })

  it('keeps to the public rules of the package scanner: known endings, no function is called, no path leaves the package', () => {
    for (const [path, text] of Object.entries(packageFiles())) {
      expect(['.php', '.js', '.hbs', '.css', '.png'], path).toContain(extname(path))
      expect(path).not.toMatch(/\.\.|^\//)
      // In a template nothing is put in that was not escaped.
      if (path.endsWith('.hbs')) expect(text, path).not.toContain('{{{')
      if (!path.endsWith('.php')) continue
      // What stands in quotes is text; what is left may only be arrays and assignments.
      const code = text.replaceAll(/'(?:[^'\\]|\\.)*'/gs, "''")
      expect([...code.matchAll(/(\w+)\s*\(/g)].map(([, name]) => name).filter((name) => name !== 'array')).toEqual([])
      expect(code).not.toMatch(/`|\b(include|require|eval|new)\b/)
    }
  })

  it('names no field longer than a column may be', () => {
    const names = [...packageFiles()['manifest.php']!.matchAll(/'name' => '(assay_\w+)'/g)].map(([, name]) => name ?? '')
    expect(names.length).toBeGreaterThan(PUBLISHED_FIELDS.length)
    for (const name of names) expect(name.length, name).toBeLessThanOrEqual(30)
  })

  it.runIf(hasPhp)('passes php -l in every file, and the manifest evaluates to what was meant', { timeout: 60_000 }, () => {
    const copies = { 'custom/clients/base/views/assay/assay.php': phpFile([`$viewdefs['x'] = ${phpText(HOSTILE)}`]) } as const
    const files = packageFiles({ copies })
    inFolder(files, (folder) => {
      for (const path of Object.keys(files).filter((each) => each.endsWith('.php')))
        expect(execFileSync(PHP, ['-l', join(folder, path)], { encoding: 'utf8' })).toContain('No syntax errors')
      const file = join(folder, 'manifest.php')
      expect(evaluated(file, 'manifest')).toMatchObject({ id: 'assay', type: 'module', is_uninstallable: true })
      const { custom_fields: fields, language, platforms, copy } = evaluated(file, 'installdefs') as Manifest
      const customer = PUBLISHED_FIELDS.filter(({ on }) => on === 'customer').length
      expect(Object.keys(fields)).toHaveLength(customer * 2 + PUBLISHED_FIELDS.length - customer)
      expect(fields['Accountsassay_churn_band_c']).toMatchObject({ module: 'Accounts', type: 'enum', ext1: 'assay_churn_band_list' })
      for (const { from } of [...language, ...platforms, ...copy]) expect(files[from.replace('<basepath>/', '')], from).toBeDefined()
      for (const { to_module: module } of language.filter((each) => each.to_module !== 'application')) {
        const labels = evaluated(join(folder, `language/${module}.en_us.php`), 'mod_strings') as Record<string, string>
        for (const { label } of Object.values(fields).filter((each) => each['module'] === module)) expect(labels[label ?? '']).toBeTruthy()
      }
      const lists = evaluated(join(folder, 'language/application.en_us.php'), 'app_list_strings') as Record<string, object>
      expect(lists['assay_churn_band_list']).toEqual({ '': '', Low: 'Low', Medium: 'Medium', High: 'High' })
      for (const { type, ext1 } of Object.values(fields)) if (type === 'enum') expect(lists[ext1 ?? '']).toBeDefined()
      expect(evaluated(join(folder, 'platforms/assay.php'), 'platforms')).toEqual([PLATFORM])
    })
  })

  it.runIf(hasPhp)('lets no text out of its quotes', () => {
    const value = { [HOSTILE]: [HOSTILE, { deep: `${HOSTILE}\\` }, 7, true, null] }
    inFolder({ 'x.php': phpFile([`$x = ${phpValue(value)}`]) }, (folder) => {
      expect(evaluated(join(folder, 'x.php'), 'x')).toEqual(value)
    })
  })
})
