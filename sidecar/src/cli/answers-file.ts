import { open, rm } from 'node:fs/promises'
import { AssayError } from '@assay/shared'
import type { StandingAnswer } from '../api/operations/fields.ts'

const COLUMNS = ['object', 'id', 'name', 'offer', 'response', 'on'] as const satisfies readonly (keyof StandingAnswer)[]

const cell = (value: string | null): string => (value === null ? '' : /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)

/** Answers as CSV (RFC 4180), a header line first. */
export const answersCsv = (answers: readonly StandingAnswer[]): string =>
  [COLUMNS.join(','), ...answers.map((answer) => COLUMNS.map((column) => cell(answer[column])).join(','))]
    .map((line) => `${line}\r\n`)
    .join('')

/**
 * A new file for answers, made before anything is asked of the CRM: `answers` are got, and are on the disk when this
 * resolves. Rejects (`config`) when the file cannot be made or is there already. No file is left when getting them fails.
 */
export async function saveAnswers(path: string, answers: () => Promise<readonly StandingAnswer[]>): Promise<number> {
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw new AssayError(
      'config',
      `The answers cannot be saved to ${path}: ${error.code === 'EEXIST' ? 'it is there already' : error.message}.`,
      {
        hint: 'Name a file that is not there yet, in a directory that you may write to.',
      },
    )
  })
  try {
    const got = await answers()
    await file.writeFile(answersCsv(got))
    await file.sync()
    return got.length
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}
