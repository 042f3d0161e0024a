import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { b2bWorld, change, type World } from '@assay/worlds'
import { contactsWorld } from './contacts-world.ts'
import { startSalesforce } from './start.ts'

/**
 * The stand-in as a process of its own: prints `{"url":…,"token":…,"adminToken":…}` as one line and ends on SIGTERM.
 * `node src/main.ts --accounts 1000 --seed 1 --port 0`, or `--contacts 1000000` for an org that is nothing but large.
 *
 * With `--control` its clock starts at the world's today (`ahead`: by how many ms before this machine's), and it can be moved on by
 * lines on stdin: `{"change":{"share":0.01,"days":2,"seed":3}}` lets that many days go by in which something happens to that share of
 * the accounts, and is answered by a line `{"ahead":…}`. The end of stdin ends it.
 */
const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '1000' },
    contacts: { type: 'string' },
    seed: { type: 'string', default: '1' },
    years: { type: 'string' },
    plain: { type: 'boolean', default: false },
    calls: { type: 'string' },
    port: { type: 'string', default: '0' },
    token: { type: 'string' },
    'person-accounts': { type: 'boolean', default: false },
    'page-rows': { type: 'string' },
    control: { type: 'boolean', default: false },
  },
})

let world: World =
  values.contacts === undefined
    ? b2bWorld({
        accounts: Number(values.accounts),
        seed: Number(values.seed),
        plain: values.plain,
        ...(values.years === undefined ? {} : { years: Number(values.years) }),
      })
    : contactsWorld(Number(values.contacts))
let ahead = values.control ? world.today - Date.now() : 0
const standIn = await startSalesforce({
  world,
  now: () => Date.now() + ahead,
  port: Number(values.port),
  personAccounts: values['person-accounts'],
  ...(values.calls === undefined ? {} : { limits: { perDay: Number(values.calls) } }),
  ...(values.token === undefined ? {} : { tokens: { integration: values.token } }),
  ...(values['page-rows'] === undefined ? {} : { jobs: { pageRows: Number(values['page-rows']) } }),
})

const end = (): void => {
  standIn.close().then(
    () => process.exit(0),
    () => process.exit(1),
  )
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end)
const { url, token, tokens } = standIn
process.stdout.write(`${JSON.stringify({ url, token, adminToken: tokens.admin, ...(values.control ? { ahead } : {}) })}\n`)

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
