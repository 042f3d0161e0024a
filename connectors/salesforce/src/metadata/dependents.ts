import { query, quoted, type Org } from './org.ts'
import { PERMISSION_SETS } from './permission-sets.ts'

/** Ids that one query asks about: its text stays far below what an address may hold. */
const BATCH = 50

/** Access to a field goes with the field; it holds nothing back. */
const HARMLESS: ReadonlySet<string> = new Set(['PermissionSet', 'Profile'])

/** In words: what uses each field ("layout Account Layout"), by the field's id. Where the org does not tell, a note and nothing. */
export async function dependents(org: Org, ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const users = new Map<string, string[]>()
  for (let at = 0; at < ids.length; at += BATCH) {
    const inside = ids
      .slice(at, at + BATCH)
      .map(quoted)
      .join(', ')
    const soql = `SELECT MetadataComponentName, MetadataComponentType, RefMetadataComponentId FROM MetadataComponentDependency WHERE RefMetadataComponentId IN (${inside})`
    const rows = await query(org, 'tooling', soql).catch((error: unknown) => {
      org.log.warn(
        `Salesforce does not tell what uses the fields (${error instanceof Error ? error.message : String(error)}); only what it refuses to delete is found.`,
      )
      return null
    })
    if (rows === null) return new Map()
    for (const row of rows) {
      const type = String(row['MetadataComponentType'])
      const name = String(row['MetadataComponentName'])
      if (HARMLESS.has(type) || PERMISSION_SETS.includes(name)) continue
      // Ids come with 15 characters here and with 18 there.
      const id = String(row['RefMetadataComponentId']).slice(0, 15)
      const said = `${inWords(type)} ${name}`
      const known = users.get(id) ?? []
      if (!known.includes(said)) users.set(id, [...known, said])
    }
  }
  return users
}

/** `FlexiPage` as people call it. */
const WORDS: Readonly<Record<string, string>> = {
  FlexiPage: 'Lightning page',
  Layout: 'page layout',
  WorkflowRule: 'workflow rule',
  ApexClass: 'Apex class',
  ApexTrigger: 'Apex trigger',
  ListView: 'list view',
  ValidationRule: 'validation rule',
  CustomField: 'formula of field',
  LightningComponentBundle: 'Lightning component',
}
const inWords = (type: string): string => WORDS[type] ?? type.toLowerCase()
