import { openControl } from '../../src/control/index.ts'

// A process of its own for runs.test.ts: starts a step and never ends it.
// Ends with the process that started it, whatever becomes of that one.
process.stdin.on('close', () => process.exit()).resume()

const [home = '', databaseUrl = ''] = process.argv.slice(2)
const control = await openControl({ home, organisation: 'acme', databaseUrl: databaseUrl === '' ? null : databaseUrl })
await control.migrate()
const run = await control.runs.start('sync', 'c')
process.stdout.write(`${JSON.stringify(run.id)}\n`)
