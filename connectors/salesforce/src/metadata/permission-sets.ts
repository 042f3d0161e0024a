import type { PermissionSet } from '@salesforce/types/metadata'
import { fullName, type Located } from './names.ts'

/** The parts of a permission set that Assay uses; the type asks for every list there may be. */
export type PermissionSetMetadata = Pick<PermissionSet, 'label' | 'fieldPermissions' | 'objectPermissions'> & {
  readonly fullName: string
  readonly description: string
}

/** For the identity that reads and writes every night. */
export const INTEGRATION_SET = 'Assay_Integration'
/** For everybody who may see scores and answer offers. */
export const VIEWER_SET = 'Assay_Viewer'
/** For those who may also see signs that come from fields which not everybody may read: given by name, on top of the viewer's. */
export const RESTRICTED_SET = 'Assay_Restricted_Signs'
/** For the same identity, where somebody else installs: what it has to read, as this org has it. */
export const READING_SET = 'Assay_Reading'
export const PERMISSION_SETS: readonly string[] = [INTEGRATION_SET, VIEWER_SET, RESTRICTED_SET, READING_SET]
/** Those that the integration user holds. */
export const INTEGRATION_SETS: readonly string[] = [INTEGRATION_SET, READING_SET]

type FieldPermission = PermissionSetMetadata['fieldPermissions'][number]
const grant = (at: Located, editable: boolean): FieldPermission => ({ editable, field: fullName(at), readable: true })

type ObjectPermission = PermissionSetMetadata['objectPermissions'][number]
const reads = (object: string, allowEdit: boolean): ObjectPermission => ({
  allowCreate: false,
  allowDelete: false,
  allowEdit,
  allowRead: true,
  modifyAllRecords: false,
  object,
  // A part of the customers, read as if it were all of them, would teach the models something false.
  viewAllRecords: true,
})

export const readOnly = (object: string): ObjectPermission => reads(object, false)

/** Reading contacts or opportunities is refused to whoever may not read accounts. */
const objectPermissions = (objects: readonly string[]): ObjectPermission[] =>
  [...new Set(['Account', ...objects])].sort().map((object) => reads(object, objects.includes(object)))

/**
 * The permission sets for these fields. Fields made through the API are visible to nobody until a permission set says
 * so; profiles are never touched. The integration writes everything but what people fill in; a viewer reads everything
 * but the restricted fields and writes only what people fill in.
 */
export function permissionSets(fields: readonly Located[]): PermissionSetMetadata[] {
  const ordered = [...fields].sort((a, b) => (fullName(a) < fullName(b) ? -1 : 1))
  const open = ordered.filter(({ field }) => !field.restricted)
  const restricted = ordered.filter(({ field }) => field.restricted)
  const sets: PermissionSetMetadata[] = [
    {
      fullName: INTEGRATION_SET,
      description: 'For the user that Assay signs in as: reads the customers, writes the scores.',
      fieldPermissions: ordered.map((at) => grant(at, !at.field.setByPeople)),
      label: 'Assay integration',
      objectPermissions: objectPermissions([...new Set(fields.map(({ object }) => object))]),
    },
    {
      fullName: VIEWER_SET,
      description: 'Sees the scores of Assay and answers its offers.',
      fieldPermissions: open.map((at) => grant(at, at.field.setByPeople ?? false)),
      label: 'Assay viewer',
      objectPermissions: [],
    },
    {
      fullName: RESTRICTED_SET,
      description: 'Sees signs that come from fields which not everybody may read. Give it together with Assay viewer.',
      fieldPermissions: restricted.map((at) => grant(at, false)),
      label: 'Assay restricted signs',
      objectPermissions: [],
    },
  ]
  return sets.filter((set) => set.fieldPermissions.length > 0)
}
