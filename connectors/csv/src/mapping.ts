import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AssayError } from '@assay/shared'
import { type TableHead, readHead } from './detect.ts'
import { type GivenMapping, parseMapping } from './given.ts'
import type { Mapping, Section } from './model.ts'
import { suggestion } from './nearest.ts'
import { recognise } from './recognise.ts'
import { resolveSection } from './resolve.ts'
import { SECTION_NAMES, type SectionName } from './sections.ts'

const MAPPING = 'mapping.json'

function listTables(folder: string): string[] {
  let names: string[]
  let folders: ReadonlySet<string>
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    names = entries.map(({ name }) => name)
    folders = new Set(entries.filter((entry) => entry.isDirectory()).map(({ name }) => name))
  } catch (error) {
    throw new AssayError('config', `The folder ${folder} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, {
      hint: 'Give the folder that holds the exports.',
      cause: error,
    })
  }
  const tables = names.filter((name) => /\.(csv|tsv)(\.gz)?$/i.test(name) && !folders.has(name)).sort()
  if (tables.length > 0) return tables
  throw new AssayError('config', `There is no .csv or .csv.gz file in ${folder}`, {
    hint: names.length === 0 ? 'The folder is empty.' : `It holds: ${names.slice(0, 10).join(', ')}. Export your records as CSV into it.`,
  })
}

function given(folder: string, mappingFile: string | undefined): { source: string | null; mapping: GivenMapping } {
  const source = mappingFile ?? join(folder, MAPPING)
  if (mappingFile === undefined && !existsSync(source)) return { source: null, mapping: { sections: {} } }
  let text: string
  try {
    text = readFileSync(source, 'utf8')
  } catch (error) {
    throw new AssayError('config', `${source} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, { cause: error })
  }
  return { source, mapping: parseMapping(text, MAPPING) }
}

/** Files that sections name must be there and must hold a table. */
function checkNamed(folder: string, mapping: GivenMapping, tables: readonly string[], headOf: (file: string) => TableHead): void {
  for (const name of SECTION_NAMES) {
    for (const [key, file] of [
      [`${name}.file`, mapping.sections[name]?.file],
      [`${name}.outcome.file`, mapping.sections[name]?.outcome?.file],
    ] as const) {
      if (file === undefined) continue
      if (!existsSync(join(folder, file))) {
        throw new AssayError('config', `There is no file "${file}", which "${key}" names.${suggestion(file, tables)}`, {
          hint: `Tables there: ${tables.join(', ')}`,
        })
      }
      const { problem } = headOf(file)
      if (problem !== null)
        throw new AssayError('data', `${file} cannot be read as a table: ${problem}`, {
          hint: 'Export it again, or take it out of mapping.json.',
        })
    }
  }
}

/** The same as `readMapping`, at once. It reads the beginning of every table and nothing else. */
export function readMappingNow(folder: string, options: { readonly mappingFile?: string | undefined } = {}): Mapping {
  const tables = listTables(folder)
  const { source, mapping } = given(folder, options.mappingFile)
  const heads = new Map<string, TableHead>()
  const headOf = (file: string): TableHead => {
    const known = heads.get(file)
    if (known !== undefined) return known
    const head = readHead(folder, file)
    heads.set(file, head)
    return head
  }
  checkNamed(folder, mapping, tables, headOf)
  const { files, unused, notes } = recognise(mapping, tables.map(headOf))
  const sections: Partial<Record<SectionName, Section>> = {}
  for (const name of SECTION_NAMES) {
    const file = files[name]
    if (file === undefined) continue
    const sharing = SECTION_NAMES.filter((other) => other !== name && files[other] === file)
    sections[name] = resolveSection({ name, mapping, head: headOf(file), sharing, headOf, notes })
  }
  if (Object.keys(sections).length === 0) {
    throw new AssayError(
      'config',
      `None of the files in ${folder} was recognised: ${unused.map(({ file, why }) => `${file} (${why})`).join('; ')}`,
      {
        hint: 'Say in mapping.json what is in them, for example { "accounts": { "file": "customers.csv", "id": "customerID" } }.',
      },
    )
  }
  return {
    folder,
    source,
    horizonDays: mapping.horizonDays ?? null,
    judgeAt: mapping.judgeAt ?? [],
    currency: mapping.currency ?? null,
    today: mapping.today ?? null,
    unit: mapping.unit ?? null,
    sections,
    unused,
    notes,
  }
}

/**
 * What the exports in a folder hold. Reads `mapping.json` there (or `mappingFile`) when there is one; what it leaves out is
 * found by file names and headers. Rejects with AssayError `config` that names the key, file or column at fault, what
 * is there instead, and the nearest name.
 */
// eslint-disable-next-line typescript/require-await -- a rejection, not a throw, is what callers of a reading function expect
export async function readMapping(folder: string, options: { readonly mappingFile?: string | undefined } = {}): Promise<Mapping> {
  return readMappingNow(folder, options)
}
