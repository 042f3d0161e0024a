import { strToU8, zipSync } from 'fflate'
import { customField } from './custom-field.ts'
import { fullName, type Located } from './names.ts'
import type { PermissionSetMetadata } from './permission-sets.ts'
import { metadataXml } from './xml.ts'

/** Names of components, by their type, as package.xml lists them. */
export type Members = Readonly<Record<string, readonly string[]>>

export const manifest = (members: Members, version: string): string =>
  metadataXml('Package', {
    types: Object.entries(members)
      .filter(([, names]) => names.length > 0)
      .map(([name, names]) => ({ members: [...names].sort(), name })),
    version,
  })

/** The same bytes for the same content: a zip has room for a date, and ours has nothing to tell. */
const zip = (files: Readonly<Record<string, string>>): Buffer =>
  Buffer.from(
    zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])), { mtime: '1980-01-02T12:00:00' }),
  )

/** What makes the fields and the permission sets, ready for a deployment. `version` as in "67.0". */
export function creating(fields: readonly Located[], sets: readonly PermissionSetMetadata[], version: string): Buffer {
  const objects = [...new Set(fields.map(({ object }) => object))]
  return zip({
    'package.xml': manifest({ CustomField: fields.map(fullName), PermissionSet: sets.map((set) => set.fullName) }, version),
    ...Object.fromEntries(
      objects.map((object) => [
        `objects/${object}.object`,
        metadataXml('CustomObject', { fields: fields.filter((at) => at.object === object).map(customField) }),
      ]),
    ),
    ...Object.fromEntries(
      sets.map(({ fullName: name, ...set }) => [`permissionsets/${name}.permissionset`, metadataXml('PermissionSet', set)]),
    ),
  })
}

/** What deletes these components: an empty package beside the list. */
export const deleting = (members: Members, version: string): Buffer =>
  zip({ 'package.xml': manifest({}, version), 'destructiveChanges.xml': manifest(members, version) })
