import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Files below a directory in whose bytes the text stands in plain; the owner's sockets and the like are passed over. */
export async function filesWith(directory: string, text: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const found: string[] = []
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    if ((await readFile(path)).includes(text)) found.push(path)
  }
  return found
}
