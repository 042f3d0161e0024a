import { phpFile, phpText, phpValue, type PhpValue } from '@assay/shared'
import { strToU8, zipSync } from 'fflate'
import { customField } from './custom-field.ts'
import { PACKAGE } from './identity.ts'
import { labelOf, listOf, packaged, type Located } from './names.ts'

const LANGUAGE = 'en_us'
const LISTS_FILE = `language/application.${LANGUAGE}.php`
const labelsFile = (module: string): string => `language/${module}.${LANGUAGE}.php`

const modulesOf = (fields: readonly Located[]): string[] => [...new Set(fields.map(({ module }) => module))]
const from = (path: string): string => `<basepath>/${path}`

const manifest = (fields: readonly Located[]): string => {
  const described: PhpValue = {
    id: PACKAGE.id,
    name: PACKAGE.name,
    description: 'Fields for the scores of Assay.',
    version: PACKAGE.version,
    author: 'Assay',
    is_uninstallable: true,
    // Neither the clock nor the builder may show: the same content gives the same file.
    published_date: '2026-11-22 00:00:00',
    type: 'module',
    // Columns go with the package in any case.
    remove_tables: 'true',
    // The version that SuiteCRM says it descends from, whatever its own is.
    acceptable_sugar_versions: { exact_matches: [], regex_matches: ['6\\.5\\..*$'] },
    acceptable_sugar_flavors: ['CE'],
  }
  const definitions: PhpValue = {
    // By this, and not by the name, SuiteCRM finds it again when it is uninstalled.
    id: PACKAGE.id,
    custom_fields: Object.fromEntries(fields.map((at) => [at.module + at.name, customField(at)])),
    language: [
      ...modulesOf(fields).map((module) => ({ from: from(labelsFile(module)), to_module: module, language: LANGUAGE })),
      { from: from(LISTS_FILE), to_module: 'application', language: LANGUAGE },
    ],
  }
  return phpFile([`$manifest = ${phpValue(described)}`, `$installdefs = ${phpValue(definitions)}`])
}

const labels = (fields: readonly Located[]): string =>
  phpFile(fields.map(({ field }) => `$mod_strings[${phpText(labelOf(field))}] = ${phpText(field.label)}`))

const lists = (fields: readonly Located[]): string => {
  const options = new Map(fields.flatMap(({ field }) => (field.options === undefined ? [] : [[listOf(field), field.options] as const])))
  return phpFile(
    [...options].map(
      ([name, values]) =>
        // The empty entry lets a field be cleared.
        `$app_list_strings[${phpText(name)}] = ${phpValue(Object.fromEntries(['', ...values].map((value) => [value, value])))}`,
    ),
  )
}

/** The files of the package by their path in the zip. */
export const packageFiles = (): Readonly<Record<string, string>> => {
  const fields = packaged()
  return {
    'manifest.php': manifest(fields),
    ...Object.fromEntries(
      modulesOf(fields).map((module) => [labelsFile(module), labels(fields.filter((at) => at.module === module))] as const),
    ),
    [LISTS_FILE]: lists(fields),
  }
}

/** The Module Loadable Package, ready for Admin > Module Loader. The same content gives the same bytes. */
export const buildPackage = (): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(packageFiles()).map(([path, text]) => [path, strToU8(text)])), {
    mtime: '1980-01-02T12:00:00',
  })
