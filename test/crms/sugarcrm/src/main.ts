import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { b2bWorld, change, type World } from '@assay/worlds'
import { startSugar } from './start.ts'

/**
 * The stand-in as a process of its own: prints `{"url":…,"token":…,"adminToken":…,"username":…,"password":…}` as one line and ends on SIGTERM.
 * `node src/main.ts --accounts 1000 --seed 1 --port 0 --package FILE.zip`: that package is installed, so that its platform signs in.
 *
 * With `--control` its clock starts at the world's today (`ahead`: by how many ms before this machine's), and it can be moved on by
 * lines on stdin: `{"change":{"share":0.01,"days":2,"seed":3}}` lets that many days go by in which something happens to that share of
 * the accounts, and is answered by a line `{"ahead":…}`. The end of stdin ends it.
 */
const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    years: { type: 'string' },
    plain: { type: 'boolean', default: false },
    port: { type: 'string', default: '0' },
    token: { type: 'string' },
    package: { type: 'string' },
    platform: { type: 'string' },
    professional: { type: 'boolean', default: false },
    control: { type: 'boolean', default: false },
  },
})

let world: World = b2bWorld({
  accounts: Number(values.accounts),
  seed: Number(values.seed),
  plain: values.plain,
  ...(values.years === undefined ? {} : { years: Number(values.years) }),
})
let ahead = values.control ? world.today - Date.now() : 0
const standIn = await startSugar({
  world,
  now: () => Date.now() + ahead,
  port: Number(values.port),
  edition: values.professional ? 'professional' : 'enterprise',
  ...(values.token === undefined ? {} : { tokens: { integration: values.token } }),
  ...(values.platform === undefined ? {} : { oauth: { platforms: [values.platform] } }),
})
if (values.package !== undefined) standIn.installPackage(readFileSync(values.package))

const end = (): void => {
  standIn.close().then(
    () => process.exit(0),
    () => process.exit(1),
  )
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end)
const { url, token, tokens, passwords } = standIn
const user = { username: 'integration', password: passwords.integration }
process.stdout.write(`${JSON.stringify({ url, token, adminToken: tokens.admin, ...user, ...(values.control ? { ahead } : {}) })}\n`)

interface Command {
  readonly change: { readonly share: number; readonly days: number; readonly seed: number }
}
if (values.control) {
  const lines = createInterface(process.stdin)
  lines.once('close', end)
  lines.on('line', (line) => {
    const { share, days, seed } = (JSON.parse(line) as Command).change
    const now = Date.now() + ahead
    ahead += days * 86_400_000
    world = change({ ...world, today: now }, { share, at: now + days * 86_400_000, seed })
    standIn.grow(world)
    process.stdout.write(`${JSON.stringify({ ahead })}\n`)
  })
}
