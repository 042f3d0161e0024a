import assert from 'node:assert/strict'
import { ASSAY_PREFIX, BODIES, OFFER_FIELDS } from '@assay/shared'
import type { CrmRecord, Kind } from '@assay/shared'
import {
  always,
  isGone,
  isLive,
  kindsOf,
  liveIds,
  mainKind,
  readAll,
  sorted,
  type ConnectorCheck,
  type Live,
  type Subject,
} from '../check.ts'

const ANSWERS = new Set(OFFER_FIELDS.filter((field) => field.setByPeople).map((field) => `${ASSAY_PREFIX}${field.name}`))

/** Live records whose body shows the text. */
const showing = (records: readonly CrmRecord[], text: string): Live[] =>
  records.filter(isLive).filter((record) => JSON.stringify(record.body).includes(text))

const assertWellFormed = (record: CrmRecord, now: number): void => {
  const where = `${record.kind} ${record.id}`
  assert.ok(record.id !== '', `a ${record.kind} without id`)
  assert.ok(Number.isFinite(record.version), `${where}: version ${record.version}`)
  assert.ok(Number.isFinite(record.knownAt) && record.knownAt <= now, `${where}: known at ${record.knownAt}, after now (${now})`)
  if (record.deleted) return
  const parsed = BODIES[record.kind].strict().safeParse(record.body)
  assert.ok(parsed.success, `${where}: ${parsed.error?.message ?? ''}`)
  for (const [name, value] of Object.entries(record.attributes)) {
    assert.ok(!name.startsWith(ASSAY_PREFIX) || ANSWERS.has(name), `${where}: Assay's own field ${name} came back as an attribute`)
    assert.ok(value === null || ['string', 'number', 'boolean'].includes(typeof value), `${where}: attribute ${name} is ${typeof value}`)
  }
}

/** Creates `count` of the main kind and reads everything, so that a cursor exists. */
const readOnce = async (subject: Subject, count: number) => {
  const kind = mainKind(subject)
  const ids = await subject.crm.create(kind, count)
  subject.crm.passTime(subject.crm.settleMs)
  return { kind, ids, ...(await readAll(subject.open(), kind, null)) }
}

const incremental: ConnectorCheck['leftOut'] = (can) => (can.incremental ? null : 'the connector reads everything every time')

