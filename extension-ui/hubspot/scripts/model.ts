import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const SOURCE = fileURLToPath(new URL('../../panel-model/src/', import.meta.url))
/** HubSpot builds a card from what lies beside it, so the model comes along as a copy. */
export const COPY = fileURLToPath(new URL('../src/app/cards/panel-model/', import.meta.url))
const BANNER = '// Made by `npm run build` in extension-ui/hubspot from extension-ui/panel-model: change that.\n'

const textsIn = async (folder: string): Promise<Map<string, string>> => {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.ts')).sort()
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(folder + name, 'utf8')] as const)))
}

/** Name to text of every file that the copy should have. */
export async function generatedModel(): Promise<Map<string, string>> {
  return new Map([...(await textsIn(SOURCE))].map(([name, text]) => [name, BANNER + text]))
}

/** Name to text of every file that it has. */
export const copiedModel = (): Promise<Map<string, string>> => textsIn(COPY)
