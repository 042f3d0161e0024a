import type { ScoreField } from '@assay/shared'
import { strToU8, zipSync } from 'fflate'
import { listOf, type Located } from './names.ts'
import { phpFile, phpText, phpValue } from './php.ts'

const LANGUAGE = 'en_us'
const LISTS_FILE = `language/application.${LANGUAGE}.php`
const labelsFile = (module: string): string => `language/${module}.${LANGUAGE}.php`

const modulesOf = (fields: readonly Located[]): string[] => [...new Set(fields.map(({ module }) => module))]

/** How a manifest names a file of its package. */
export const from = (path: string): string => `<basepath>/${path}`

/** The manifest's `language`: which of the files below says the words of what. */
export const languageEntries = (fields: readonly Located[]) => [
  ...modulesOf(fields).map((module) => ({ from: from(labelsFile(module)), to_module: module, language: LANGUAGE })),
  { from: from(LISTS_FILE), to_module: 'application', language: LANGUAGE },
]

const labels = (fields: readonly Located[], labelOf: (field: ScoreField) => string): string =>
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

/** The labels of these fields by module, and the lists of their dropdowns, by the files' path in the zip. `labelOf` names a field's label. */
export const languageFiles = (fields: readonly Located[], labelOf: (field: ScoreField) => string): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(
    modulesOf(fields).map((module) => [
      labelsFile(module),
      labels(
        fields.filter((at) => at.module === module),
        labelOf,
      ),
    ]),
  ),
  [LISTS_FILE]: lists(fields),
})

/** A package of these files, ready for Admin > Module Loader. The same files give the same bytes. */
export const zipped = (files: Readonly<Record<string, string>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])), { mtime: '1980-01-02T12:00:00' })
