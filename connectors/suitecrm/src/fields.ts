import { AssayError, PUBLISHED_FIELDS } from '@assay/shared'
import type { FieldChange, FieldPlan, Receipt, Removal, ScoreField } from '@assay/shared'
import { unreadable, type Instance } from './instance.ts'
import { fieldName, located, PACKAGE, PACKAGE_FILE, plainName, SCORED, typesOf, type Located } from './package/index.ts'

const change = ({ module, name, field }: Located): FieldChange => ({ object: module, name, label: field.label })

/** Why an installed field cannot hold ours; null when it can. */
const clashOf = (type: string, field: ScoreField): string | null =>
  typesOf(field).includes(type) ? null : `it exists as ${type}, ${typesOf(field)[0]} is needed`

/** What of these fields is in SuiteCRM. `create` is what the package brings, for no call can make a field. */
export const plan = async (instance: Instance, fields: readonly ScoreField[]): Promise<FieldPlan> => {
  const made: { create: FieldChange[]; keep: FieldChange[]; clash: (FieldChange & { why: string })[] } = { create: [], keep: [], clash: [] }
  for (const want of located(fields, instance.settings.customer)) {
    const shown = await instance.fields(want.module)
    if (shown === null) throw unreadable(want.module)
    const existing = shown.get(want.name)
    const why = existing === undefined ? null : clashOf(existing.type, want.field)
    if (existing === undefined) made.create.push(change(want))
    else if (why === null) made.keep.push(change(want))
    else made.clash.push({ ...change(want), why })
  }
  return made
}

export const INSTALL = `An admin of SuiteCRM uploads ${PACKAGE_FILE} (assay fields build suitecrm makes it) under Admin > Module Loader and installs it; an older version of the package is replaced by it.`
const UNINSTALL = `it came with the package "${PACKAGE.name}": an admin of SuiteCRM takes it back, with all its fields and what stands in them, under Admin > Module Loader > ${PACKAGE.name} > Uninstall, then Delete Package`

/**
 * Sees that the fields are there: none can be made over SuiteCRM's APIs. Rejects (`config`) where one is missing, naming the package
 * that brings it, and on a clash. What it made is therefore always nothing.
 */
export const ensureFields = async (instance: Instance, fields: readonly ScoreField[]): Promise<Receipt> => {
  const { create, clash } = await plan(instance, fields)
  const named = (changes: readonly FieldChange[]): string => changes.map(({ object, name }) => `${object}.${name}`).join(', ')
  if (clash.length > 0) {
    const reasons = clash.map(({ object, name, why }) => `${object}.${name}: ${why}`).join('; ')
    throw new AssayError('config', `Fields that are in the way in SuiteCRM: ${reasons}`, {
      hint: 'Delete those fields in SuiteCRM (Admin > Studio), then install the package; Assay never changes a field.',
    })
  }
  if (create.length > 0)
    throw new AssayError(
      'config',
      `SuiteCRM makes fields by a package only, and these are not there yet: ${named(create)}. Upload ${PACKAGE_FILE}.`,
      { hint: INSTALL },
    )
  return { connector: 'suitecrm', madeAt: instance.host.now(), made: [] }
}

/**
 * Takes back nothing: a package's fields go when an admin uninstalls it. Says so for each of them that is still there, and names what
 * else carries Assay's prefix.
 */
export const removeFields = async (instance: Instance, receipt: Receipt | null): Promise<Removal> => {
  const ours = new Set(PUBLISHED_FIELDS.map(({ name }) => fieldName(name)))
  const named = new Set(receipt?.made.map(({ object, name }) => `${object}.${name}`))
  const left: Removal['left'][number][] = []
  for (const object of Object.values(SCORED))
    for (const name of (await instance.fields(object))?.keys() ?? []) if (plainName(name) !== null) left.push({ object, name })
  const blocked = left
    .filter(({ object, name }) => ours.has(name) && (named.size === 0 || named.has(`${object}.${name}`)))
    .map((entry) => ({ ...entry, why: UNINSTALL }))
  return { removed: [], blocked, left }
}
