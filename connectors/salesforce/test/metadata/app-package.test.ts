import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { appPackage } from '../../src/metadata/app-package.ts'
import { accountsAtRisk, accountsAtRiskReport } from '../../src/metadata/views.ts'

const HOME = fileURLToPath(new URL('../../../../extension-ui/salesforce/force-app/main/default/', import.meta.url))
const files = appPackage()
const paths = Object.keys(files).sort()
const folders = [...new Set(paths.map((path) => path.split('/')[0] ?? ''))]

describe('the app package', () => {
  it('stands in extension-ui/salesforce as it is generated (else: npm run app-package)', async () => {
    const there = await Promise.all(
      folders.map(async (folder) =>
        (await readdir(HOME + folder, { recursive: true, withFileTypes: true }))
          .filter((entry) => entry.isFile())
          .map((entry) => `${entry.parentPath}/${entry.name}`.slice(HOME.length)),
      ),
    )
    expect(there.flat().sort()).toEqual(paths)
    for (const path of paths) expect(await readFile(HOME + path, 'utf8'), path).toBe(files[path])
  })

  it('is well-formed throughout', () => {
    for (const path of paths) expect(XMLValidator.validate(files[path]!), path).toBe(true)
  })

  it('has fields on accounts, contacts and opportunities, each with the day it is of', () => {
    for (const object of ['Account', 'Contact', 'Opportunity'])
      expect(paths).toContain(`objects/${object}/fields/Assay_scored_at__c.field-meta.xml`)
    expect(paths).toContain('objects/Account/fields/Assay_churn_risk__c.field-meta.xml')
    expect(paths).not.toContain('objects/Opportunity/fields/Assay_churn_risk__c.field-meta.xml')
  })

  it('shows only fields that it has', () => {
    const has = (field: string): boolean => paths.includes(`objects/Account/fields/${field}.field-meta.xml`)
    const named = [
      ...accountsAtRisk.columns,
      ...accountsAtRisk.filters.map(({ field }) => field),
      ...accountsAtRiskReport.columns.map(({ field }) => field.replace('Account.', '')),
      accountsAtRiskReport.sortColumn!.replace('Account.', ''),
    ].filter((field) => field.endsWith('__c'))
    expect(named.length).toBeGreaterThan(10)
    for (const field of named) expect(has(field), field).toBe(true)
  })

  it('shows no restricted signs in a list or report, where everybody would look for them', () => {
    expect(JSON.stringify([accountsAtRisk, accountsAtRiskReport])).not.toContain('restricted')
  })
})
