import { customField, labelOf, languageEntries, languageFiles, packaged, phpFile, phpValue, zipped } from '@assay/sugar-family'
import type { Located, PhpValue } from '@assay/sugar-family'
import { PACKAGE } from './identity.ts'

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
    custom_fields: Object.fromEntries(fields.map((at) => [at.module + at.name, customField(at, labelOf(at.field))])),
    language: languageEntries(fields),
  }
  return phpFile([`$manifest = ${phpValue(described)}`, `$installdefs = ${phpValue(definitions)}`])
}

/** The files of the package by their path in the zip. */
export const packageFiles = (): Readonly<Record<string, string>> => {
  const fields = packaged()
  return {
    'manifest.php': manifest(fields),
    ...languageFiles(fields, labelOf),
  }
}

/** The Module Loadable Package, ready for Admin > Module Loader. The same content gives the same bytes. */
export const buildPackage = (): Uint8Array => zipped(packageFiles())
