import assert from 'node:assert/strict'
import { CHURN_FIELDS, OFFER_FIELDS } from '@assay/shared'
import type { ScoreField, ScoreObject, ScoreRow } from '@assay/shared'
import { isGone, isLive, readAll, writeAll, type ConnectorCheck, type Subject } from '../check.ts'

const field = (name: string): ScoreField => {
  const found = [...CHURN_FIELDS, ...OFFER_FIELDS].find((entry) => entry.name === name)
  assert.ok(found !== undefined, name)
  return found
}
const RISK = field('churn_risk')
const FIELDS = [RISK, field('churn_band'), field('churn_signs'), field('offer_1'), field('offer_1_response')]
/** A word that the picklist does not have: every CRM refuses it. */
const REFUSED = { churn_band: 'No such band' }

const firstObject = ({ connector }: Subject): ScoreObject => {
  const object = connector.capabilities.objects[0]
  assert.ok(object !== undefined, 'no object carries scores')
  return object
}

/** Records with the fields in place. */
const prepared = async (subject: Subject, count: number) => {
  const object = firstObject(subject)
  const ids = await subject.crm.create(object, count)
  const session = subject.open()
  await session.ensureFields(FIELDS)
  const row = (id: string, values: ScoreRow['values']): ScoreRow => ({ object, id, values })
  return { object, ids, session, row }
}

const writes: ConnectorCheck['leftOut'] = (can) => (can.write && can.fields ? null : 'the connector does not write')

