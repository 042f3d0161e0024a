import { writeFile } from 'node:fs/promises'
import { AssayError } from '@assay/shared'
import { type PageReport, reportPage } from '../report/page.ts'

/** Writes the reports as one HTML file, over an older one of that name. Names of customers stand in it, so only its owner may read it. Rejects (`config`) where it cannot. */
export async function saveReport(path: string, reports: readonly PageReport[]): Promise<void> {
  await writeFile(path, reportPage(reports), { mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    throw new AssayError('config', `The report cannot be saved to ${path}: ${error.message}.`, {
      hint: 'Name a file in a directory that you may write to.',
    })
  })
}
