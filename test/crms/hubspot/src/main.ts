import { parseArgs } from 'node:util'
import { PROCESS_OPTIONS, runProcess, worldOf } from '@assay/stand-in'
import { startHubSpot } from './start.ts'

/**
 * The stand-in as a process of its own: prints `{"url":…,"token":…}` as one line and ends on SIGTERM. With `--control` days can go by.
 * `node src/main.ts --accounts 1000 --seed 1 --limits off --port 0`
 */
const { values } = parseArgs({
  options: {
    ...PROCESS_OPTIONS,
    limits: { type: 'string', default: 'on' },
    'search-lag-ms': { type: 'string', default: '0' },
  },
})

const world = worldOf(values)
await runProcess({
  world,
  control: values.control,
  start: (now) =>
    startHubSpot({
      world,
      now,
      port: Number(values.port),
      searchLagMs: Number(values['search-lag-ms']),
      ...(values.limits === 'off' ? { limits: 'off' } : {}),
      ...(values.token === undefined ? {} : { token: values.token }),
    }),
  said: ({ url, token }) => ({ url, token }),
})
