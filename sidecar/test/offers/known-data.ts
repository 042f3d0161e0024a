import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Public data that golden figures were measured on; not part of the project. */
const folder = process.env['ASSAY_DATA'] ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url))

/** The file of that name, or null, said on the console, where the data is not at hand (set ASSAY_DATA). */
export function knownData(name: string): string | null {
  const path = `${folder}/${name}`
  if (existsSync(path)) return path
  console.log(`left out: ${name} is not there; set ASSAY_DATA to the folder that holds it`)
  return null
}
