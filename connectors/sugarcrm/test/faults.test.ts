import { writeAll } from '@assay/conformance'
import type { Fault } from '@assay/crm-sugarcrm'
import type { Cursor, ScoreRow, Session } from '@assay/shared'
import { fieldName } from '@assay/sugar-family'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sugarcrm } from '../src/index.ts'
import { startHarness } from './harness.ts'

const started = async () => {
  const harness = await startHarness()
  onTestFinished(() => harness.close())
  const session = sugarcrm.open(harness.settings, harness.host)
  return { ...harness, session }
}
/** Reads to the end, and lets something happen after the first page. */
const readThrough = async (session: Session, between: () => void = () => {}) => {
  const ids: string[] = []
  let next: Cursor | null = null
  for await (const page of session.read('account', null)) {
    if (next === null) between()
    ids.push(...page.records.map(({ id }) => id))
    next = page.next
  }
  return ids
}
const scored = (ids: readonly string[]): ScoreRow[] => ids.map((id, at) => ({ object: 'account', id, values: { churn_risk: at + 1 } }))

describe('in the middle of reading', { timeout: 60_000 }, () => {
  const page: readonly (readonly [string, Fault])[] = [
    ['the token expires', { kind: 'expiredToken', forGood: true }],
    ['the whole session is gone', { kind: 'needLogin' }],
    ['Sugar is asked too often', { kind: 'tooMany', retryAfterSeconds: 3 }],
    ['Sugar is under maintenance', { kind: 'maintenance' }],
    ['PHP dies', { kind: 'html', status: 500 }],
    ['the gateway gives up', { kind: 'html', status: 502 }],
    ['the connection is refused', { kind: 'drop', when: 'before' }],
    ['the connection breaks in the middle of an answer', { kind: 'drop', when: 'inBody' }],
    ['a sign-in page of a proxy comes instead of an answer', { kind: 'notJson' }],
    ['somebody’s metadata is out of date', { kind: 'status', status: 412, code: 'metadata_out_of_date' }],
  ]
  it.each(page)('%s: nothing is lost, nothing comes twice', async (_what, fault) => {
    const { standIn, session, crm } = await started()
    const ids = await crm.create('account', 250)
    const read = await readThrough(session, () => standIn.faults.next('list', fault))
    expect(standIn.faults.pending()).toBe(0)
    expect(read.toSorted()).toEqual(ids.toSorted())
  })

  it('another sign-in of the same user takes the session: it is taken back, and nobody is asked', async () => {
    const { standIn, session, crm } = await started()
    const ids = await crm.create('account', 250)
    const read = await readThrough(session, () => void standIn.oauth.signIn('integration', 'assay'))
    expect(read.toSorted()).toEqual(ids.toSorted())
    expect(standIn.requests.count('list', 401)).toBe(1)
  })

  it('a fault that stays is an error that says what, not an end', async () => {
    for (const [fault, kind] of [
      [{ kind: 'html', status: 500 }, 'offline'],
      [{ kind: 'notJson' }, 'data'],
      [{ kind: 'drop', when: 'before' }, 'offline'],
    ] as const) {
      const { standIn, session, crm } = await started()
      await crm.create('account', 250)
      const failure = readThrough(session, () => standIn.faults.next('list', fault, Infinity))
      await expect(failure, fault.kind).rejects.toMatchObject({ kind })
    }
  })
})

describe('in the middle of reading audit logs', { timeout: 60_000 }, () => {
  const withHistory = async () => {
    const made = await started()
    const ids = await made.crm.create('deal', 3)
    made.standIn.clock.advance(86_400_000)
    for (const id of ids) made.standIn.update('Opportunities', id, { sales_stage: 'Negotiation/Review' })
    const histories = async (): Promise<Map<string, unknown[]>> => {
      const found = new Map<string, unknown[]>()
      for await (const { records } of made.session.read('deal', null))
        for (const record of records)
          if (record.kind === 'dealHistory' && !record.deleted)
            found.set(record.body.dealId, [...(found.get(record.body.dealId) ?? []), record])
      return found
    }
    return { ...made, ids, histories }
  }

  it.each<[string, Fault]>([
    ['the token expires', { kind: 'expiredToken' }],
    ['the whole session is gone', { kind: 'needLogin' }],
    ['somebody’s metadata is out of date', { kind: 'status', status: 412, code: 'metadata_out_of_date' }],
    ['a call before it failed', { kind: 'status', status: 424, code: 'failed_dependency' }],
    ['Sugar is asked too often', { kind: 'tooMany', retryAfterSeconds: 2 }],
    ['PHP dies', { kind: 'status', status: 500, code: 'fatal_error' }],
    ['Sugar is under maintenance', { kind: 'maintenance' }],
  ])('%s: no deal seems never to have changed', async (_what, fault) => {
    const { standIn, ids, histories } = await withHistory()
    const meant = await histories()
    expect(JSON.stringify(meant.get(ids[1]!))).toContain('Prospecting')
    standIn.faults.after(1, 'bulk.audit', fault)
    expect(await histories()).toEqual(meant)
    expect(standIn.faults.pending()).toBe(0)
  })

  it('trouble that stays is an error; a log that is not shown leaves the deal without a history, not with one of today’s values', async () => {
    const { standIn, ids, histories } = await withHistory()
    standIn.faults.after(1, 'bulk.audit', { kind: 'status', status: 403, code: 'not_authorized' })
    expect([...(await histories()).keys()].toSorted()).toEqual([ids[0]!, ids[2]!].toSorted())
    standIn.faults.next('bulk.audit', { kind: 'status', status: 500, code: 'fatal_error' }, Infinity)
    standIn.faults.next('audit', { kind: 'html', status: 500 }, Infinity)
    await expect(histories()).rejects.toMatchObject({ kind: 'offline' })
  })
})

