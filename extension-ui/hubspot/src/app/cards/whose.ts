import { hasFields, hasScores, type Properties } from './fields.ts'

/** What HubSpot says of an associated company. */
export interface Associated {
  readonly toObjectId: number
  readonly associationTypes: readonly { readonly typeId: number; readonly label: string | null }[]
  readonly properties: Properties
}

export type Whose =
  | { readonly found: 'own' }
  | { readonly found: 'company'; readonly id: number; readonly name: string | null; readonly properties: Properties }
  | { readonly found: 'nobody' }

/** HubSpot's marks for the one company among several that counts: of a contact, and of a deal. */
const PRIMARY: ReadonlySet<number> = new Set([1, 5])

/** The primary company, else the one with the smallest id: the same that the connector takes. */
function companyOf(associated: readonly Associated[]): Associated | undefined {
  const isPrimary = ({ associationTypes }: Associated): boolean =>
    associationTypes.some(({ typeId, label }) => PRIMARY.has(typeId) || label === 'Primary')
  return associated.find(isPrimary) ?? [...associated].sort((one, other) => one.toObjectId - other.toObjectId)[0]
}

/**
 * Whose scores a contact or a deal shows: its own where it is the customer itself, else those of its company. `own` are the
 * properties of a contact; null for a deal, which never has scores of a customer.
 */
export function whose(own: Properties | null, associated: readonly Associated[]): Whose {
  if (own !== null && hasScores(own)) return { found: 'own' }
  const company = companyOf(associated)
  if (own !== null && hasFields(own) && (company === undefined || !hasFields(company.properties))) return { found: 'own' }
  if (company === undefined) return { found: 'nobody' }
  return { found: 'company', id: company.toObjectId, name: company.properties['name'] ?? null, properties: company.properties }
}
