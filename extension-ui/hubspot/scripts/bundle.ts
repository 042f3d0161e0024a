import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { remoteBuild } from '@hubspot/ui-extensions-dev-server/build'

const CARDS = fileURLToPath(new URL('../src/app/cards/', import.meta.url))
const ENTRY = 'AssayCard.tsx'

/** The card as HubSpot's own build makes it after an upload, without a portal: one script in `folder`. */
export async function bundledCard(folder: string): Promise<{ readonly file: string; readonly bytes: number }> {
  await remoteBuild({
    root: CARDS,
    entryPoint: join(CARDS, ENTRY),
    outputDir: folder,
    logLevel: 'warn',
    appConfig: { variables: {} },
  })
  const file = join(folder, 'AssayCard.js')
  return { file, bytes: (await stat(file)).size }
}
