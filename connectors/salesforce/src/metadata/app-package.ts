import { PUBLISHED_FIELDS } from '@assay/shared'
import { customField } from './custom-field.ts'
import { fullName, located, type Located } from './names.ts'
import { permissionSets } from './permission-sets.ts'
import { accountsAtRisk, accountsAtRiskReport, AT_RISK, REPORT_FOLDER, reportFolder } from './views.ts'
import { metadataXml } from './xml.ts'

/**
 * The metadata of the app package in source format, by path below `force-app/main/default`: every field that there may
 * be, on accounts, contacts and opportunities; the permission sets; a list view and a report of accounts at risk.
 */
export function appPackage(): Readonly<Record<string, string>> {
  const all = new Map<string, Located>()
  for (const customer of ['account', 'contact'] as const) {
    for (const at of located(PUBLISHED_FIELDS, customer)) all.set(fullName(at), at)
  }
  const fields = [...all.values()]
  return Object.fromEntries([
    ...fields.map((at) => [`objects/${at.object}/fields/${at.name}.field-meta.xml`, metadataXml('CustomField', customField(at))] as const),
    ...permissionSets(fields).map(
      ({ fullName: name, ...set }) => [`permissionsets/${name}.permissionset-meta.xml`, metadataXml('PermissionSet', set)] as const,
    ),
    [`objects/Account/listViews/${AT_RISK}.listView-meta.xml`, metadataXml('ListView', accountsAtRisk)],
    [`reports/${REPORT_FOLDER}.reportFolder-meta.xml`, metadataXml('ReportFolder', reportFolder)],
    [`reports/${REPORT_FOLDER}/${AT_RISK}.report-meta.xml`, metadataXml('Report', accountsAtRiskReport)],
  ])
}
