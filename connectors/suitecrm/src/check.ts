import { PUBLISHED_FIELDS, type Check, type FieldCheck, type KindCheck } from '@assay/shared'
import { ANSWERS, plainName, SCORED } from '@assay/sugar-family'
import { isBreakdown } from './answer.ts'
import { INSTALL, plan } from './fields.ts'
import { readHint, readRight, type Instance } from './instance.ts'
import { MODULES, NEEDED, type ModuleType } from './modules.ts'
import { PACKAGE, PACKAGE_FILE } from './package/index.ts'
import { page } from './query.ts'

type Missing = Check['missing'][number]

const WRITTEN: ReadonlySet<string> = new Set(Object.values(SCORED))
const NOT_THERE = 'this version of SuiteCRM has no such field'

const fieldsOf = async (instance: Instance, module: ModuleType): Promise<FieldCheck[]> => {
  const shown = await instance.fields(module.name)
  const fixed = module.fields.map((name): FieldCheck => {
    const readable = shown?.has(name) === true
    return { name, readable, writable: null, why: readable ? null : NOT_THERE }
  })
  const linked = module.links.map((name): FieldCheck => ({ name, readable: true, writable: null, why: null }))
  const { custom } = await instance.asked(module)
  const own = custom.map(({ name }): FieldCheck => ({ name, readable: true, writable: null, why: null }))
  const scores = WRITTEN.has(module.name) ? [...(shown?.keys() ?? [])].filter((name) => plainName(name) !== null && !ANSWERS.has(name)) : []
  // There are no rights by field, and none by module that could be asked for: a role that forbids editing is met when writing.
  const written = scores.map((name): FieldCheck => ({ name, readable: true, writable: true, why: null }))
  return [...fixed, ...linked, ...own, ...written]
}

/** How many records of a module this sign-in sees; null where access is denied, or the module switched off. */
const countIn = async (instance: Instance, module: ModuleType): Promise<{ records: number | null } | null> => {
  if ((await instance.fields(module.name)) === null) return null
  const found = await page(instance.client, { module, fields: ['id'], where: '', most: 1 })
  return found === null ? null : { records: found.total }
}

const checkModule = async (instance: Instance, module: ModuleType): Promise<{ check: KindCheck; missing: Missing[] }> => {
  const { kind, name: source } = module
  let broken: string | null = null
  const counted = await countIn(instance, module).catch((error: unknown) => {
    if (NEEDED.has(source) || !isBreakdown(error)) throw error
    broken = error.message
    return null
  })
  if (counted === null) {
    const why = broken ?? `${readRight(source)} is missing, or the module is switched off`
    const missing = NEEDED.has(source) ? [{ what: readRight(source), hint: readHint(source) }] : []
    return { check: { kind, source, readable: false, why, records: null, fields: [] }, missing }
  }
  const { unseen } = await instance.asked(module)
  const missing = unseen.map((field) => ({
    what: readRight(field),
    hint: 'The field is not in this SuiteCRM: until it is, it stays unknown.',
  }))
  return { check: { kind, source, readable: true, why: null, ...counted, fields: await fieldsOf(instance, module) }, missing }
}

/** Whether the package is in, and whole. */
const packageMissing = async (instance: Instance): Promise<Missing[]> => {
  const shown = await Promise.all([SCORED[instance.settings.customer], SCORED.deal].map((name) => instance.fields(name)))
  if (shown.includes(null)) return []
  const { create, keep, clash } = await plan(instance, PUBLISHED_FIELDS)
  const clashes = clash.map(({ object, name, why }) => ({
    what: `${object}.${name}: ${why}`,
    hint: 'Delete that field in Admin > Studio, then install the package again.',
  }))
  if (create.length === 0) return clashes
  const what =
    keep.length === 0 && clash.length === 0
      ? `the package "${PACKAGE.name}" (${PACKAGE_FILE})`
      : `${create.length} fields of the package "${PACKAGE.name}": ${create.map(({ object, name }) => `${object}.${name}`).join(', ')}`
  return [{ what, hint: INSTALL }, ...clashes]
}

interface CurrentUser {
  readonly id: string
  readonly name: string
}

/** Who is signed in over V8. */
const currentUser = async ({ client }: Instance): Promise<CurrentUser> => {
  const { data } = ((await client.api({ path: '/current-user' })).body ?? {}) as {
    data?: { id?: unknown; attributes?: Readonly<Record<string, unknown>> }
  }
  const name = data?.attributes?.['user_name']
  return { id: typeof data?.id === 'string' ? data.id : '', name: typeof name === 'string' ? name : 'unknown' }
}

/** What this sign-in can do. Looks at names and numbers; keeps no record. */
export const check = async (instance: Instance): Promise<Check> => {
  const { client, settings } = instance
  const user = await currentUser(instance)
  const { userId, isAdmin } = await client.session()
  const checks: Awaited<ReturnType<typeof checkModule>>[] = []
  for (const module of MODULES) checks.push(await checkModule(instance, module))
  const twoUsers: Missing[] =
    user.id === '' || userId === '' || user.id === userId
      ? []
      : [
          {
            what: `one user on both roads: V8 is "${user.name}", v4_1 is "${settings.username}"`,
            hint: 'Assign the OAuth2 client to the integration user (Admin > OAuth2 Clients and Tokens), or sign in as the user that it is assigned to.',
          },
        ]
  return {
    signedInAs: `${user.name} (V8), ${settings.username} (v4_1)`,
    account: `${client.instance} (SuiteCRM ${(await instance.server()).version})`,
    currency: settings.currency,
    kinds: checks.map((entry) => entry.check),
    // SuiteCRM does not count calls.
    quota: { limit: null, remaining: null, resetsAt: null },
    missing: [...twoUsers, ...checks.flatMap((entry) => entry.missing), ...(await packageMissing(instance))],
    surplus: isAdmin ? ['System Administrator'] : [],
  }
}
