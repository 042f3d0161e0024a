import { phpFile, phpText, phpValue, type PhpValue } from '@assay/shared'
import { strToU8, zipSync } from 'fflate'
import { customField } from './custom-field.ts'
import { DASHLET } from './dashlet.generated.ts'
import type { Copies } from './copies.ts'
import { PACKAGE, PLATFORM } from './identity.ts'
import { labelOf, listOf, packaged, type Located } from './names.ts'

export interface PackageContent {
  /** Another platform than `assay`, where the settings name one. */
  readonly platform?: string
  /** Files by their path in Sugar; the dashlet unless others are given. */
  readonly copies?: Copies
}

const LANGUAGE = 'en_us'
const PLATFORM_FILE = 'platforms/assay.php'
const LISTS_FILE = `language/application.${LANGUAGE}.php`
const labelsFile = (module: string): string => `language/${module}.${LANGUAGE}.php`

const modulesOf = (fields: readonly Located[]): string[] => [...new Set(fields.map(({ module }) => module))]
const from = (path: string): string => `<basepath>/${path}`

const manifest = (fields: readonly Located[], copies: Copies): string => {
  const described: PhpValue = {
    id: PACKAGE.id,
    key: PACKAGE.id,
    name: PACKAGE.name,
    description: 'Fields for the scores of Assay, and the API platform under which it signs in.',
    version: PACKAGE.version,
    author: 'Assay',
    is_uninstallable: true,
    // Neither the clock nor the builder may show: the same content gives the same file.
    published_date: '2026-11-22 00:00:00',
    type: 'module',
    // Whoever uninstalls decides about what was written in them: Sugar asks.
    remove_tables: 'prompt',
    acceptable_sugar_versions: { exact_matches: [], regex_matches: ['(26|25|14|13)\\..*$'] },
    acceptable_sugar_flavors: ['PRO', 'ENT', 'ULT'],
  }
  const definitions: PhpValue = {
    id: PACKAGE.id,
    beans: [],
    custom_fields: Object.fromEntries(fields.map((at) => [at.module + at.name, customField(at)])),
    language: [
      ...modulesOf(fields).map((module) => ({ from: from(labelsFile(module)), to_module: module, language: LANGUAGE })),
      { from: from(LISTS_FILE), to_module: 'application', language: LANGUAGE },
    ],
    platforms: [{ from: from(PLATFORM_FILE) }],
    copy: Object.keys(copies).map((path) => ({ from: from(`copy/${path}`), to: path })),
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
export const packageFiles = ({ platform = PLATFORM, copies = DASHLET }: PackageContent = {}): Readonly<Record<string, string>> => {
  const fields = packaged()
  return {
    'manifest.php': manifest(fields, copies),
    ...Object.fromEntries(
      modulesOf(fields).map((module) => [labelsFile(module), labels(fields.filter((at) => at.module === module))] as const),
    ),
    [LISTS_FILE]: lists(fields),
    [PLATFORM_FILE]: phpFile([`$platforms[] = ${phpText(platform)}`]),
    ...Object.fromEntries(Object.entries(copies).map(([path, text]) => [`copy/${path}`, text])),
  }
}

/** The Module Loadable Package, ready for Admin > Module Loader. The same content gives the same bytes. */
export const buildPackage = (content: PackageContent = {}): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(packageFiles(content)).map(([path, text]) => [path, strToU8(text)])), {
    mtime: '1980-01-02T12:00:00',
  })
