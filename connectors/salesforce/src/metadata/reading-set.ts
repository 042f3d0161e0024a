import { OBJECTS as READ } from '../objects.ts'
import { get, type Org } from './org.ts'
import { READING_SET, readOnly, type PermissionSetMetadata } from './permission-sets.ts'

/** Objects whose access a permission set can give. The others follow a parent (line items, members, prices) or a user's own rights (tasks). */
const GRANTABLE: ReadonlySet<string> = new Set(['Account', 'Contact', 'Lead', 'Opportunity', 'Product2', 'Pricebook2', 'Case', 'Campaign'])
/** Prices are seen by whoever sees price books. */
const ALSO = ['Pricebook2'] as const
/** Who works there: names are visible to everybody, and nothing else of a user is asked for. */
const UNASKED: ReadonlySet<string> = new Set(['User'])

interface Described {
  readonly fields: readonly { readonly name: string; readonly permissionable?: boolean; readonly custom?: boolean }[]
}

/**
 * The permission set with which the integration user may read what the connector asks for, and nothing more: made for
 * this org, since an object or field that an edition lacks would have the whole deployment refused. Custom fields of the
 * company are not in it: which of them may be learned from is the admin's to say.
 */
export async function readingSet(org: Org): Promise<PermissionSetMetadata> {
  const { sobjects } = (await get(org, 'list objects', '/sobjects')) as { sobjects: readonly { readonly name: string }[] }
  const there = new Set(sobjects.map(({ name }) => name))
  const objects = READ.filter(({ name }) => there.has(name) && !UNASKED.has(name))
  const fieldPermissions: PermissionSetMetadata['fieldPermissions'] = []
  for (const { name, fields } of objects) {
    const { fields: described } = (await get(org, `describe ${name}`, `/sobjects/${name}/describe`)) as Described
    const asked = new Set(fields)
    for (const field of described.filter((one) => one.permissionable === true && asked.has(one.name))) {
      fieldPermissions.push({ editable: false, field: `${name}.${field.name}`, readable: true })
    }
  }
  return {
    fullName: READING_SET,
    description: 'For the user that Assay signs in as: reads the objects and standard fields that Assay learns from.',
    fieldPermissions: fieldPermissions.sort((a, b) => (a.field < b.field ? -1 : 1)),
    label: 'Assay reading',
    objectPermissions: [...new Set([...objects.map(({ name }) => name), ...ALSO])]
      .filter((name) => GRANTABLE.has(name) && there.has(name))
      .sort()
      .map(readOnly),
  }
}
