import { parseArgs } from 'node:util'
import { PROCESS_OPTIONS, runProcess, worldOf } from '@assay/stand-in'
import { contactsWorld } from './contacts-world.ts'
import { startSalesforce } from './start.ts'

/**
 * The stand-in as a process of its own: prints `{"url":…,"token":…,"adminToken":…}` as one line and ends on SIGTERM. With `--control` days
 * can go by. `node src/main.ts --accounts 1000 --seed 1 --port 0`, or `--contacts 1000000` for an org that is nothing but large.
 */
const { values } = parseArgs({
  options: {
    ...PROCESS_OPTIONS,
    contacts: { type: 'string' },
    calls: { type: 'string' },
    'person-accounts': { type: 'boolean', default: false },
    'page-rows': { type: 'string' },
  },
})

const world = values.contacts === undefined ? worldOf(values) : contactsWorld(Number(values.contacts))
await runProcess({
  world,
  control: values.control,
  start: (now) =>
    startSalesforce({
      world,
      now,
      port: Number(values.port),
      personAccounts: values['person-accounts'],
      ...(values.calls === undefined ? {} : { limits: { perDay: Number(values.calls) } }),
      ...(values.token === undefined ? {} : { tokens: { integration: values.token } }),
      ...(values['page-rows'] === undefined ? {} : { jobs: { pageRows: Number(values['page-rows']) } }),
    }),
  said: ({ url, token, tokens }) => ({ url, token, adminToken: tokens.admin }),
})
