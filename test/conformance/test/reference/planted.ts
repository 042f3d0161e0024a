import { ASSAY_PREFIX, AssayError } from '@assay/shared'
import type { CrmRecord, Cursor, Host, ScoreRow, Session, WriteResult } from '@assay/shared'
import { commonFaults, mapPages, mapRecords, type Planted, writeAll } from '../../src/connector/index.ts'
import type { ReferenceSettings } from './connector.ts'
import { CAP, type ReferenceCrm } from './crm.ts'
import type { ReferenceHarness } from './harness.ts'

type Change = (good: Session, host: Host, settings: ReferenceSettings, inside: () => ReferenceCrm) => Partial<Session>

/** The reference connector with some of a session's methods replaced, or with another host handed to it. */
const planted = (
  fault: string,
  foundBy: readonly string[],
  change: Change,
  host: (host: Host) => Host = (given) => given,
): Planted<ReferenceHarness> => ({
  fault,
  foundBy,
  host,
  session: (good, given, { settings, inside }) => change(good, given, settings, () => inside),
})

const batched = (good: Session, judge: (rows: ScoreRow[], results: WriteResult[]) => Promise<WriteResult[]>): Session['write'] =>
  async function* (rows, total) {
    const all: ScoreRow[] = []
    for await (const row of rows) all.push(row)
    yield* await judge(all, await writeAll(good, all, total))
  }

