import { AssayError, PUBLISHED_FIELDS } from '@assay/shared'
import type { FieldChange, FieldPlan, Host, Receipt, Removal, ScoreField } from '@assay/shared'
import { typesOf } from './custom-field.ts'
import { fieldName, located, plainName, SCORED, type Located } from './names.ts'

/** What is said of a package, and by whom it is brought. */
export interface Words {
  readonly connector: string
  /** As people call it. */
  readonly crm: string
  /** The name of the package's file. */
  readonly file: string
  /** How it is installed. */
  readonly install: string
  /** Why a field of it cannot be taken back one by one. */
  readonly uninstall: string
  /** What is wrong where a module is not shown. */
  unreadable(module: string): AssayError
}

/** As much of a signed-in CRM as is asked for its fields. */
interface Instance {
  readonly host: Host
  readonly settings: { readonly customer: 'account' | 'contact' }
  fields(module: string): Promise<ReadonlyMap<string, { readonly type: string }> | null>
}

const change = ({ module, name, field }: Located): FieldChange => ({ object: module, name, label: field.label })

/** Why an installed field cannot hold ours; null when it can. */
const clashOf = (type: string, field: ScoreField): string | null =>
  typesOf(field).includes(type) ? null : `it exists as ${type}, ${typesOf(field)[0]} is needed`

/** What can be done about the fields in a CRM where a package brings them, for no call can make a field. */
export interface PackagedFields {
  /** What of these fields is there. `create` is what the package brings. */
  readonly plan: (instance: Instance, fields: readonly ScoreField[]) => Promise<FieldPlan>
  /**
   * Sees that the fields are there: none can be made over an API. Rejects (`config`) where one is missing, naming the package
   * that brings it, and on a clash. What it made is therefore always nothing.
   */
  readonly ensureFields: (instance: Instance, fields: readonly ScoreField[]) => Promise<Receipt>
  /**
   * Takes back nothing: a package's fields go when an admin uninstalls it. Says so for each of them that is still there, and names what
   * else carries Assay's prefix.
   */
  readonly removeFields: (instance: Instance, receipt: Receipt | null) => Promise<Removal>
}

export const fieldsByPackage = (words: Words): PackagedFields => {
  const plan = async (instance: Instance, fields: readonly ScoreField[]): Promise<FieldPlan> => {
    const made: { create: FieldChange[]; keep: FieldChange[]; clash: (FieldChange & { why: string })[] } = {
      create: [],
      keep: [],
      clash: [],
    }
    for (const want of located(fields, instance.settings.customer)) {
      const shown = await instance.fields(want.module)
      if (shown === null) throw words.unreadable(want.module)
      const existing = shown.get(want.name)
      const why = existing === undefined ? null : clashOf(existing.type, want.field)
      if (existing === undefined) made.create.push(change(want))
      else if (why === null) made.keep.push(change(want))
      else made.clash.push({ ...change(want), why })
    }
    return made
  }

  const ensureFields = async (instance: Instance, fields: readonly ScoreField[]): Promise<Receipt> => {
    const { create, clash } = await plan(instance, fields)
    const named = (changes: readonly FieldChange[]): string => changes.map(({ object, name }) => `${object}.${name}`).join(', ')
    if (clash.length > 0) {
      const reasons = clash.map(({ object, name, why }) => `${object}.${name}: ${why}`).join('; ')
      throw new AssayError('config', `Fields that are in the way in ${words.crm}: ${reasons}`, {
        hint: `Delete those fields in ${words.crm} (Admin > Studio), then install the package; Assay never changes a field.`,
      })
    }
    if (create.length > 0)
      throw new AssayError(
        'config',
        `${words.crm} makes fields by a package only, and these are not there yet: ${named(create)}. Upload ${words.file}.`,
        { hint: words.install },
      )
    return { connector: words.connector, madeAt: instance.host.now(), made: [] }
  }

  const removeFields = async (instance: Instance, receipt: Receipt | null): Promise<Removal> => {
    const ours = new Set(PUBLISHED_FIELDS.map(({ name }) => fieldName(name)))
    const named = new Set(receipt?.made.map(({ object, name }) => `${object}.${name}`))
    const left: Removal['left'][number][] = []
    for (const object of Object.values(SCORED))
      for (const name of (await instance.fields(object))?.keys() ?? []) if (plainName(name) !== null) left.push({ object, name })
    const blocked = left
      .filter(({ object, name }) => ours.has(name) && (named.size === 0 || named.has(`${object}.${name}`)))
      .map((entry) => ({ ...entry, why: words.uninstall }))
    return { removed: [], blocked, left }
  }

  return { plan, ensureFields, removeFields }
}