export const readingChecks: readonly ConnectorCheck[] = [
  {
    name: 'reads all pages, every record once',
    leftOut: always,
    async run(subject) {
      const { kind, ids, pages, records } = await readOnce(subject, subject.crm.severalPages)
      assert.deepEqual(liveIds(records, kind), sorted(ids))
      assert.equal(records.filter((record) => record.kind === kind).length, ids.length, 'a record came twice')
      assert.ok(pages.length >= 3, `${ids.length} records came in ${pages.length} pages: nothing to resume from`)
    },
  },
  {
    name: 'every kind: records are well formed and only declared kinds come',
    leftOut: always,
    async run(subject) {
      for (const kind of kindsOf(subject)) {
        const ids = await subject.crm.create(kind, 3)
        subject.crm.passTime(subject.crm.settleMs)
        const { records } = await readAll(subject.open(), kind, null)
        for (const id of ids) assert.ok(liveIds(records, kind).includes(id), `${kind} ${id} was not read`)
        for (const record of records) {
          assertWellFormed(record, subject.host.now())
          assert.ok(subject.connector.capabilities.kinds.includes(record.kind), `undeclared kind ${record.kind}`)
        }
      }
    },
  },
  {
    name: 'what the CRM does not say is null, never zero or blank',
    leftOut: (_, crm) => (crm.createBare === undefined ? 'the stand-in cannot make a bare record' : null),
    async run(subject) {
      for (const kind of kindsOf(subject)) {
        const id = await subject.crm.createBare?.(kind)
        subject.crm.passTime(subject.crm.settleMs)
        const { records } = await readAll(subject.open(), kind, null)
        const bare = records.find((record) => record.id === id)
        assert.ok(bare !== undefined && isLive(bare), `the bare ${kind} was not read`)
        for (const [member, value] of Object.entries(bare.body)) {
          assert.ok(value !== 0 && value !== '', `${kind}.${member} is made up: ${JSON.stringify(value)}`)
        }
      }
    },
  },
  {
    name: 'reads an empty CRM and gives a cursor',
    leftOut: always,
    async run(subject) {
      const kind = mainKind(subject)
      const first = await readAll(subject.open(), kind, null)
      assert.deepEqual(first.records, [])
      subject.crm.passTime(subject.crm.settleMs)
      const ids = await subject.crm.create(kind, 1)
      subject.crm.passTime(subject.crm.settleMs)
      const second = await readAll(subject.open(), kind, first.next)
      assert.deepEqual(liveIds(second.records, kind), ids)
    },
  },
  {
    name: 'reads only what changed since the cursor',
    leftOut: incremental,
    async run(subject) {
      const { kind, ids, next } = await readOnce(subject, 20)
      subject.crm.passTime(subject.crm.settleMs)
      for (const id of ids.slice(3, 6)) await subject.crm.change(kind, id, `changed ${id}`)
      subject.crm.passTime(subject.crm.settleMs)
      const { records } = await readAll(subject.open(), kind, next)
      assert.deepEqual(liveIds(records, kind), sorted(ids.slice(3, 6)))
      for (const id of ids.slice(3, 6)) assert.equal(showing(records, `changed ${id}`).length, 1, `${id} came back with its old text`)
    },
  },
  {
    name: 'loses no record that changed behind the reader during a long sync',
    leftOut: incremental,
    async run(subject) {
      const kind = mainKind(subject)
      const { crm } = subject
      await crm.create(kind, crm.severalPages)
      crm.passTime(crm.settleMs)
      let next = null
      let behind: string | undefined
      for await (const page of subject.open().read(kind, null)) {
        next = page.next
        if (behind !== undefined) continue
        behind = page.records.find((record) => record.kind === kind)?.id
        assert.ok(behind !== undefined, 'the first page is empty')
        await crm.change(kind, behind, 'changed behind the reader')
        // A later record that this read still meets: a cursor taken from the data would jump over the change.
        crm.passTime(crm.settleMs)
        await crm.create(kind, 1)
      }
      crm.passTime(crm.settleMs)
      const { records } = await readAll(subject.open(), kind, next)
      assert.ok(
        showing(records, 'changed behind the reader').some((record) => record.id === behind),
        'the change was lost',
      )
    },
  },
  {
    name: 'loses no change that the search index shows late',
    leftOut: incremental,
    async run(subject) {
      const { kind, ids, next } = await readOnce(subject, 5)
      const changed = ids[1] ?? ''
      subject.crm.passTime(subject.crm.settleMs)
      await subject.crm.change(kind, changed, 'shown late')
      subject.crm.passTime(1000)
      const atOnce = await readAll(subject.open(), kind, next)
      subject.crm.passTime(subject.crm.settleMs)
      const later = await readAll(subject.open(), kind, atOnce.next)
      assert.ok(showing([...atOnce.records, ...later.records], 'shown late').length > 0, 'the change was lost')
    },
  },
  {
    name: 'reads past the search cap',
    leftOut: (can, crm) => incremental(can, crm) ?? (crm.searchCap === null ? 'this CRM has no search cap' : null),
    async run(subject) {
      const { kind, next } = await readOnce(subject, 1)
      subject.crm.passTime(subject.crm.settleMs)
      const ids = await subject.crm.create(kind, (subject.crm.searchCap ?? 0) + 50)
      subject.crm.passTime(subject.crm.settleMs)
      const { records } = await readAll(subject.open(), kind, next)
      assert.equal(liveIds(records, kind).length, ids.length)
    },
  },
  {
    name: 'goes on from any page after a crash',
    leftOut: always,
    async run(subject) {
      const { kind, ids, pages } = await readOnce(subject, subject.crm.severalPages)
      for (const [at, page] of pages.entries()) {
        const before = pages.slice(0, at + 1).flatMap((earlier) => earlier.records)
        const { records } = await readAll(subject.open(), kind, page.next)
        assert.deepEqual(liveIds([...before, ...records], kind), sorted(ids), `reading on from page ${at + 1}`)
      }
    },
  },
  {
    name: 'a deletion becomes a tombstone',
    leftOut: (can) => (can.deletions ? null : 'the connector does not see deletions'),
    async run(subject) {
      for (const kind of kindsOf(subject)) {
        const ids = await subject.crm.create(kind, 3)
        subject.crm.passTime(subject.crm.settleMs)
        const { next } = await readAll(subject.open(), kind, null)
        subject.crm.passTime(subject.crm.settleMs)
        await subject.crm.archive(kind, ids[1] ?? '')
        subject.crm.passTime(subject.crm.settleMs)
        const { records } = await readAll(subject.open(), kind, next)
        const gone = records.filter(isGone)
        assert.deepEqual(
          gone.map(({ id, mergedInto }) => ({ id, mergedInto })),
          [{ id: ids[1], mergedInto: null }],
          `deletion of a ${kind}`,
        )
        for (const record of gone) assertWellFormed(record, subject.host.now())
      }
    },
  },
  {
    name: 'a merge becomes a tombstone that names the winner',
    leftOut: (can, crm) => {
      if (!can.merges) return 'the connector does not see merges'
      return crm.mergeKinds.length === 0 ? 'the stand-in cannot merge' : null
    },
    async run(subject) {
      for (const kind of subject.crm.mergeKinds) {
        const [winner = '', loser = ''] = await subject.crm.create(kind, 3)
        subject.crm.passTime(subject.crm.settleMs)
        const { next } = await readAll(subject.open(), kind, null)
        subject.crm.passTime(subject.crm.settleMs)
        const into = await subject.crm.merge(kind, winner, loser)
        subject.crm.passTime(subject.crm.settleMs)
        const { records } = await readAll(subject.open(), kind, next)
        const gone = records.filter(isGone).find((record) => record.id === loser)
        assert.equal(gone?.mergedInto, into, `the merged ${kind} must name the winner`)
        assert.ok(liveIds(records, kind).includes(into), `the winning ${kind} must come back`)
      }
    },
  },
  {
    name: 'a change of a deal brings its history',
    leftOut: (can, crm) => {
      if (!can.history) return 'the connector reads no history'
      return crm.kinds.includes('deal') ? null : 'the stand-in makes no deals'
    },
    async run(subject) {
      const [id = ''] = await subject.crm.create('deal', 1)
      subject.crm.passTime(subject.crm.settleMs)
      const { records } = await readAll(subject.open(), 'deal', null)
      const history = records.filter(isLive).filter((record) => record.kind === 'dealHistory')
      assert.ok(history.length > 0, 'no history came with the deal')
      for (const change of history) {
        const body = BODIES.dealHistory.parse(change.body)
        assert.equal(body.dealId, id)
        assert.equal(change.knownAt, body.changedAt, 'a change is known from the instant it was made')
      }
      assert.equal(new Set(history.map((change) => change.id)).size, history.length, 'two changes share an id')
    },
  },
  {
    name: 'reads named records, gone ones as tombstones',
    leftOut: (can) => (can.readIds ? null : 'the connector cannot read by id'),
    async run(subject) {
      for (const kind of kindsOf(subject)) {
        const [kept = '', archived = ''] = await subject.crm.create(kind, 3)
        await subject.crm.archive(kind, archived)
        const records: CrmRecord[] = []
        for await (const page of subject.open().readIds(kind, [kept, archived, '99999999999'])) records.push(...page.records)
        assert.deepEqual(liveIds(records, kind), [kept])
        const gone = records.filter(isGone).map((record) => record.id)
        assert.deepEqual(sorted(gone), sorted([archived, '99999999999']), `gone records of kind ${kind}`)
      }
    },
  },
  {
    name: 'names the fields it will read before the first call',
    leftOut: always,
    run(subject) {
      const before = subject.crm.calls()
      const names = subject.open().reads()
      assert.equal(subject.crm.calls(), before, 'reads() made a call')
      const silent: Kind[] = kindsOf(subject).filter((kind) => (names[kind] ?? []).length === 0)
      assert.deepEqual(silent, [], 'kinds of which no field is named')
      return Promise.resolve()
    },
  },
]
