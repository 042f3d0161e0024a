import { commonFaults, type Planted, plantedSuite, stampCompared, windowClosedLate } from '@assay/conformance'
import type { Host } from '@assay/shared'
import { OVERLAP } from '../src/cursor.ts'
import { suitecrm } from '../src/index.ts'
import { startHarness } from './harness.ts'

type Arguments = Readonly<Record<string, unknown>>
type Fetch = Host['fetch']
/** The same calls of v4_1 with other arguments. */
const asking =
  (good: Fetch, change: (args: Arguments) => Arguments): Fetch =>
  (input, init) => {
    const form = new URLSearchParams(typeof init?.body === 'string' ? init.body : '')
    const said = form.get('rest_data')
    if (said === null) return good(input, init)
    form.set('rest_data', JSON.stringify(change(JSON.parse(said) as Arguments)))
    return good(input, { ...init, body: form.toString() })
  }
/** The same calls of V8 with other attributes. */
const sending =
  (good: Fetch, change: (attributes: Arguments) => Arguments): Fetch =>
  (input, init) => {
    const body = typeof init?.body === 'string' && init.body.startsWith('{"data"') ? init.body : null
    if (body === null) return good(input, init)
    const { data } = JSON.parse(body) as { data: { attributes: Arguments } }
    return good(input, { ...init, body: JSON.stringify({ data: { ...data, attributes: change(data.attributes) } }) })
  }

/** Mistakes that connectors to SuiteCRM make. */
const PLANTED: readonly Planted[] = [
  commonFaults.firstPageOnly,
  windowClosedLate(OVERLAP),
  {
    fault: 'orders by a column with its table, which is passed over in silence',
    foundBy: ['reads all pages, every record once', 'goes on from any page after a crash'],
    host: (host) => ({
      ...host,
      fetch: asking(host.fetch, (args) => ('order_by' in args ? { ...args, order_by: 'accounts.date_modified ASC' } : args)),
    }),
  },
  {
    fault: 'leaves the number of rows to SuiteCRM',
    foundBy: ['reads all pages, every record once'],
    host: (host) => ({
      ...host,
      fetch: asking(host.fetch, (args) => ('max_results' in args ? { ...args, max_results: '', order_by: 'name' } : args)),
    }),
  },
  {
    fault: 'does not ask for what is deleted',
    foundBy: ['a deletion becomes a tombstone'],
    host: (host) => ({ ...host, fetch: asking(host.fetch, (args) => ('deleted' in args ? { ...args, deleted: 0 } : args)) }),
  },
  {
    fault: 'writes null where a field is to be cleared, which leaves it as it is',
    foundBy: ['write: one answer per row, values arrive, null clears'],
    host: (host) => ({
      ...host,
      fetch: sending(host.fetch, (attributes) => Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''))),
    }),
  },
  {
    fault: 'calls written whatever came back with a 201',
    foundBy: ['write: one answer per row, values arrive, null clears'],
    host: (host) => ({
      ...host,
      fetch: sending(host.fetch, (attributes) =>
        Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, `${value as string}<b`])),
      ),
    }),
  },
  {
    fault: 'a task is made under an id of SuiteCRM’s own, and not found again',
    foundBy: ['tasks: one per key, although the index lags and the id was never learned'],
    session: (good) => ({ upsertTask: (task) => good.upsertTask({ ...task, key: `${task.key}${Math.random()}` }) }),
  },
  commonFaults.fixedWait,
  commonFaults.ledgerNotAsked,
  {
    ...commonFaults.tokenInLog,
    host: (host) => ({
      ...host,
      fetch(input, init) {
        host.log.debug('calling', { headers: init?.headers, body: init?.body })
        return host.fetch(input, init)
      },
    }),
  },
  commonFaults.missingAsBlank,
  stampCompared('date_modified'),
  commonFaults.oneRefusedRefusesAll,
]

plantedSuite('the suite finds on SuiteCRM every planted fault', { connector: suitecrm, start: () => startHarness() }, PLANTED)
