import { createHash } from 'node:crypto'
import type { Exchange } from '../exchange.ts'
import type { Field } from '../fields.ts'
import type { Instance } from '../instance.ts'
import { MODULES, type ModuleName } from '../modules.ts'
import type { Loader } from '../packages/loader.ts'
import { errorReply, ok, type Reply } from '../reply.ts'
import { plainText } from '../values.ts'
import { FLAVORS, SERVER_VERSION } from '../version.ts'

/** `/metadata`, `/lang/…`, `/me`. */
export function metadataRoutes(
  instance: Instance,
  loader: Loader,
): Readonly<Record<'metadata' | 'lang' | 'me', (exchange: Exchange) => Reply>> {
  const { schema, access } = instance
  const hash = (...parts: readonly string[]): string =>
    createHash('md5')
      .update([schema.hash(), ...parts].join(' '))
      .digest('hex')

  const moduleOf = (module: ModuleName): object => ({
    fields: {
      ...Object.fromEntries([...schema.fields(module).values()].map((field) => [field.name, definitionOf(field)])),
      _hash: hash(module, 'fields'),
    },
    favoritesEnabled: true,
    activityStreamEnabled: true,
    isBwcEnabled: false,
    _hash: hash(module),
  })

  const serverInfo = (): object => ({
    flavor: FLAVORS[schema.enterprise ? 'enterprise' : 'professional'],
    version: SERVER_VERSION,
    build: '1',
    product_name: 'Stand-in',
    site_id: 'acme',
  })

  const aclOf = (userId: string): object =>
    Object.fromEntries(
      schema.modules().map((module) => [
        module,
        {
          // Where nothing is denied PHP writes an empty list.
          fields: emptyAsList(access.denied(userId, module)),
          admin: userId === '1' ? 'yes' : 'no',
          developer: userId === '1' ? 'yes' : 'no',
          ...access.deniedRights(userId, module),
          _hash: hash(module, 'acl'),
        },
      ]),
    )

  const currencies = (): object => {
    const { currency } = instance.store.source.facts
    const one = (name: string, iso: string, rate: number): object => ({
      name,
      iso4217: iso,
      symbol: iso,
      status: 'Active',
      conversion_rate: rate.toFixed(6),
    })
    const others = [...instance.store.after('Currencies', null)].filter((row) => row['deleted'] !== true)
    return {
      '-99': one(currency, currency, 1),
      ...Object.fromEntries(
        others.map((row) => [String(row['id']), one(String(row['name']), String(row['iso4217']), Number(row['conversion_rate']))]),
      ),
    }
  }

  return {
    metadata(exchange) {
      const known = exchange.headers['x-metadata-hash']
      if (typeof known === 'string' && known !== schema.hash())
        return errorReply(412, 'metadata_out_of_date', 'Your metadata is out of date')
      const listed = (name: string): string[] | null => {
        const text = plainText(exchange.query[name])
        return text === '' ? null : text.split(',')
      }
      const types = listed('type_filter')
      const wanted = listed('module_filter')
      const modules = schema
        .modules()
        .filter((module) => (wanted?.includes(module) ?? true) && access.allows(exchange.userId, module, 'access'))
      const visible = schema.modules().filter((module) => access.allows(exchange.userId, module, 'access'))
      const sections: Readonly<Record<string, () => object>> = {
        full_module_list: () => ({ ...Object.fromEntries(visible.map((module) => [module, module])), _hash: hash('list') }),
        modules: () => Object.fromEntries(modules.map((module) => [module, moduleOf(module)])),
        currencies,
        server_info: serverInfo,
        config: () => ({ platform: 'base', maxListLimit: instance.quirks.maxListLimit }),
      }
      if (exchange.rest[1] === 'public') return ok({ server_info: serverInfo(), _hash: schema.hash() })
      const chosen = Object.entries(sections).filter(([name]) => types?.includes(name) ?? true)
      return ok({ ...Object.fromEntries(chosen.map(([name, section]) => [name, section()])), _hash: schema.hash() })
    },
    lang: () => {
      const labels = loader.labels()
      return ok({
        app_list_strings: Object.fromEntries(
          [...new Set(schema.modules().flatMap((module) => [...schema.fields(module).values()].map((field) => field.options ?? '')))]
            .filter((list) => list !== '')
            .map((list) => [list, schema.dropdown(list) ?? {}]),
        ),
        app_strings: labels['application'] ?? {},
        mod_strings: Object.fromEntries(schema.modules().map((module) => [module, { ...ownLabels(instance, module), ...labels[module] }])),
        _hash: schema.hash(),
      })
    },
    me(exchange) {
      const user = instance.store.row('Users', exchange.userId)
      return ok({
        current_user: {
          type: user?.['is_admin'] === true ? 'admin' : 'user',
          id: exchange.userId,
          user_name: user?.['user_name'] ?? '',
          full_name: user === null ? '' : instance.value('Users', user, 'full_name'),
          email: [{ email_address: user?.['email1'] ?? '', primary_address: true }],
          preferences: { timezone: 'UTC', datepref: 'Y-m-d', timepref: 'H:i' },
          module_list: schema.modules().filter((module) => access.allows(exchange.userId, module, 'access')),
          acl: aclOf(exchange.userId),
          is_manager: false,
        },
      })
    },
  }
}

const emptyAsList = (object: object): object => (Object.keys(object).length === 0 ? [] : object)
const isKey = (label: string | undefined): boolean => label?.startsWith('LBL_') === true
const labelKey = (field: Field): string => (isKey(field.label) ? (field.label ?? '') : `LBL_${field.name.toUpperCase()}`)

function ownLabels({ schema }: Instance, module: ModuleName): Record<string, string> {
  const own = MODULES[module].fields
  return Object.fromEntries(
    [...schema.fields(module).values()]
      .filter((field) => own.includes(field) || !isKey(field.label))
      .map((field) => [labelKey(field), field.label ?? field.name]),
  )
}

function definitionOf(field: Field): object {
  const db = { name: 'varchar', url: 'varchar', phone: 'varchar', enum: 'varchar', currency: 'decimal', datetimecombo: 'datetime' } as const
  const dbType = Object.hasOwn(db, field.type) ? db[field.type as keyof typeof db] : undefined
  return {
    name: field.name,
    vname: labelKey(field),
    type: field.type,
    ...(dbType === undefined ? {} : { dbType }),
    ...(field.len === undefined ? {} : { len: field.len }),
    ...(field.precision === undefined ? {} : { precision: field.precision }),
    ...(field.options === undefined ? {} : { options: field.options }),
    ...(field.required === true ? { required: true } : {}),
    ...(field.source === undefined ? {} : { source: field.source }),
    ...(field.relationship === undefined ? {} : { relationship: field.relationship }),
    ...(field.idName === undefined ? {} : { id_name: field.idName }),
    ...(field.module === undefined ? {} : { module: field.module }),
    audited: field.audited === true,
    reportable: true,
    readonly: field.readonly === true,
  }
}
