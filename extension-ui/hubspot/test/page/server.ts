import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { listening, type Served } from '../../../panel/test/listening.ts'
import { bundledCard } from '../../scripts/bundle.ts'

const HTML = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Record page</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"></head>
<body><header><h1>Record page</h1></header><main><h2>Assay</h2><div id="card"></div></main><script src="/page.js"></script></body>
</html>`

const script = async (file: string): Promise<string> => {
  const made = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  return made.outputFiles[0]!.text
}

/**
 * A record page in miniature with the card on it, as HubSpot's build made it, in a worker as there. On the page
 * `window.showCard(portal)` opens a record; see portal.ts for what a portal is.
 */
export async function startCardPage(): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-card-'))
  const { file } = await bundledCard(folder)
  const card = await readFile(file, 'utf8')
  await rm(folder, { recursive: true, force: true })
  const files: Readonly<Record<string, readonly [type: string, text: string]>> = {
    '/': ['text/html', HTML],
    '/page.css': ['text/css', await readFile(new URL('./page.css', import.meta.url), 'utf8')],
    '/page.js': ['text/javascript', await script('./page.tsx')],
    '/worker.js': ['text/javascript', await script('./worker.ts')],
    '/AssayCard.js': ['text/javascript', card],
  }
  const server = createServer((request, response) => {
    const found = files[request.url ?? '/']
    if (found === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'Content-Type': `${found[0]}; charset=utf-8` }).end(found[1])
  })
  return listening(server)
}
