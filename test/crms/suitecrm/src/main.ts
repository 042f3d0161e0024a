import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { PROCESS_OPTIONS, runProcess, worldOf } from '@assay/stand-in'
import { startSuite } from './start.ts'

/**
 * The stand-in as a process of its own: prints `{"url":…,"clientId":…,"clientSecret":…,"username":…,"password":…}` as one line and ends on
 * SIGTERM. `node src/main.ts --accounts 1000 --seed 1 --port 0 --package FILE.zip`: that package is installed.
 */
const { accounts, seed, port } = PROCESS_OPTIONS
const { values } = parseArgs({ options: { accounts, seed, port, package: { type: 'string' } } })

const world = worldOf(values)
await runProcess({
  world,
  async start(now) {
    const standIn = await startSuite({ world, now, port: Number(values.port) })
    if (values.package !== undefined) standIn.installPackage(readFileSync(values.package))
    return standIn
  },
  said: ({ url, client, passwords }) => ({
    url,
    clientId: client.id,
    clientSecret: client.secret,
    username: 'integration',
    password: passwords.integration,
  }),
})
