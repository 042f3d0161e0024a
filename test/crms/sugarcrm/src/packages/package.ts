import { strFromU8, unzipSync } from 'fflate'
import type { Field, FieldType } from '../fields.ts'
import { SERVER_VERSION } from '../version.ts'
import { isModule, moduleOfBean, type ModuleName } from '../modules.ts'
import { assignmentsOf, isArray, listOf, memberOf, scalarText, valueAfter, type Assignment, type PhpValue } from './php.ts'

/** What installing a package does, as far as the stand-in knows: everything a manifest can say that a client of REST can see. */
export interface Package {
  readonly id: string
  readonly name: string
  readonly version: string
  readonly uninstallable: boolean
  readonly fields: readonly { readonly module: ModuleName; readonly field: Field }[]
  readonly platforms: readonly string[]
  readonly dropdowns: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Labels by module. */
  readonly labels: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Where its files come to lie. */
  readonly files: readonly string[]
}

/** A package that cannot be taken; the message says why. */
export class PackageError extends Error {}

const EXTENSIONS = [
  'css',
  'gif',
  'hbs',
  'htm',
  'html',
  'jpg',
  'js',
  'less',
  'md5',
  'php',
  'png',
  'svg',
  'tpl',
  'txt',
  'xml',
  'md',
  'json',
  'LICENSE',
]