describe('in the middle of writing', { timeout: 60_000 }, () => {
  const values = (standIn: Awaited<ReturnType<typeof started>>['standIn'], ids: readonly string[]) =>
    ids.map((id) => standIn.get('Accounts', id)?.[fieldName('churn_risk')] ?? null)

  it('rows of a call are refused: those alone, in the words of Sugar, and which may be tried again', async () => {
    const { standIn, session, crm } = await started()
    const ids = await crm.create('account', 5)
    standIn.faults.next('bulk', { kind: 'partial', rows: [1, ids[3]!], message: 'A process locks this record.' })
    expect((await writeAll(session, scored(ids))).map(({ outcome }) => outcome)).toEqual([
      'written',
      'rejected',
      'written',
      'rejected',
      'written',
    ])
    standIn.faults.next('bulk', { kind: 'partial', rows: [0], status: 500, code: 'fatal_error', message: 'Deadlock.' })
    expect((await writeAll(session, scored(ids)))[0]).toMatchObject({
      outcome: 'failed',
      why: expect.stringContaining('Deadlock.') as string,
    })
  })

  it('the session ends between the call and its rows: they are written under a new one', async () => {
    const { standIn, session, crm } = await started()
    const ids = await crm.create('account', 3)
    standIn.faults.next('bulk.records.update', { kind: 'expiredToken' }, ids.length)
    expect((await writeAll(session, scored(ids))).map(({ outcome }) => outcome)).toEqual(['written', 'written', 'written'])
    expect(values(standIn, ids)).toEqual([1, 2, 3])
  })

  it('it ends in the middle of the rows: what was not written is written under a new one, what was is not written twice', async () => {
    const { standIn, session, crm } = await started()
    const ids = await crm.create('account', 3)
    standIn.faults.after(1, 'bulk.records.update', { kind: 'expiredToken' }, 2)
    expect((await writeAll(session, scored(ids))).map(({ outcome }) => outcome)).toEqual(['written', 'written', 'written'])
    expect(values(standIn, ids)).toEqual([1, 2, 3])
    expect(standIn.requests.count('bulk.records.update')).toBe(5)
  })

  it.each<[string, Fault]>([
    ['the answer is lost', { kind: 'drop', when: 'after' }],
    ['the answer breaks off', { kind: 'drop', when: 'inBody' }],
    ['the gateway cuts the call short', { kind: 'cutShort', done: 2 }],
    ['Sugar is asked too often', { kind: 'tooMany', retryAfterSeconds: 2 }],
    ['a page comes instead of an answer', { kind: 'notJson' }],
  ])('%s: the same values are written again, each once in the end', async (_what, fault) => {
    const { standIn, session, crm } = await started()
    const ids = await crm.create('account', 4)
    standIn.faults.next('bulk', fault)
    expect((await writeAll(session, scored(ids))).map(({ outcome }) => outcome)).toEqual(['written', 'written', 'written', 'written'])
    expect(values(standIn, ids)).toEqual([1, 2, 3, 4])
    expect(standIn.faults.pending()).toBe(0)
  })

  it('records are gone: they are told from those that were refused', async () => {
    const { standIn, session, crm } = await started()
    const ids = await crm.create('account', 3)
    standIn.delete('Accounts', ids[0]!)
    standIn.hideRecord(ids[1]!)
    expect((await writeAll(session, scored(ids))).map(({ outcome }) => outcome)).toEqual(['gone', 'gone', 'written'])
  })
})
