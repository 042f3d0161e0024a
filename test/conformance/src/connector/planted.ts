import { describe, expect, it } from 'vitest'
import type { CrmRecord, Cursor, Host, Page, Session, WriteResult } from '@assay/shared'
import type { ConnectorUnderTest } from './check.ts'
import type { ConnectorHarness } from './levers.ts'
import { connectorChecks, runCheck } from './suite.ts'

/** A mistake that connectors make, and the checks of which each must find it. `H`: the harness that the check is run on. */
export interface Planted<H = unknown> {
  readonly fault: string
  readonly foundBy: readonly string[]
  /** The methods of a good session that make the mistake. */
  readonly session?: (good: Session, host: Host, harness: H) => Partial<Session>
  /** What the connector is given in place of the host, so that it makes the mistake by itself. */
  readonly host?: (host: Host) => Host
}

/** The suite's own test: a test for each planted fault, which fails when one of the checks named with it finds nothing. */
export const plantedSuite = <S, H extends ConnectorHarness<S>>(
  title: string,
  { connector, start }: { readonly connector: ConnectorUnderTest<S>; readonly start: () => Promise<H> },
  planted: readonly Planted<H>[],
): void => {
  describe(title, () => {
    it.each(planted)('$fault', { timeout: 30_000 }, async ({ foundBy, session, host }) => {
      for (const name of foundBy) {
        const check = connectorChecks.find((entry) => entry.name === name)
        if (check === undefined) throw new Error(`there is no check "${name}"`)
        const harness = await start()
        const faulty: ConnectorUnderTest<S> = {
          ...connector,
          open(settings, given) {
            const good = connector.open(settings, host?.(given) ?? given)
            return { ...good, ...session?.(good, given, harness) }
          },
        }
        await expect(runCheck(check, { connector: faulty, start: () => Promise.resolve(harness) }), name).rejects.toThrow()
      }
    })
  })
}

/** Reads as the good one does, and hands over what `map` makes of each page. */
export const mapPages = (good: Session, map: (page: Page) => Page): Session['read'] =>
  async function* (kind, since) {
    for await (const page of good.read(kind, since)) yield map(page)
  }

/** Reads as the good one does, and hands over what `map` makes of each record. */
export const mapRecords = (good: Session, map: (record: CrmRecord) => CrmRecord[]): Session['read'] =>
  mapPages(good, (page) => ({ ...page, records: page.records.flatMap(map) }))

const closedAt = (page: Page, until: number): Page => {
  const place = JSON.parse(page.next) as { step: string }
  return place.step === 'rest' ? { ...page, next: JSON.stringify({ ...place, until }) as Cursor } : page
}

/** Mistakes that a connector to any CRM can make. */
export const commonFaults = {
  firstPageOnly: {
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
  fixedWait: {
    fault: 'waits 11 s whatever the CRM asks for',
    foundBy: ['on 429 it waits as long as the CRM says, and calls no more until then'],
    host: (host) => ({ ...host, sleep: () => host.sleep(11_000) }),
  },
  ledgerNotAsked: {
    fault: 'does not ask the ledger',
    foundBy: ['asks the ledger for every call, and makes none that it refuses'],
    host: (host) => ({ ...host, quota: { ...host.quota, take: () => Promise.resolve() } }),
  },
  tokenInLog: {
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
  missingAsBlank: {
    fault: 'what is not said is read as blank',
    foundBy: ['what the CRM does not say is null, never zero or blank'],
    session: (good) => ({
      read: mapRecords(good, (record) =>
        record.deleted
          ? [record]
          : [{ ...record, body: Object.fromEntries(Object.entries(record.body).map(([name, value]) => [name, value ?? ''])) } as CrmRecord],
      ),
    }),
  },
  deletionsPassedOver: {
    fault: 'deleted rows are passed over',
    foundBy: ['a deletion becomes a tombstone'],
    session: (good) => ({ read: mapRecords(good, (record) => (record.deleted ? [] : [record])) }),
  },
  mergeAsDeletion: {
    fault: 'the loser of a merge is a deletion like any other',
    foundBy: ['a merge becomes a tombstone that names the winner'],
    session: (good) => ({ read: mapRecords(good, (record) => [record.deleted ? { ...record, mergedInto: null } : record]) }),
  },
  oneRefusedRefusesAll: {
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
  hiddenAsEmpty: {
    fault: 'a field that is hidden is taken for an empty one',
    foundBy: ['a field without read permission is named in check()'],
    session: (good) => ({
      async check() {
        const found = await good.check()
        const kinds = found.kinds.map((kind) => ({
          ...kind,
          fields: kind.fields.map((field) => ({ ...field, readable: true, why: null })),
        }))
        return { ...found, kinds }
      },
    }),
  },
} satisfies Readonly<Record<string, Planted>>

/** For cursors that say in `until` where the window ends; `overlapMs`: how much of it the connector reads again. */
export const windowClosedLate = (overlapMs: number): Planted => ({
  fault: 'the window is closed when reading ends, not before it begins',
  foundBy: ['loses no record that changed behind the reader during a long sync'],
  session: (good, host) => ({ read: mapPages(good, (page) => closedAt(page, host.now() + overlapMs)) }),
})

/** `stamp`: the CRM's name of the field that says when a record was changed. */
export const stampCompared = (stamp: string): Planted => ({
  fault: 'the stamp is part of what is compared, so that our own writing is a change',
  foundBy: ['echo: what Assay wrote does not come back as a change'],
  session: (good) => ({
    read: mapRecords(good, (record) => [
      record.deleted ? record : { ...record, attributes: { ...record.attributes, [stamp]: record.version } },
    ]),
  }),
})
