import { customField, from, languageEntries, languageFiles, packaged, phpFile, phpText, phpValue, zipped } from '@assay/sugar-family'
import type { Located, PhpValue } from '@assay/sugar-family'
import { DASHLET } from './dashlet.generated.ts'
import type { Copies } from './copies.ts'
import { PACKAGE, PLATFORM } from './identity.ts'
import { labelOf } from './label.ts'

export interface PackageContent {
  /** Another platform than `assay`, where the settings name one. */
  readonly platform?: string
  /** Files by their path in Sugar; the dashlet unless others are given. */
  readonly copies?: Copies
}

const PLATFORM_FILE = 'platforms/assay.php'

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
    custom_fields: Object.fromEntries(fields.map((at) => [at.module + at.name, customField(at, labelOf(at.field))])),
    language: languageEntries(fields),
    platforms: [{ from: from(PLATFORM_FILE) }],
    copy: Object.keys(copies).map((path) => ({ from: from(`copy/${path}`), to: path })),
  }
  return phpFile([`$manifest = ${phpValue(described)}`, `$installdefs = ${phpValue(definitions)}`])
}

/** The files of the package by their path in the zip. */
export const packageFiles = ({ platform = PLATFORM, copies = DASHLET }: PackageContent = {}): Readonly<Record<string, string>> => {
  const fields = packaged()
  return {
    'manifest.php': manifest(fields, copies),
    ...languageFiles(fields, labelOf),
    [PLATFORM_FILE]: phpFile([`$platforms[] = ${phpText(platform)}`]),
    ...Object.fromEntries(Object.entries(copies).map(([path, text]) => [`copy/${path}`, text])),
  }
}

/** The Module Loadable Package, ready for Admin > Module Loader. The same content gives the same bytes. */
export const buildPackage = (content: PackageContent = {}): Uint8Array => zipped(packageFiles(content))
