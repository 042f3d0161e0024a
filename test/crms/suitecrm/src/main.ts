import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { b2bWorld } from '@assay/worlds'
import { startSuite } from './start.ts'

/**
 * The stand-in as a process of its own: prints `{"url":…,"clientId":…,"clientSecret":…,"username":…,"password":…}` as one line and ends on
 * SIGTERM. `node src/main.ts --accounts 1000 --seed 1 --port 0 --package FILE.zip`: that package is installed.
 */
const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    port: { type: 'string', default: '0' },
    package: { type: 'string' },
  },
})

const world = b2bWorld({ accounts: Number(values.accounts), seed: Number(values.seed) })
const standIn = await startSuite({ world, port: Number(values.port) })
if (values.package !== undefined) standIn.installPackage(readFileSync(values.package))

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    standIn.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  })
const { url, client, passwords } = standIn
const said = { url, clientId: client.id, clientSecret: client.secret, username: 'integration', password: passwords.integration }
process.stdout.write(`${JSON.stringify(said)}\n`)
