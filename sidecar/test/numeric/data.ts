import { existsSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.env.ASSAY_DATA ?? join(import.meta.dirname, '../../../../shared/data')

/** A file of the real data (`ASSAY_DATA`, or ../shared/data beside the repository), or null: then it says so. */
export function dataFile(path: string): string | null {
  const file = join(folder, path)
  if (existsSync(file)) return file
  console.log(`left out: ${path} is not there (set ASSAY_DATA to the folder that holds it)`)
  return null
}
