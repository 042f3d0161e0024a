const scopes = (names: string, access: string, what = 'objects') => names.split(' ').map((name) => `crm.${what}.${name}.${access}`)

/** Without these nothing can be learned, and no score, field or task written back. */
export const NEEDED: readonly string[] = [
  ...scopes('companies contacts deals', 'read'),
  ...scopes('companies contacts deals', 'write'),
  ...scopes('companies contacts deals', 'write', 'schemas'),
]

/** What the app asks for at the consent, and cannot do without; its project file names the same. */
export const ASKED: readonly string[] = [
  'oauth',
  ...NEEDED,
  'crm.objects.owners.read',
  ...scopes('companies contacts deals', 'read', 'schemas'),
]

/** What it asks for beyond that: kinds that are left out where a portal does not have or give them. */
export const ASKED_IF_GIVEN: readonly string[] = [...scopes('custom line_items products', 'read'), 'crm.schemas.custom.read', 'tickets']

/** Everything that Assay uses; whatever else was granted is more than it needs. */
export const USED: ReadonlySet<string> = new Set([
  ...ASKED,
  ...ASKED_IF_GIVEN,
  'e-commerce',
  'crm.objects.tickets.read',
  ...scopes('line_items products tickets', 'read', 'schemas'),
])
