import { AssayError, wording } from '@assay/shared'
import { z } from 'zod'
import { suggestion } from './nearest.ts'
import { SECTION_NAMES, type SectionName, wordsOf } from './sections.ts'

const column = z.string().min(1)
/** Of 30 February `Date.parse` makes 1 March. */
function isDate(text: string): boolean {
  const day = /^\d{4}-\d{2}-\d{2}/.exec(text)?.[0]
  if (day === undefined || Number.isNaN(Date.parse(text))) return false
  return new Date(Date.parse(day)).toISOString().startsWith(day)
}

const date = z.string().refine(isDate, 'expected an ISO date such as "2011-09-09"')

const MEANINGS = ['left', 'responded', 'defaulted', 'converted'] as const
export type Meaning = (typeof MEANINGS)[number]

/**
 * A flat outcome. With `file` it lives in another file: a record whose id stands in that file's `id` column has it (all of
 * them, or those whose `column` holds `positive`); `at` is the column there that says when.
 */
const outcome = z.strictObject({
  column: column.optional(),
  positive: z.union([z.string(), z.number(), z.boolean()]).transform(String).optional(),
  meaning: z.enum(MEANINGS),
  file: z.string().min(1).optional(),
  id: column.optional(),
  at: column.optional(),
})
type GivenOutcome = z.infer<typeof outcome>

const stage = z.union([
  column,
  z.strictObject({ column: column.optional(), won: z.array(z.string()).optional(), lost: z.array(z.string()).optional() }),
  z.null(),
])

const common = {
  file: z.string().min(1).optional(),
  order: z.literal('file').optional(),
  ignore: z.array(column).optional(),
  stable: z.array(column).optional(),
  outcome: outcome.optional(),
}

function sectionSchema(name: SectionName): z.ZodObject {
  const columns = Object.fromEntries(Object.keys(wordsOf(name).fields).map((key) => [key, column.nullable().optional()]))
  return z.strictObject({ ...columns, ...common, ...(name === 'deals' ? { stage: stage.optional(), won: z.boolean().optional() } : {}) })
}

const schema = z.strictObject({
  horizonDays: z.number().positive().optional(),
  judgeAt: z.array(date).optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code such as "GBP"')
    .optional(),
  today: date.optional(),
  unit: z.enum(['account', 'contact']).optional(),
  ...Object.fromEntries(SECTION_NAMES.map((name) => [name, sectionSchema(name).nullable().optional()])),
})

/** One section as `mapping.json` says it: nothing found, nothing checked against a file. */
export interface GivenSection {
  readonly file?: string
  readonly order?: 'file'
  readonly ignore?: readonly string[]
  readonly stable?: readonly string[]
  readonly outcome?: GivenOutcome
  readonly won?: boolean
  readonly stage?: string | { readonly column?: string; readonly won?: readonly string[]; readonly lost?: readonly string[] } | null
  /** A column name by key; null says that there is none and that none is to be looked for. */
  readonly [key: string]: unknown
}

export interface GivenMapping {
  readonly horizonDays?: number
  readonly judgeAt?: readonly string[]
  readonly currency?: string
  readonly today?: string
  readonly unit?: 'account' | 'contact'
  /** Null says that the folder has no such records, whatever its files are called. */
  readonly sections: Readonly<Partial<Record<SectionName, GivenSection | null>>>
}

interface Definition {
  readonly def: { readonly type: string; readonly innerType?: z.ZodType; readonly options?: readonly z.ZodType[] }
  readonly shape?: Readonly<Record<string, z.ZodType>>
}

/** The keys that the schema knows at a place in the document. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  let node: z.ZodType = schema
  const open = (type: z.ZodType): z.ZodType => {
    const { def } = type as unknown as Definition
    if (def.innerType !== undefined) return open(def.innerType)
    if (def.options !== undefined)
      return open(def.options.find((option) => (option as unknown as Definition).def.type === 'object') ?? def.options[0]!)
    return type
  }
  for (const key of path) node = open((open(node) as unknown as Definition).shape![String(key)]!)
  return Object.keys((open(node) as unknown as Definition).shape ?? {})
}

interface Problem {
  readonly code: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[]
  readonly errors?: readonly (readonly Problem[])[]
}

/** One problem as a sentence that names the place, and the keys known there. */
function explain(problem: Problem, above: readonly PropertyKey[] = []): string[] {
  const path = [...above, ...problem.path]
  if (problem.code === 'unrecognized_keys') {
    const known = knownKeys(path)
    return (problem.keys ?? []).map(
      (key) => `unknown key "${[...path, key].join('.')}".${suggestion(key, known)} Known here: ${known.join(', ')}`,
    )
  }
  // A union tells of each of its branches: the one that came furthest is the one that was meant.
  const branch = problem.errors?.find((errors) => errors.some((error) => error.path.length > 0 || error.code === 'unrecognized_keys'))
  if (branch !== undefined) return branch.flatMap((error) => explain(error, path))
  return [`${path.length === 0 ? 'the whole document' : `"${path.join('.')}"`}: ${problem.message}`]
}

/** Checks the text of a mapping.json. Throws AssayError `config` that names every key it does not know, with the known ones. */
export function parseMapping(text: string, file: string): GivenMapping {
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new AssayError('config', `${file} is no JSON: ${(error as Error).message}`, {
      hint: 'Check commas and quotes near that place.',
      cause: error,
    })
  }
  const checked = schema.safeParse(json, { error: wording({ show: true }) })
  if (!checked.success) {
    const problems = checked.error.issues.flatMap((issue) => explain(issue as unknown as Problem))
    throw new AssayError('config', `${file}: ${problems.join('; ')}`, { hint: 'Correct or remove these keys and try again.' })
  }
  const { horizonDays, judgeAt, currency, today, unit, ...sections } = checked.data
  for (const [name, section] of Object.entries(sections)) {
    const given = (section as GivenSection | null | undefined)?.outcome
    if (given === undefined) continue
    if (given.file === undefined && given.column === undefined) {
      throw new AssayError('config', `${file}: "${name}.outcome" names no column`, {
        hint: `Add "column", or "file" and "id" where the outcome stands in another file.`,
      })
    }
    if (given.file === undefined && (given.id !== undefined || given.at !== undefined)) {
      throw new AssayError('config', `${file}: "${name}.outcome" has "id" or "at" but no "file"`, {
        hint: 'They name columns of another file: add "file".',
      })
    }
  }
  return {
    ...(horizonDays === undefined ? {} : { horizonDays }),
    ...(judgeAt === undefined ? {} : { judgeAt }),
    ...(currency === undefined ? {} : { currency }),
    ...(today === undefined ? {} : { today }),
    ...(unit === undefined ? {} : { unit }),
    sections,
  }
}
