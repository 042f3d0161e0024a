#!/usr/bin/env node
// Starts Assay on the Node that the project brings along when the one at hand is too old to run it.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const [major] = process.versions.node.split('.').map(Number)
if (major >= 24) {
  await import(main)
} else {
  const brought = ['../node_modules/node/bin/node', '../../node_modules/node/bin/node']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path))
  if (!brought) {
    console.error(`Assay needs Node 24; this is ${process.version}. Run "npm ci" in the project: it brings Node 24 along.`)
    process.exit(1)
  }
  const { status, signal } = spawnSync(brought, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  process.exit(signal ? 1 : (status ?? 1))
}
