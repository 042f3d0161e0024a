/** Compiles the commands into lib/, with Assay's own sources inside: `sf` loads plain JavaScript. */
import { readdir, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const HOME = fileURLToPath(new URL('..', import.meta.url))
const commands = (await readdir(`${HOME}src/commands/assay`)).map((name) => `${HOME}src/commands/assay/${name}`)

await rm(`${HOME}lib`, { recursive: true, force: true })
await build({
  entryPoints: commands,
  outdir: `${HOME}lib`,
  outbase: `${HOME}src`,
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node22',
  external: ['@oclif/core', '@salesforce/core', '@salesforce/sf-plugins-core'],
  logLevel: 'warning',
})