export const PLANTED: readonly Planted<ReferenceHarness>[] = [
  commonFaults.firstPageOnly,
  planted('cursor = newest record seen', ['loses no record that changed behind the reader during a long sync'], (good) => ({
    async *read(kind, since) {
      let newest = 0
      for await (const page of good.read(kind, since)) {
        for (const record of page.records) newest = Math.max(newest, record.version)
        const place = JSON.parse(page.next) as { step: string; until: number }
        yield { ...page, next: (place.step === 'rest' ? JSON.stringify({ ...place, until: newest }) : page.next) as Cursor }
      }
    },
  })),
  planted('no overlap with the lagging index', ['loses no change that the search index shows late'], (good) => ({
    read: mapPages(good, (page) => {
      const place = JSON.parse(page.next) as { step: string; until: number }
      return { ...page, next: (place.step === 'rest' ? JSON.stringify({ ...place, until: place.until + 300_000 }) : page.next) as Cursor }
    }),
  })),
  planted('the search cap met in silence', ['reads past the search cap'], (good) => ({
    async *read(kind, since) {
      let room = since === null ? Infinity : CAP
      for await (const page of good.read(kind, since)) {
        yield { ...page, records: page.records.slice(0, room) }
        room = Math.max(0, room - page.records.length)
      }
    },
  })),
  commonFaults.fixedWait,
  planted(
    'hammers on 429',
    ['an endless 429 ends as a limit, without hammering'],
    (good) => ({
      async *read(kind, since) {
        for (let tries = 0; ; tries += 1) {
          try {
            yield* good.read(kind, since)
            return
          } catch (error) {
            if (tries >= 30) throw error
          }
        }
      },
    }),
    (host) => ({ ...host, sleep: () => host.sleep(1) }),
  ),
  planted('one bad row fails its batch', ['write: a bad row and a gone row fail alone'], (good) => ({
    write: batched(good, (rows, results) => {
      const bad = results.find(({ outcome }) => outcome === 'rejected')
      if (bad === undefined) return Promise.resolve(results)
      return Promise.resolve(rows.map(({ object, id }) => ({ object, id, outcome: 'rejected', why: 'the batch was refused' })))
    }),
  })),
  planted('retries what was rejected', ['write: what was rejected is not tried again'], (good) => ({
    write: batched(good, async (rows, results) => {
      const refused = rows.filter(({ id }) => results.some((result) => result.id === id && result.outcome === 'rejected'))
      if (refused.length > 0) await writeAll(good, refused, {})
      return results
    }),
  })),
  planted('takes all rows before it writes', ['write: streams, and never takes all rows before it answers'], (good) => ({
    write: batched(good, (_, results) => Promise.resolve(results)),
  })),
  planted('the echo of a write counted as a change', ['echo: what Assay wrote does not come back as a change'], (good) => ({
    read: mapRecords(good, (record) =>
      record.deleted ? [record] : [{ ...record, attributes: { ...record.attributes, last_modified: record.version } }],
    ),
  })),
  planted(
    "Assay's own scores read back as attributes",
    ['echo: what Assay wrote does not come back as a change'],
    (good, _host, _settings, inside) => ({
      read: mapRecords(good, (record) => {
        const row = inside().rows.find(({ id }) => id === record.id)
        return record.deleted || row === undefined ? [record] : [{ ...record, attributes: { ...record.attributes, ...row.custom } }]
      }),
    }),
  ),
  planted("people's answers hidden with our own fields", ["people's answers to offers come back as attributes"], (good) => ({
    read: mapRecords(good, (record) => (record.deleted ? [record] : [{ ...record, attributes: {} }])),
  })),
  planted('a token in a log line', ['no token or secret in any log line, error or answer'], (good, host, settings) => ({
    async *read(kind, since) {
      host.log.debug('reading', { headers: { authorization: `Bearer ${settings.token}` } })
      yield* good.read(kind, since)
    },
  })),
  planted('a token in an error', ['no token or secret in any log line, error or answer'], (good, _host, settings) => ({
    async *read(kind, since) {
      try {
        yield* good.read(kind, since)
      } catch (error) {
        throw error instanceof AssayError
          ? new AssayError(error.kind, error.message, { cause: new Error(`with ${settings.token}`), hint: error.hint })
          : error
      }
    },
  })),
  planted('deletions forgotten', ['a deletion becomes a tombstone'], (good) => ({
    read: mapRecords(good, (record) => (record.deleted && record.mergedInto === null ? [] : [record])),
  })),
  commonFaults.mergeAsDeletion,
  planted('gone records left out of readIds', ['reads named records, gone ones as tombstones'], (good) => ({
    async *readIds(kind, ids) {
      for await (const page of good.readIds(kind, ids)) yield { ...page, records: page.records.filter(({ deleted }) => !deleted) }
    },
  })),
  commonFaults.hiddenAsEmpty,
  planted('a missing scope read as nothing there', ['a missing scope is named, in check() and when reading'], (good) => ({
    async *read(kind, since) {
      try {
        yield* good.read(kind, since)
      } catch (error) {
        if (!(error instanceof AssayError) || error.kind !== 'config') throw error
        yield { records: [], next: '{}' as Cursor }
      }
    },
  })),
  planted(
    'an answer that is no JSON taken for an empty list',
    ['an answer that is no JSON is never taken for nothing'],
    () => ({}),
    (host) => ({
      ...host,
      fetch: async (url, init) => {
        const response = await host.fetch(url, init)
        const text = await response.text()
        const body = text.startsWith('<') ? '{"rows":[],"more":false}' : text
        return new Response(body, { status: response.status, headers: response.headers })
      },
    }),
  ),
  planted(
    'ensureFields retypes',
    ['fields: a field of the same name and another type is a clash, and nothing is made or retyped'],
    (good, _host, _settings, inside) => ({
      async ensureFields(fields) {
        const { fields: existing } = inside()
        const names = fields.map(({ name }) => ASSAY_PREFIX + name)
        const kept = existing.filter(({ name, type }) => !names.includes(name) || type !== 'text')
        existing.splice(0, existing.length, ...kept)
        return good.ensureFields(fields)
      },
    }),
  ),
  planted(
    'a clash noticed half-way',
    ['fields: a field of the same name and another type is a clash, and nothing is made or retyped'],
    (good) => ({
      async ensureFields(fields) {
        for (const field of [...fields].reverse()) await good.ensureFields([field])
        return good.ensureFields(fields)
      },
    }),
  ),
  planted(
    "removeFields takes a person's field along",
    ['fields: removeFields works without a receipt'],
    (good, _host, _settings, inside) => ({
      removeFields(receipt) {
        const { fields } = inside()
        fields.splice(0, fields.length, ...fields.map((field) => ({ ...field, madeByAssay: true })))
        return good.removeFields(receipt)
      },
    }),
  ),
  planted(
    'duplicates tasks',
    [
      'tasks: one per key, although the index lags and the id was never learned',
      'tasks: a crash between making one and hearing of it makes no second one',
    ],
    (good, _host, _settings, inside) => ({
      upsertTask: (task) => good.upsertTask(task.taskId === null ? { ...task, key: `${task.key}/${inside().calls}` } : task),
    }),
  ),
  planted('opens closed tasks again', ['tasks: written again is updated, closed stays closed'], (good, _host, _settings, inside) => ({
    upsertTask(task) {
      const there = inside().tasks.find(({ id }) => id === task.taskId)
      if (there !== undefined && task.state === 'open') there.isOpen = true
      return good.upsertTask(task)
    },
  })),
  planted("Assay's tasks read as activities", ["tasks: Assay's own are nobody's activity"], (good, _host, _settings, inside) => ({
    read: (kind, since) =>
      mapPages(good, (page) => {
        if (kind !== 'activity') return page
        const template = page.records.find((record) => record.kind === 'activity' && !record.deleted)
        const tasks = template === undefined ? [] : inside().tasks.map(({ id }): CrmRecord => ({ ...template, id }))
        return { ...page, records: [...page.records, ...tasks] }
      })(kind, since),
  })),
  commonFaults.ledgerNotAsked,
  planted('does not stop when told to', ['stops between pages when told to', 'stops in the middle of a call when told to'], (good) => ({
    async *read(kind, since) {
      try {
        yield* good.read(kind, since)
      } catch (error) {
        if (error instanceof AssayError) throw error
      }
    },
  })),
  planted(
    'a call that cannot be stopped',
    ['stops in the middle of a call when told to'],
    () => ({}),
    (host) => ({ ...host, signal: new AbortController().signal }),
  ),
  planted('a bill that is too small', ['estimate: the bill is what the write costs'], (good) => ({
    estimate: async (total) => ({ ...(await good.estimate(total)), calls: 1 }),
  })),
  planted('zero for what the CRM does not say', ['what the CRM does not say is null, never zero or blank'], (good) => ({
    read: mapRecords(good, (record) =>
      !record.deleted && record.kind === 'account'
        ? [{ ...record, body: { ...record.body, employees: record.body.employees ?? 0 } }]
        : [record],
    ),
  })),
  planted('a body with a member too many', ['every kind: records are well formed and only declared kinds come'], (good) => ({
    read: mapRecords(good, (record) => {
      if (record.deleted || record.kind !== 'account') return [record]
      return [{ ...record, body: Object.assign({ industryCode: 7 }, record.body) }]
    }),
  })),
]
