import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { PROCESS_OPTIONS, runProcess, worldOf } from '@assay/stand-in'
import { startSugar } from './start.ts'

/**
 * The stand-in as a process of its own: prints `{"url":…,"token":…,"adminToken":…,"username":…,"password":…}` as one line and ends on
 * SIGTERM. With `--control` days can go by. `node src/main.ts --accounts 1000 --seed 1 --port 0 --package FILE.zip`: that package is
 * installed, so that its platform signs in.
 */
const { values } = parseArgs({
  options: {
    ...PROCESS_OPTIONS,
    package: { type: 'string' },
    platform: { type: 'string' },
    professional: { type: 'boolean', default: false },
  },
})

const world = worldOf(values)
await runProcess({
  world,
  control: values.control,
  async start(now) {
    const standIn = await startSugar({
      world,
      now,
      port: Number(values.port),
      edition: values.professional ? 'professional' : 'enterprise',
      ...(values.token === undefined ? {} : { tokens: { integration: values.token } }),
      ...(values.platform === undefined ? {} : { oauth: { platforms: [values.platform] } }),
    })
    if (values.package !== undefined) standIn.installPackage(readFileSync(values.package))
    return standIn
  },
  said: ({ url, token, tokens, passwords }) => ({
    url,
    token,
    adminToken: tokens.admin,
    username: 'integration',
    password: passwords.integration,
  }),
})
