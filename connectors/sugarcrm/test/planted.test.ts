import { commonFaults, type Planted, plantedSuite, stampCompared, windowClosedLate } from '@assay/conformance'
import type { Host } from '@assay/shared'
import { OVERLAP } from '../src/cursor.ts'
import { sugarcrm } from '../src/index.ts'
import { startHarness } from './harness.ts'

type Body = Readonly<Record<string, unknown>>
type Fetch = Host['fetch']
/** The same calls with other questions. */
const asking =
  (good: Fetch, change: (body: Body) => Body): Fetch =>
  (input, init) =>
    good(input, typeof init?.body === 'string' ? { ...init, body: JSON.stringify(change(JSON.parse(init.body) as Body)) } : init)
/** The place of the last record is thrown away; in its stead a number of rows is passed over that is one too large, as after a row moved. */
const skippingOne = (good: Fetch): Fetch =>
  asking(good, (body) => {
    const filter = Array.isArray(body['filter']) ? (body['filter'] as readonly Body[]) : []
    return filter.some((part) => '$or' in part) ? { ...body, filter: filter.filter((part) => !('$or' in part)), offset: 101 } : body
  })

/** Mistakes that connectors to Sugar make. */
const PLANTED: readonly Planted[] = [
  commonFaults.firstPageOnly,
  windowClosedLate(OVERLAP),
  commonFaults.fixedWait,
  commonFaults.ledgerNotAsked,
  commonFaults.tokenInLog,
  commonFaults.missingAsBlank,
  commonFaults.deletionsPassedOver,
  stampCompared('date_modified'),
  commonFaults.oneRefusedRefusesAll,
  {
    fault: 'goes on by an offset instead of a place',
    foundBy: ['loses no record that changed behind the reader during a long sync', 'goes on from any page after a crash'],
    host: (host) => ({ ...host, fetch: skippingOne(host.fetch) }),
  },
  {
    fault: 'does not ask for what is deleted',
    foundBy: ['a deletion becomes a tombstone'],
    host: (host) => ({ ...host, fetch: asking(host.fetch, ({ deleted: _deleted, ...rest }) => rest) }),
  },
  {
    fault: 'a task is made without the mark by which it is found again',
    foundBy: ['tasks: one per key, although the index lags and the id was never learned'],
    host: (host) => ({
      ...host,
      fetch: asking(host.fetch, (body) => ('description' in body ? { ...body, description: 'No order for 94 days.' } : body)),
    }),
  },
  commonFaults.hiddenAsEmpty,
]

plantedSuite('the suite finds on Sugar every planted fault', { connector: sugarcrm, start: () => startHarness() }, PLANTED)
