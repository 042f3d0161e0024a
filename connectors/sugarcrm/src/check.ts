import { PUBLISHED_FIELDS, type Check, type FieldCheck, type KindCheck } from '@assay/shared'
import { ANSWERS, fieldName, plainName, SCORED } from '@assay/sugar-family'
import { INSTALL, plan, REPAIR } from './fields.ts'
import { auditedFields } from './history.ts'
import { readHint, readRight, type Instance } from './instance.ts'
import { AUDIT, CONTACTS, HISTORY_FIELDS, MODULES, NEEDED, type ModuleType } from './modules.ts'
import { compareVersions, PACKAGE, PACKAGE_FILE, STAMPED, versionIn } from './package/index.ts'
import { developsModule, forbids, forbidsField, type WireUser } from './wire.ts'

type Missing = Check['missing'][number]

const WRITTEN: ReadonlySet<string> = new Set(Object.values(SCORED))
const HIDDEN = 'a role hides this field from the sign-in'
const NOT_THERE = 'this edition or version of Sugar has no such field'

interface Counted {
  readonly readable: boolean
  readonly records: number | null
}

/** How many records each module has, as far as this sign-in sees them. One call for all. */
const counts = async ({ client }: Instance): Promise<ReadonlyMap<string, Counted>> => {
  const answers = await client.bulk(MODULES.map(({ name }) => ({ method: 'GET', path: `/${name}/count` })))
  return new Map(
    MODULES.map(({ name }, at) => {
      const { status = 0, body = null } = answers[at] ?? {}
      const records = Number((body as { record_count?: string | number } | null)?.record_count ?? Number.NaN)
      return [name, { readable: status !== 403 && status !== 404, records: status < 300 && Number.isFinite(records) ? records : null }]
    }),
  )
}

const fixedField = async (instance: Instance, user: WireUser, module: ModuleType, name: string): Promise<FieldCheck> => {
  const isThere = (await instance.fields(module.name))?.has(name) === true
  const readable = isThere && !forbidsField(user, module.name, name, 'read')
  return {
    name,
    readable,
    writable: null,
    why: readable ? null : isThere ? HIDDEN : module.optional.has(name) ? NOT_THERE : `${HIDDEN}, or it is not there`,
  }
}

const fieldsOf = async (instance: Instance, user: WireUser, module: ModuleType): Promise<FieldCheck[]> => {
  const fixed: FieldCheck[] = []
  for (const name of module.fields) fixed.push(await fixedField(instance, user, module, name))
  const { custom } = await instance.asked(module)
  const own = custom.map(({ name }): FieldCheck => ({ name, readable: true, writable: null, why: null }))
  const scores = WRITTEN.has(module.name)
    ? [...((await instance.fields(module.name))?.keys() ?? [])].filter((name) => plainName(name) !== null)
    : []
  // People's answers are read and never written.
  const written = scores
    .filter((name) => !ANSWERS.has(name))
    .map((name): FieldCheck => {
      const writable = !forbids(user, module.name, 'edit') && !forbidsField(user, module.name, name, 'write')
      return { name, readable: true, writable, why: writable ? null : 'a role forbids the sign-in to edit this field' }
    })
  const linked: FieldCheck[] = module.contacts ? [{ name: CONTACTS, readable: true, writable: null, why: null }] : []
  return [...fixed, ...linked, ...own, ...written]
}

const checkModule = async (
  instance: Instance,
  user: WireUser,
  module: ModuleType,
  counted: Counted | undefined,
): Promise<{ check: KindCheck; missing: Missing[] }> => {
  const { kind, name: source } = module
  if ((await instance.fields(source)) === null || counted?.readable === false) {
    const why = `${readRight(source)} is missing, or this edition of Sugar has no such module`
    const missing = NEEDED.has(source) ? [{ what: readRight(source), hint: readHint(source) }] : []
    return { check: { kind, source, readable: false, why, records: null, fields: [] }, missing }
  }
  const fields = await fieldsOf(instance, user, module)
  const { unseen } = await instance.asked(module)
  const missing: Missing[] = unseen.map((field) => ({
    what: readRight(field),
    hint: 'Let the integration user read this field (Admin > Role Management, Field Permissions); until then it stays unknown.',
  }))
  const editable = !forbids(user, source, 'edit')
  if (WRITTEN.has(source) && !editable)
    missing.push({
      what: `Edit on ${source}`,
      hint: `Give the integration user a role with "Edit: All" on ${source}: no score can be written there without it.`,
    })
  for (const { name } of editable ? fields.filter(({ writable }) => writable === false) : [])
    missing.push({
      what: `Edit on ${source}.${name}`,
      hint: 'Let the integration user write this field (Admin > Role Management, Field Permissions).',
    })
  if (source === 'Tasks' && !editable)
    missing.push({
      what: 'Edit on Tasks',
      hint: 'Give the integration user a role with "Edit: All" on Tasks: no alert can be made without it.',
    })
  return { check: { kind, source, readable: true, why: null, records: counted?.records ?? null, fields }, missing }
}

