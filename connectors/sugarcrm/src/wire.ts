/** Sugar's shapes, as far as Assay reads them. */

/** A record by field name. */
export type WireRecord = Readonly<Record<string, unknown>>

export interface WireField {
  readonly name: string
  readonly type: string
  readonly source?: string
  readonly len?: string | number
  readonly options?: string
  /** The name of its label. */
  readonly vname?: string
  readonly audited?: boolean
  /** Put together from other fields. */
  readonly calculated?: boolean | string
  readonly formula?: string
}
interface WireModule {
  /** Beside the fields stands a hash. */
  readonly fields?: Readonly<Record<string, WireField | string>>
}
export interface WireMetadata {
  readonly modules?: Readonly<Record<string, WireModule | string>>
  readonly currencies?: Readonly<Record<string, { readonly iso4217?: string | null; readonly iso?: string | null } | string>>
}
/** What one module's rights say: what is not forbidden is allowed. */
interface WireRights {
  readonly access?: string
  readonly list?: string
  readonly view?: string
  readonly edit?: string
  readonly admin?: string
  readonly developer?: string
  readonly fields?: Readonly<Record<string, { readonly read?: string; readonly write?: string }>>
}
export interface WireUser {
  readonly id?: string
  readonly user_name?: string
  readonly full_name?: string
  readonly type?: string
  readonly is_admin?: boolean
  readonly acl?: Readonly<Record<string, WireRights | string>>
}
export interface WirePage {
  /** -1 on the last page. */
  readonly next_offset?: number | string
  readonly records: readonly WireRecord[]
}

const rightsOf = (user: WireUser, module: string): WireRights => {
  const rights = user.acl?.[module]
  return typeof rights === 'object' ? rights : {}
}
const FORBIDDEN = 'no'

/** Whether the rights of a user forbid to see a module, or to do a thing in it. */
export const forbids = (user: WireUser, module: string, what: 'list' | 'view' | 'edit'): boolean => {
  const rights = rightsOf(user, module)
  return rights.access === FORBIDDEN || rights[what] === FORBIDDEN
}
export const forbidsField = (user: WireUser, module: string, field: string, what: 'read' | 'write'): boolean => {
  const rights = rightsOf(user, module).fields
  // Where there are no rights by field, PHP writes an empty list.
  return !Array.isArray(rights) && rights?.[field]?.[what] === FORBIDDEN
}
export const developsModule = (user: WireUser, module: string): boolean => {
  const { admin, developer } = rightsOf(user, module)
  return admin === 'yes' || developer === 'yes'
}
