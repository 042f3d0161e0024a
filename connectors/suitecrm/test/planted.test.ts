import { connectorChecks, runCheck, type ConnectorUnderTest } from '@assay/conformance'
import type { CrmRecord, Cursor, Host, Page, Session, WriteResult } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { OVERLAP } from '../src/cursor.ts'
import { suitecrm } from '../src/index.ts'
import type { Settings } from '../src/settings.ts'
import { startHarness } from './harness.ts'

/** A mistake that connectors to SuiteCRM make, and the checks of which each must find it on this stand-in. */
interface Planted {
  readonly fault: string
  readonly foundBy: readonly string[]
  readonly session?: (good: Session, host: Host) => Partial<Session>
  readonly host?: (host: Host) => Host
}

const mapPages = (good: Session, map: (page: Page) => Page): Session['read'] =>
  async function* (kind, since) {
    for await (const page of good.read(kind, since)) yield map(page)
  }
const mapRecords = (good: Session, map: (record: CrmRecord) => CrmRecord[]): Session['read'] =>
  mapPages(good, (page) => ({ ...page, records: page.records.flatMap(map) }))
const closedAt = (page: Page, until: number): Page => {
  const place = JSON.parse(page.next) as { step: string }
  return place.step === 'rest' ? { ...page, next: JSON.stringify({ ...place, until }) as Cursor } : page
}

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

const PLANTED: readonly Planted[] = [
  {
    fault: 'reads the first page of a result only',
    foundBy: ['reads all pages, every record once', 'goes on from any page after a crash'],
    session: (good) => ({
      async *read(kind, since) {
        for await (const page of good.read(kind, since)) {
          yield page
          return
        }
      },
    }),
  },
  {
    fault: 'the window is closed when reading ends, not before it begins',
    foundBy: ['loses no record that changed behind the reader during a long sync'],
    session: (good, host) => ({ read: mapPages(good, (page) => closedAt(page, host.now() + OVERLAP)) }),
  },
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
  {
    fault: 'waits 11 s whatever is asked for',
    foundBy: ['on 429 it waits as long as the CRM says, and calls no more until then'],
    host: (host) => ({ ...host, sleep: () => host.sleep(11_000) }),
  },
  {
    fault: 'does not ask the ledger',
    foundBy: ['asks the ledger for every call, and makes none that it refuses'],
    host: (host) => ({ ...host, quota: { ...host.quota, take: () => Promise.resolve() } }),
  },
  {
    fault: 'tells its token to the log',
    foundBy: ['no token or secret in any log line, error or answer'],
    host: (host) => ({
      ...host,
      fetch(input, init) {
        host.log.debug('calling', { headers: init?.headers, body: init?.body })
        return host.fetch(input, init)
      },
    }),
  },
  {
    fault: 'what is not said is read as zero and blank',
    foundBy: ['what the CRM does not say is null, never zero or blank'],
    session: (good) => ({
      read: mapRecords(good, (record) =>
        record.deleted
          ? [record]
          : [{ ...record, body: Object.fromEntries(Object.entries(record.body).map(([name, value]) => [name, value ?? ''])) } as CrmRecord],
      ),
    }),
  },
  {
    fault: 'the stamp is part of what is compared, so that our own writing is a change',
    foundBy: ['echo: what Assay wrote does not come back as a change'],
    session: (good) => ({
      read: mapRecords(good, (record) => [
        record.deleted ? record : { ...record, attributes: { ...record.attributes, date_modified: record.version } },
      ]),
    }),
  },
  {
    fault: 'one refused row refuses its batch',
    foundBy: ['write: a bad row and a gone row fail alone'],
    session: (good) => ({
      async *write(rows, total) {
        const results: WriteResult[] = []
        for await (const result of good.write(rows, total)) results.push(result)
        const refused = results.find(({ outcome }) => outcome === 'rejected')
        for (const { object, id } of results)
          yield refused === undefined
            ? { object, id, outcome: 'written' }
            : { object, id, outcome: 'rejected', why: 'one of them was refused' }
      },
    }),
  },
]

describe('the suite finds on SuiteCRM every planted fault', () => {
  it.each(PLANTED)('$fault', { timeout: 30_000 }, async ({ foundBy, session, host }) => {
    const connector: ConnectorUnderTest<Settings> = {
      ...suitecrm,
      open(settings, given) {
        const good = suitecrm.open(settings, host?.(given) ?? given)
        return { ...good, ...session?.(good, given) }
      },
    }
    for (const name of foundBy) {
      const check = connectorChecks.find((entry) => entry.name === name)
      if (check === undefined) throw new Error(`there is no check "${name}"`)
      await expect(runCheck(check, { connector, start: () => startHarness() }), name).rejects.toThrow()
    }
  })
})