export const writingChecks: readonly ConnectorCheck[] = [
  {
    name: 'write: one answer per row, values arrive, null clears',
    leftOut: writes,
    async run(subject) {
      const { object, ids, session, row } = await prepared(subject, 250)
      const results = await writeAll(
        session,
        ids.map((id, at) => row(id, { churn_risk: (at % 99) + 1, churn_band: 'High', churn_signs: 'quiet; late "payer"' })),
      )
      assert.deepEqual(results.map(({ id }) => id).sort(), [...ids].sort())
      assert.ok(results.every(({ outcome }) => outcome === 'written'))
      assert.equal(Number(subject.crm.value(object, ids[249] ?? '', RISK)), (249 % 99) + 1)
      assert.equal(subject.crm.value(object, ids[0] ?? '', field('churn_signs')), 'quiet; late "payer"')
      await writeAll(session, [row(ids[0] ?? '', { churn_risk: null, churn_band: null })])
      assert.equal(subject.crm.value(object, ids[0] ?? '', RISK), null)
      assert.equal(subject.crm.value(object, ids[0] ?? '', field('churn_band')), null)
      assert.equal(subject.crm.value(object, ids[0] ?? '', field('churn_signs')), 'quiet; late "payer"')
    },
  },
  {
    name: 'write: a bad row and a gone row fail alone',
    leftOut: writes,
    async run(subject) {
      const { object, ids, session, row } = await prepared(subject, 60)
      const bad = new Set([ids[7], ids[31]])
      const gone = ids[20] ?? ''
      await subject.crm.archive(object, gone)
      const results = await writeAll(session, [
        ...ids.map((id) => row(id, bad.has(id) ? REFUSED : { churn_risk: 42 })),
        row('99999999999', { churn_risk: 42 }),
      ])
      assert.equal(results.length, ids.length + 1, 'one answer per row')
      for (const result of results) {
        const expected = bad.has(result.id) ? 'rejected' : result.id === gone || result.id === '99999999999' ? 'gone' : 'written'
        assert.equal(result.outcome, expected, `row ${result.id}: ${result.outcome === 'written' ? '' : result.why}`)
        if (result.outcome !== 'written') assert.ok(result.why !== '', 'says why')
        if (expected === 'written') assert.equal(Number(subject.crm.value(object, result.id, RISK)), 42)
      }
    },
  },
  {
    name: 'write: what was rejected is not tried again',
    leftOut: writes,
    async run(subject) {
      const { ids, session, row } = await prepared(subject, 2)
      const cost = async (values: ScoreRow['values']) => {
        const before = subject.crm.calls()
        const results = await writeAll(session, [row(ids[0] ?? '', values)])
        return { calls: subject.crm.calls() - before, outcome: results[0]?.outcome }
      }
      await cost({ churn_risk: 1 })
      const good = await cost({ churn_risk: 2 })
      const bad = await cost(REFUSED)
      assert.equal(bad.outcome, 'rejected')
      assert.ok(bad.calls <= good.calls, `a good row costs ${good.calls} calls, a rejected one ${bad.calls}`)
    },
  },
  {
    name: 'write: streams, and never takes all rows before it answers',
    leftOut: writes,
    async run(subject) {
      const { ids, session, row } = await prepared(subject, 1)
      let taken = 0
      async function* rows() {
        for (; taken < 3000;) {
          taken += 1
          yield await Promise.resolve(row(`${ids[0]}${taken}`, { churn_risk: 5 }))
        }
      }
      for await (const result of session.write(rows(), { [firstObject(subject)]: 3000 })) {
        assert.notEqual(result.outcome, 'written')
        break
      }
      assert.ok(taken < 1500, `${taken} of 3000 rows were taken before the first answer`)
    },
  },
  {
    name: 'write: a CRM that is down for a moment loses no row',
    leftOut: (can, crm) => writes(can, crm) ?? (crm.faults.includes('unavailable') ? null : 'the stand-in has no fault "unavailable"'),
    async run(subject) {
      const { object, ids, session, row } = await prepared(subject, 30)
      subject.crm.inject({ type: 'unavailable', times: 1 })
      const results = await writeAll(
        session,
        ids.map((id) => row(id, { churn_risk: 7 })),
      )
      assert.equal(results.filter(({ outcome }) => outcome === 'written').length, ids.length)
      for (const id of ids) assert.equal(Number(subject.crm.value(object, id, RISK)), 7)
    },
  },
  {
    name: 'estimate: the bill is what the write costs',
    leftOut: writes,
    async run(subject) {
      const { object, ids, session, row } = await prepared(subject, 230)
      const bill = await session.estimate({ [object]: ids.length })
      const before = subject.crm.calls()
      await writeAll(
        session,
        ids.map((id) => row(id, { churn_risk: 3 })),
      )
      const calls = subject.crm.calls() - before
      assert.ok(Math.abs(bill.calls - calls) <= Math.max(1, calls / 10), `billed ${bill.calls} calls, made ${calls}`)
      assert.ok(bill.minutes >= 0 && (bill.quotaShare === null || bill.quotaShare >= 0))
    },
  },
  {
    name: 'echo: what Assay wrote does not come back as a change',
    leftOut: (can, crm) => writes(can, crm) ?? (can.incremental ? null : 'the connector reads everything every time'),
    async run(subject) {
      const { object, ids, session, row } = await prepared(subject, 5)
      subject.crm.passTime(subject.crm.settleMs)
      const before = await readAll(session, object, null)
      subject.crm.passTime(subject.crm.settleMs)
      await writeAll(
        session,
        ids.map((id) => row(id, { churn_risk: 80, churn_band: 'High', offer_1: 'Blue mug' })),
      )
      subject.crm.passTime(subject.crm.settleMs)
      const after = await readAll(subject.open(), object, before.next)
      assert.deepEqual(after.records.filter(isGone), [])
      for (const record of after.records.filter(isLive)) {
        const earlier = before.records.filter(isLive).find(({ id }) => id === record.id)
        assert.deepEqual(
          { body: record.body, attributes: record.attributes },
          { body: earlier?.body, attributes: earlier?.attributes },
          `${record.kind} ${record.id} looks changed by our own write`,
        )
      }
    },
  },
  {
    name: "people's answers to offers come back as attributes",
    leftOut: (can, crm) => writes(can, crm) ?? (can.incremental ? null : 'the connector reads everything every time'),
    async run(subject) {
      const { object, ids, session } = await prepared(subject, 2)
      subject.crm.passTime(subject.crm.settleMs)
      const before = await readAll(session, object, null)
      subject.crm.passTime(subject.crm.settleMs)
      await subject.crm.fillIn(object, ids[0] ?? '', field('offer_1_response'), 'Accepted')
      subject.crm.passTime(subject.crm.settleMs)
      const { records } = await readAll(subject.open(), object, before.next)
      const answered = records.filter(isLive).find(({ id }) => id === ids[0])
      assert.equal(answered?.attributes['assay_offer_1_response'], 'Accepted')
    },
  },
]