const checkHistory = async (instance: Instance): Promise<KindCheck> => {
  const shown = await instance.fields('Opportunities')
  const audited = await auditedFields(instance)
  const fields = Object.keys(HISTORY_FIELDS).map((name): FieldCheck => {
    const readable = audited.has(name)
    const why = readable
      ? null
      : shown?.has(name) === true
        ? 'Sugar keeps no history of this field: switch on "Audit" for it in Admin > Studio'
        : NOT_THERE
    return { name, readable, writable: null, why }
  })
  const readable = shown !== null
  return {
    kind: 'dealHistory',
    source: AUDIT,
    readable,
    why: readable ? null : `${readRight('Opportunities')} is missing`,
    records: null,
    fields,
  }
}

/** Which version of the package is in, by the name of a label; null where none is, or it cannot be told. */
const packageVersion = async (instance: Instance): Promise<string | null> => {
  const shown = await instance.fields(SCORED[instance.settings.customer])
  return versionIn(shown?.get(fieldName(STAMPED))?.vname)
}

/** Whether the package is in, whole, and of this version. */
const packageMissing = async (instance: Instance): Promise<Missing[]> => {
  const shown = await Promise.all([SCORED[instance.settings.customer], SCORED.deal].map((name) => instance.fields(name)))
  if (shown.includes(null)) return []
  const { create, keep, clash } = await plan(instance, PUBLISHED_FIELDS)
  const clashes = clash.map(({ object, name, why }) => ({
    what: `${object}.${name}: ${why}`,
    hint: 'Delete that field in Admin > Studio, then install the package again.',
  }))
  if (keep.length === 0 && clash.length === 0) return [{ what: `the package "${PACKAGE.name}" (${PACKAGE_FILE})`, hint: INSTALL }]
  const version = await packageVersion(instance)
  const order = version === null ? -1 : compareVersions(version, PACKAGE.version)
  const missing: Missing[] = []
  if (create.length > 0)
    missing.push({
      what: `${create.length} fields of the package "${PACKAGE.name}": ${create.map(({ object, name }) => `${object}.${name}`).join(', ')}`,
      hint: order < 0 ? INSTALL : REPAIR,
    })
  if (order < 0)
    missing.push({
      what: `version ${PACKAGE.version} of the package "${PACKAGE.name}": ${version === null ? 'which one is installed cannot be told' : `${version} is installed`}`,
      hint: INSTALL,
    })
  if (order > 0)
    missing.push({
      what: `an Assay that knows version ${version} of the package "${PACKAGE.name}"; this one brings ${PACKAGE.version}`,
      hint: 'Update Assay; until then it writes what it knows.',
    })
  return [...missing, ...clashes]
}

const surplusOf = (user: WireUser): string[] => {
  if (user.type === 'admin' || user.is_admin === true) return ['System Administrator']
  return MODULES.filter(({ name }) => developsModule(user, name)).map(({ name }) => `Administrator or developer of ${name}`)
}

/** What this sign-in can do. Looks at names, rights and numbers; reads no record. */
export const check = async (instance: Instance): Promise<Check> => {
  const user = await instance.me()
  const counted = await counts(instance)
  const checks: Awaited<ReturnType<typeof checkModule>>[] = []
  for (const module of MODULES) checks.push(await checkModule(instance, user, module, counted.get(module.name)))
  const kinds = checks.map((entry) => entry.check)
  kinds.splice(kinds.findIndex(({ kind }) => kind === 'deal') + 1, 0, await checkHistory(instance))
  const { settings, client } = instance
  const version = await packageVersion(instance)
  return {
    signedInAs: `${user.full_name ?? user.user_name ?? user.id ?? 'unknown'} (${user.user_name ?? 'unknown'}, platform ${settings.platform})`,
    account: `${client.instance} (API v${settings.apiVersion}, ${version === null ? 'no package' : `package ${PACKAGE.name} ${version}`})`,
    currency: (await instance.currencies()).home,
    kinds,
    // Sugar does not count calls.
    quota: { limit: null, remaining: null, resetsAt: null },
    missing: [...checks.flatMap((entry) => entry.missing), ...(await packageMissing(instance))],
    surplus: surplusOf(user),
  }
}
