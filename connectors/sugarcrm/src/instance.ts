import { AssayError, once, type Host } from '@assay/shared'
import type { SugarClient } from './client.ts'
import { isAttribute } from './map.ts'
import { MODULES, type ModuleType } from './modules.ts'
import type { Settings } from './settings.ts'
import { forbids, forbidsField, type WireField, type WireMetadata, type WireUser } from './wire.ts'

/** What is asked for of one module, and what of it this sign-in cannot see. */
export interface Asked {
  readonly fields: readonly string[]
  readonly custom: readonly WireField[]
  /** `Accounts.website` */
  readonly unseen: readonly string[]
}

export interface Currencies {
  /** The instance's own; null where it does not say which. */
  readonly home: string | null
  /** ISO 4217 by Sugar's id. */
  readonly codes: ReadonlyMap<string, string>
}

/** What a session asks the instance once and then knows. */
export interface Instance {
  readonly client: SugarClient
  readonly host: Host
  readonly settings: Settings
  me(): Promise<WireUser>
  /** A module's fields by name, hidden ones among them; null where the module is not shown to this sign-in, or there is none. */
  fields(module: string): Promise<ReadonlyMap<string, WireField> | null>
  /** Rejects (`config`) when the module may not be read. */
  asked(module: ModuleType): Promise<Asked>
  currencies(): Promise<Currencies>
}

/** Sugar's id of the instance's own currency. */
const HOME = '-99'

export const readRight = (what: string): string => `Read on ${what}`
export const readHint = (module: string): string =>
  `Give the integration user a role with "Access: Enabled", "List: All" and "View: All" on ${module} (Admin > Role Management), and see that the edition has that module.`

/** A module that may not be read is never taken for an empty one. */
export const unreadable = (module: string): AssayError =>
  new AssayError('config', `Sugar does not show ${module} to this sign-in: ${readRight(module)} is missing.`, { hint: readHint(module) })

const fieldsIn = (module: unknown): ReadonlyMap<string, WireField> | null => {
  const { fields = {} } = (typeof module === 'object' && module !== null ? module : {}) as { fields?: Record<string, unknown> }
  const known = Object.entries(fields).filter((entry): entry is [string, WireField] => typeof entry[1] === 'object' && entry[1] !== null)
  // A module of which nothing but a hash is told is not usable.
  return known.length === 0 ? null : new Map(known.map(([name, field]) => [name, { ...field, name }]))
}

export const openInstance = (client: SugarClient, host: Host, settings: Settings): Instance => {
  const metadata = once(async () => {
    const names = MODULES.map(({ name }) => name).join(',')
    const query = `type_filter=modules,currencies&module_filter=${names}&platform=${encodeURIComponent(settings.platform)}`
    const answer = await client.call({ path: `/metadata?${query}` })
    const said = answer.body as WireMetadata | null
    if (typeof said?.modules !== 'object') throw new AssayError('data', "Sugar's metadata names no modules.")
    return said
  })
  const me = once(async () => {
    const answer = await client.call({ path: '/me' })
    const { current_user: user } = (answer.body ?? {}) as { current_user?: WireUser }
    if (user?.id === undefined) throw new AssayError('data', 'Sugar does not say who is signed in.')
    return user
  })
  const fields = async (module: string) => (forbids(await me(), module, 'list') ? null : fieldsIn((await metadata()).modules?.[module]))

  return {
    client,
    host,
    settings,
    me,
    fields,
    async asked(module) {
      const shown = await fields(module.name)
      if (shown === null) throw unreadable(module.name)
      const user = await me()
      const reads = (name: string): boolean => shown.has(name) && !forbidsField(user, module.name, name, 'read')
      return {
        fields: module.fields.filter(reads),
        custom: [...shown.values()].filter((field) => isAttribute(field) && reads(field.name)),
        unseen: module.fields
          .filter((name) => !reads(name) && (shown.has(name) || !module.optional.has(name)))
          .map((name) => `${module.name}.${name}`),
      }
    },
    currencies: once(async () => {
      const codes = new Map<string, string>()
      for (const [id, currency] of Object.entries((await metadata()).currencies ?? {}))
        if (typeof currency === 'object') {
          // Versions differ in the name.
          const code = currency.iso4217 ?? currency.iso ?? ''
          if (code !== '') codes.set(id, code)
        }
      const home = settings.currency ?? codes.get(HOME) ?? null
      if (home !== null) codes.set(HOME, home)
      return { home, codes }
    }),
  }
}
