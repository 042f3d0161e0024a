import { connectorChecks, runCheck, type ConnectorUnderTest } from '@assay/conformance'
import type { CrmRecord, Cursor, Host, Page, Session, WriteResult } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { OVERLAP } from '../src/cursor.ts'
import { sugarcrm } from '../src/index.ts'
import type { Settings } from '../src/settings.ts'
import { startHarness } from './harness.ts'

/** A mistake that connectors to Sugar make, and the checks of which each must find it on this stand-in. */
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
    fault: 'waits 11 s whatever Sugar asks for',
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
        host.log.debug('calling', { headers: init?.headers })
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
    fault: 'deleted rows are passed over',
    foundBy: ['a deletion becomes a tombstone'],
    session: (good) => ({ read: mapRecords(good, (record) => (record.deleted ? [] : [record])) }),
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
    fault: 'one refused row refuses its call',
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
  {
    fault: 'a field that is hidden is taken for an empty one',
    foundBy: ['a field without read permission is named in check()'],
    session: (good) => ({
      async check() {
        const found = await good.check()
        return {
          ...found,
          kinds: found.kinds.map((kind) => ({ ...kind, fields: kind.fields.map((field) => ({ ...field, readable: true })) })),
        }
      },
    }),
  },
]

describe('the suite finds on Sugar every planted fault', () => {
  it.each(PLANTED)('$fault', { timeout: 30_000 }, async ({ foundBy, session, host }) => {
    const connector: ConnectorUnderTest<Settings> = {
      ...sugarcrm,
      open(settings, given) {
        const good = sugarcrm.open(settings, host?.(given) ?? given)
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
