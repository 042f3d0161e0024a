#!/usr/bin/env node
// Starts Assay on the Node that the project brings along when the one at hand is too old to run it.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
// glibc gives every thread a heap of its own and keeps in it what was freed: at 100,000 accounts more than a gigabyte. It reads these
// settings when a process begins, and elsewhere nobody reads them.
const memory = JSON.parse(readFileSync(new URL('./memory.json', import.meta.url), 'utf8'))
const env = { ...memory, ...process.env }
const isSet = Object.keys(memory).every((name) => process.env[name] !== undefined)
const [major] = process.versions.node.split('.').map(Number)
if (major >= 24) {
  // The same process begins anew, where the system can do that.
  if (process.platform === 'linux' && !isSet)
    process.execve(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], env)
  await import(main)
} else {
  const brought = ['../node_modules/node/bin/node', '../../node_modules/node/bin/node']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path))
  if (!brought) {
    console.error(`Assay needs Node 24; this is ${process.version}. Run "npm ci" in the project: it brings Node 24 along.`)
    process.exit(1)
  }
  const child = spawn(brought, [main, ...process.argv.slice(2)], { stdio: 'inherit', env })
  // Ctrl-C reaches both; what is sent to this process alone is meant for the command.
  process.on('SIGINT', () => {})
  for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name))
  child.on('exit', (status, signal) => process.exit(signal ? 1 : (status ?? 1)))
}