/** Reads a module loadable package. Throws PackageError when Sugar would not take it. */
export function readPackage(zip: Uint8Array, flavor: string): Package {
  let files: Record<string, Uint8Array>
  try {
    files = unzipSync(zip)
  } catch {
    throw new PackageError('The file is no zip archive.')
  }
  const names = Object.keys(files).filter((name) => !name.endsWith('/'))
  if (!names.includes('manifest.php')) throw new PackageError('The package has no manifest.php at its root.')
  for (const name of names)
    if (!EXTENSIONS.includes(name.slice(name.lastIndexOf('.') + 1)) && !/(^|\/)LICENSE$/.test(name))
      throw new PackageError(`A file of this kind is not allowed: ${name}`)

  const read = (name: string): Assignment[] => {
    const bytes = files[name]
    if (bytes === undefined) throw new PackageError(`The manifest names a file that is not in the package: ${name}`)
    try {
      return assignmentsOf(strFromU8(bytes))
    } catch (error) {
      throw new PackageError(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const main = read('manifest.php')
  const manifest = valueAfter(main, 'manifest')
  const defs = valueAfter(main, 'installdefs')
  if (!isArray(manifest) || !isArray(defs)) throw new PackageError('The manifest sets no $manifest or no $installdefs.')
  requireFit(manifest, flavor)

  const local = (from: PhpValue): string => scalarText(from).replace(/^<basepath>\//, '')
  const copies = listOf(memberOf(defs, 'copy')).map((each) => ({
    from: local(memberOf(each, 'from')),
    to: scalarText(memberOf(each, 'to')),
  }))
  for (const { from } of copies)
    if (!names.includes(from) && !names.some((name) => name.startsWith(`${from}/`)))
      throw new PackageError(`The manifest names a file that is not in the package: ${from}`)

  const platforms: string[] = []
  const dropdowns: Record<string, Record<string, string>> = {}
  const labels: Record<string, Record<string, string>> = {}
  const fields: { module: ModuleName; field: Field }[] = []
  const addPlatforms = (assignments: readonly Assignment[]): void =>
    void platforms.push(...listOf(valueAfter(assignments, 'platforms')).map(scalarText))
  const addLanguage = (assignments: readonly Assignment[], module: string): void => {
    for (const [list, entries] of Object.entries(arrayOf(valueAfter(assignments, 'app_list_strings')))) dropdowns[list] = textsOf(entries)
    labels[module] = {
      ...labels[module],
      ...textsOf(valueAfter(assignments, 'mod_strings')),
      ...textsOf(valueAfter(assignments, 'app_strings')),
    }
  }
  const addVardefs = (assignments: readonly Assignment[]): void => {
    for (const [bean, definition] of Object.entries(arrayOf(valueAfter(assignments, 'dictionary')))) {
      const module = moduleOfBean(bean)
      if (module === null) throw new PackageError(`No module has the bean ${bean}.`)
      for (const [name, each] of Object.entries(arrayOf(memberOf(definition, 'fields'))))
        if (memberOf(each, 'type') !== null) fields.push({ module, field: vardefField(name, each) })
    }
  }

  for (const each of listOf(memberOf(defs, 'platforms'))) addPlatforms(read(local(memberOf(each, 'from'))))
  for (const each of listOf(memberOf(defs, 'language')))
    addLanguage(read(local(memberOf(each, 'from'))), scalarText(memberOf(each, 'to_module') ?? 'application'))
  for (const each of listOf(memberOf(defs, 'vardefs'))) addVardefs(read(local(memberOf(each, 'from'))))
  for (const each of listOf(memberOf(defs, 'custom_fields'))) fields.push(customField(each))
  for (const { from, to } of copies) {
    if (!to.endsWith('.php') || !names.includes(from)) continue
    if (to.includes('custom/Extension/application/Ext/Platforms/')) addPlatforms(read(from))
    else if (/custom\/Extension\/(?:modules\/\w+|application)\/Ext\/Language\//.test(to))
      addLanguage(read(from), /modules\/(\w+)\//.exec(to)?.[1] ?? 'application')
    else if (/custom\/Extension\/modules\/\w+\/Ext\/Vardefs\//.test(to)) addVardefs(read(from))
  }
  const flag = memberOf(manifest, 'is_uninstallable')
  return {
    id: scalarText(memberOf(manifest, 'id') ?? memberOf(defs, 'id') ?? memberOf(manifest, 'name')),
    name: scalarText(memberOf(manifest, 'name')),
    version: scalarText(memberOf(manifest, 'version')),
    uninstallable: flag === true || flag === 'true',
    fields,
    platforms,
    dropdowns,
    labels,
    files: copies.flatMap(({ from, to }) =>
      names.includes(from) ? [to] : names.filter((name) => name.startsWith(`${from}/`)).map((name) => to + name.slice(from.length)),
    ),
  }
}

/** Refuses what does not name this version and this edition. */
function requireFit(manifest: PhpValue, flavor: string): void {
  const versions = memberOf(manifest, 'acceptable_sugar_versions')
  const exact = listOf(memberOf(versions, 'exact_matches')).map(scalarText)
  const patterns = listOf(memberOf(versions, 'regex_matches')).map(scalarText)
  if (!exact.includes(SERVER_VERSION) && !patterns.some((pattern) => new RegExp(`^${pattern}`).test(SERVER_VERSION)))
    throw new PackageError(`The package is not for this version: ${SERVER_VERSION}`)
  const flavors = listOf(memberOf(manifest, 'acceptable_sugar_flavors')).map(scalarText)
  if (flavors.length > 0 && !flavors.includes(flavor)) throw new PackageError(`The package is not for this edition: ${flavor}`)
}

const arrayOf = (value: PhpValue): Readonly<Record<string, PhpValue>> => (isArray(value) ? value : {})
const textsOf = (value: PhpValue): Record<string, string> =>
  Object.fromEntries(Object.entries(arrayOf(value)).map(([key, label]) => [key, scalarText(label)]))

const TYPES: readonly FieldType[] = [
  'varchar',
  'text',
  'url',
  'phone',
  'bool',
  'int',
  'decimal',
  'float',
  'currency',
  'date',
  'datetime',
  'datetimecombo',
  'enum',
  'multienum',
]

function typeOf(value: PhpValue, name: string): FieldType {
  const type = TYPES.find((each) => each === value)
  if (type === undefined) throw new PackageError(`The field ${name} has an unknown type: ${scalarText(value)}`)
  return type
}

/** An entry of `custom_fields`: a row for the table in which Sugar keeps the fields that Studio makes. */
function customField(entry: PhpValue): { module: ModuleName; field: Field } {
  const name = scalarText(memberOf(entry, 'name'))
  const module = scalarText(memberOf(entry, 'module'))
  if (!name.endsWith('_c')) throw new PackageError(`The name of a custom field ends with _c: ${name}`)
  if (!isModule(module)) throw new PackageError(`No such module: ${module}`)
  const type = typeOf(memberOf(entry, 'type'), name)
  const most = Number(memberOf(entry, 'max_size') ?? memberOf(entry, 'len') ?? 0)
  const ext1 = memberOf(entry, 'ext1')
  const isDecimal = type === 'decimal' || type === 'float'
  return {
    module,
    field: {
      name,
      type,
      label: scalarText(memberOf(entry, 'label')),
      source: 'custom_fields',
      ...(most > 0 ? { len: most } : type === 'varchar' ? { len: 255 } : {}),
      ...(type === 'currency' ? { precision: 6 } : isDecimal ? { precision: ext1 === null || ext1 === '' ? 6 : Number(ext1) } : {}),
      ...((type === 'enum' || type === 'multienum') && ext1 !== null ? { options: scalarText(ext1) } : {}),
      ...(isTrue(memberOf(entry, 'audited')) ? { audited: true } : {}),
      ...(isTrue(memberOf(entry, 'require_option')) ? { required: true } : {}),
    },
  }
}

/** A field of a vardefs file. */
function vardefField(name: string, definition: PhpValue): Field {
  if (!name.endsWith('_c')) throw new PackageError(`The name of a custom field ends with _c: ${name}`)
  const type = typeOf(memberOf(definition, 'type'), name)
  const [len, precision, options] = [memberOf(definition, 'len'), memberOf(definition, 'precision'), memberOf(definition, 'options')]
  return {
    name,
    type,
    label: scalarText(memberOf(definition, 'vname')),
    source: 'custom_fields',
    ...(len === null ? {} : { len: Number(len) }),
    ...(precision === null ? {} : { precision: Number(precision) }),
    ...(options === null ? {} : { options: scalarText(options) }),
  }
}

const isTrue = (value: PhpValue): boolean => value === true || value === 1 || value === '1' || value === 'true'
