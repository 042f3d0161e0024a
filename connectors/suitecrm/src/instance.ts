import { AssayError, once, type Host } from '@assay/shared'
import { refusalOf } from './answer.ts'
import type { SuiteClient } from './client.ts'
import { HOME, isAttribute } from './map.ts'
import type { ModuleType } from './modules.ts'
import type { Settings } from './settings.ts'
import { recordsIn, type WireField, type WireList } from './wire.ts'

/** What is asked for of one module, and what of it is not there. */
export interface Asked {
  readonly fields: readonly string[]
  readonly custom: readonly WireField[]
  /** `Accounts.website` */
  readonly unseen: readonly string[]
}

export interface ServerInfo {
  readonly version: string
}

/** What a session asks the server once and then knows. */
export interface Instance {
  readonly client: SuiteClient
  readonly host: Host
  readonly settings: Settings
  /** A module's fields by name; null where the module is not shown to this sign-in, or there is none. */
  fields(module: string): Promise<ReadonlyMap<string, WireField> | null>
  /** Rejects (`config`) when the module may not be read. */
  asked(module: ModuleType): Promise<Asked>
  /** ISO 4217 by SuiteCRM's id of a currency; where the sign-in is not shown the list, of the own one only. */
  currencies(): Promise<ReadonlyMap<string, string>>
  server(): Promise<ServerInfo>
}

export const readRight = (what: string): string => `Read on ${what}`
export const readHint = (module: string): string =>
  `Give the integration user a role with "Access: Enabled", "List: All" and "View: All" on ${module} (Admin > Role Management), and let the module be displayed (Admin > Display Modules and Subpanels).`

/** A module that may not be read is never taken for an empty one. */
export const unreadable = (module: string): AssayError =>
  new AssayError('config', `SuiteCRM does not show ${module} to this sign-in: ${readRight(module)} is missing.`, { hint: readHint(module) })

const MOST_CURRENCIES = 200

type Described = Readonly<Record<string, { readonly type?: unknown; readonly source?: unknown; readonly len?: unknown } | undefined>>

const fieldsIn = (described: unknown): ReadonlyMap<string, WireField> | null => {
  if (typeof described !== 'object' || described === null) return null
  const fields = new Map<string, WireField>()
  for (const [name, field] of Object.entries(described as Described)) {
    if (typeof field !== 'object') continue
    const { type, source, len } = field
    fields.set(name, {
      name,
      type: typeof type === 'string' ? type : 'varchar',
      ...(typeof source === 'string' ? { source } : {}),
      ...(typeof len === 'string' || typeof len === 'number' ? { len } : {}),
    })
  }
  return fields.size === 0 ? null : fields
}

/**
 * V8 tells where a field is from and how long it may be. It tells nothing of modules that are not among the tabs of the user (Users
 * never is): then v4_1 is asked, which goes by the roles.
 */
const describe = async (client: SuiteClient, module: string): Promise<ReadonlyMap<string, WireField> | null> => {
  const answer = await client.api({
    path: `/meta/fields/${module}`,
    // Whatever it refuses, in its own words: a page or nothing is another kind of trouble.
    accept: ({ status, body }) => status !== 401 && status !== 429 && refusalOf(body) !== '',
  })
  if (answer.status < 300) {
    const { data } = (answer.body ?? {}) as { data?: { attributes?: unknown } }
    const found = fieldsIn(data?.attributes)
    if (found === null) throw new AssayError('data', `SuiteCRM names no field of ${module}.`)
    return found
  }
  const said = await client.service('get_module_fields', { module_name: module, fields: [] })
  return fieldsIn((said as { module_fields?: unknown } | null)?.module_fields)
}

/** The currencies beside the instance's own. */
const currencies = async (client: SuiteClient, settings: Settings): Promise<ReadonlyMap<string, string>> => {
  const codes = new Map([[HOME, settings.currency]])
  const said = await client.service('get_entry_list', {
    module_name: 'Currencies',
    query: '',
    order_by: 'name',
    offset: 0,
    select_fields: ['id', 'iso4217'],
    link_name_to_fields_array: [],
    max_results: MOST_CURRENCIES,
    deleted: 0,
    favorites: false,
  })
  const { entry_list: entries } = (said ?? {}) as Partial<WireList>
  for (const { id, values } of Array.isArray(entries) ? recordsIn({ entry_list: entries }) : []) {
    const code = values['iso4217']
    if (typeof code === 'string' && /^[A-Z]{3}$/.test(code)) codes.set(id, code)
  }
  return codes
}

export const openInstance = (client: SuiteClient, host: Host, settings: Settings): Instance => {
  const described = new Map<string, () => Promise<ReadonlyMap<string, WireField> | null>>()
  const fields = (module: string): Promise<ReadonlyMap<string, WireField> | null> => {
    const ask = described.get(module) ?? once(() => describe(client, module))
    described.set(module, ask)
    return ask()
  }
  return {
    client,
    host,
    settings,
    fields,
    async asked(module) {
      const shown = await fields(module.name)
      if (shown === null) throw unreadable(module.name)
      return {
        // A field that is not there would be a 500 without a word.
        fields: module.fields.filter((name) => shown.has(name)),
        custom: [...shown.values()].filter(isAttribute),
        unseen: module.fields.filter((name) => !shown.has(name) && !module.optional.has(name)).map((name) => `${module.name}.${name}`),
      }
    },
    currencies: once(() => currencies(client, settings)),
    server: once(async () => {
      const said = ((await client.serverInfo()) ?? {}) as { suitecrm_version?: unknown; version?: unknown }
      const version = typeof said.suitecrm_version === 'string' ? said.suitecrm_version : said.version
      return { version: typeof version === 'string' ? version : 'of unknown version' }
    }),
  }
}
