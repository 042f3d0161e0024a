import { parseArgs } from 'node:util'
import { b2bWorld } from '@assay/worlds'
import { startHubSpot } from './start.ts'

/**
 * The stand-in as a process of its own: prints `{"url":…,"token":…}` as one line and ends on SIGTERM.
 * `node src/main.ts --accounts 1000 --seed 1 --limits off --port 0`
 */
const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    years: { type: 'string' },
    plain: { type: 'boolean', default: false },
    limits: { type: 'string', default: 'on' },
    port: { type: 'string', default: '0' },
    token: { type: 'string' },
    'search-lag-ms': { type: 'string', default: '0' },
  },
})

const world = b2bWorld({
  accounts: Number(values.accounts),
  seed: Number(values.seed),
  plain: values.plain,
  ...(values.years === undefined ? {} : { years: Number(values.years) }),
})
const standIn = await startHubSpot({
  world,
  port: Number(values.port),
  searchLagMs: Number(values['search-lag-ms']),
  ...(values.limits === 'off' ? { limits: 'off' } : {}),
  ...(values.token === undefined ? {} : { token: values.token }),
})

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    standIn.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  })
process.stdout.write(`${JSON.stringify({ url: standIn.url, token: standIn.token })}\n`)
