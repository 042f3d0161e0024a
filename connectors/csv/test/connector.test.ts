import { connectorChecks, runCheck } from '@assay/conformance'
import { describe, it } from 'vitest'
import { csv } from '../src/index.ts'
import { exportedFolder } from './exports.ts'

/** The one promise that a folder cannot be held to: it counts calls to a CRM, and there are none. */
const NO_CALLS = 'asks the ledger for every call, and makes none that it refuses'

// `connectorSuite` less that check, left out by name as the suite does.
describe('connector csv', () => {
  for (const check of connectorChecks) {
    it(check.name, { timeout: 30_000 }, async (context) => {
      const why =
        check.name === NO_CALLS ? 'reading files makes no calls' : await runCheck(check, { connector: csv, start: exportedFolder })
      if (why === null) return
      console.info(`left out: csv: ${check.name}: ${why}`)
      context.skip(why)
    })
  }
})
