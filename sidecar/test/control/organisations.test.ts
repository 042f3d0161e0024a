import type { Cursor } from '@assay/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Control } from '../../src/control/index.ts'
import { isOwnership, takeOwnership } from '../../src/control/lock.ts'
import { ENGINES } from './planes.ts'
import type { Plane } from './planes.ts'

// Both use the same connection id: only the organisation keeps them apart.
const ID = 'same-everywhere'
const at = 1_700_000_000_000

async function fill(control: Control, word: string): Promise<void> {
  await control.connections.add({ connector: 'hubspot', title: word, settings: { token: word } })
  await control.cursors.set(ID, 'deal', word as Cursor)
  await control.asides.add(ID, [{ kind: 'deal', where: word, why: word }])
  await control.runs.finish((await control.runs.start('sync', ID)).id, { word })
  await control.decisions.set(ID, 'key', word, word)
  await control.models.add({
    connection: ID,
    miner: 'churn',
    minerVersion: 1,
    state: 'live',
    definition: { event: word, from: 'silence', horizonDays: 90, who: word },
    params: {},
    model: { word },
    report: {
      miner: 'churn',
      version: 1,
      event: word,
      verdict: 'publish',
      why: word,
      protocol: 'later-period',
      population: { who: word, rows: 1, positives: 1 },
      judgedAt: [],
      metrics: {},
      baselines: [],
      candidates: [],
      details: {},
    },
    dataUntil: at,
    fittedAt: at,
  })
  await control.outbox.put(ID, word, [
    { object: 'account', id: '1', values: { next_action: word }, after: { next_action: word } },
    { object: 'account', id: '2', values: { next_action: word }, after: { next_action: word } },
  ])
  await control.outbox.reject(ID, [{ seq: -1, object: 'account', id: '9', why: word, values: {} }])
  await control.receipts.add(ID, { connector: word, madeAt: at, made: [] })
  await control.alerts.save(ID, [
    { object: 'account', id: '1', band: word, since: at, pending: null, model: word, taskKey: null, taskId: null },
  ])
  await control.alerts.logSent(ID, [{ owner: word, object: 'account', id: '1', taskKey: 'k', at, reason: word }])
  await control.feedback.put(ID, [{ object: 'account', id: '1', offer: word, response: word, at }])
  await control.audit.add(word, word, { word })
}

/** Everything that an organisation can see, as one text. */
async function see(control: Control): Promise<string> {
  const connections = await control.connections.list()
  return JSON.stringify([
    connections,
    connections.map((one) => one.settings),
    await control.cursors.get(ID, 'deal'),
    await control.asides.list(ID, 99),
    await control.runs.list(99),
    await control.runs.last('sync', ID),
    await control.decisions.get(ID, 'key'),
    await control.models.list(ID),
    await control.models.live(ID, 'churn'),
    await control.models.newest(ID, 'churn'),
    await control.outbox.waiting(ID, 0, 99),
    await control.outbox.count(ID),
    await control.outbox.rejected(ID, 99),
    await control.receipts.get(ID),
    await control.alerts.states(ID),
    await control.alerts.list(ID, 99),
    await control.alerts.sentSince(ID, 0),
    await control.feedback.list(ID),
    await control.audit.list(99),
  ])
}

describe.each(ENGINES)('two organisations on $name', ({ make }) => {
  let plane: Plane
  beforeAll(async () => {
    plane = await make()
  })
  afterAll(() => plane.remove())

  /** On the server both are open at once; the embedded directory has one owner, so there they take turns. */
  const as = async <T>(organisation: string, work: (control: Control) => Promise<T>): Promise<T> => {
    const control = await plane.open(organisation)
    try {
      return await work(control)
    } finally {
      await control.close()
    }
  }

  test('never see, change or erase a row of the other', async () => {
    await as('acme', (control) => fill(control, 'anvil'))
    await as('bolt', async (control) => {
      expect(await see(control)).not.toContain('anvil')
      await fill(control, 'screw')
      expect(await see(control)).not.toContain('anvil')
    })
    const before = await as('acme', see)
    expect(before).toContain('anvil')
    expect(before).not.toContain('screw')
    const token = await as('acme', (control) => control.links.sign({ connection: ID, object: 'account', id: '1', expiresAt: at }))
    const theirs = await as('acme', async (control) => {
      const [connection] = await control.connections.list()
      return { connection: connection!.id, run: (await control.runs.list(1))[0]!.id, waiting: await control.outbox.waiting(ID, 0, 9) }
    })

    await as('bolt', async (control) => {
      expect(await control.links.verify(token, 0)).toBeNull()
      await expect(control.connections.pause(theirs.connection, 'mine now')).rejects.toMatchObject({ kind: 'config' })
      await expect(control.connections.renew(theirs.connection, {})).rejects.toMatchObject({ kind: 'config' })
      await control.connections.remove(theirs.connection)
      await control.runs.fail(theirs.run, 'mine now')
      await control.outbox.done(
        ID,
        theirs.waiting.map((row) => row.seq),
      )
      await control.outbox.reject(
        ID,
        theirs.waiting.map(({ seq, object, id }) => ({ seq, object, id, why: 'mine now', values: {} })),
      )
      await control.cursors.clear(ID)
      await control.receipts.clear(ID)
      await control.erase(ID, 'account', '1')
      await control.connections.remove(ID)
      const quota = control.quota(ID, 1, { now: () => at })
      quota.report({ limit: 10, remaining: 0, resetsAt: at + 1 })
      await expect(quota.take(1)).rejects.toMatchObject({ kind: 'limit' })
    })
    await as('acme', async (control) => {
      expect(await see(control)).toBe(before)
      await control.quota(ID, 1, { now: () => at }).take(1)
    })
  })

  test('every table carries the organisation', async () => {
    await as('acme', async ({ database }) => {
      const bare = await database.query(
        `select t.table_name from information_schema.tables t
         where t.table_schema = 'assay' and t.table_name <> 'migration' and not exists (
           select 1 from information_schema.columns c
           where c.table_schema = 'assay' and c.table_name = t.table_name and c.column_name = 'org_id' and c.is_nullable = 'NO')`,
      )
      expect(bare).toEqual([])
    })
  })

  test('an embedded directory is free again after each turn', async () => {
    if (plane.databaseUrl === null) {
      const answer = await takeOwnership(plane.home)
      expect(isOwnership(answer)).toBe(true)
      if (isOwnership(answer)) await answer.release()
    } else {
      // A server needs no lock: two organisations are open at once.
      const both = await Promise.all([plane.open('acme'), plane.open('bolt')])
      expect(both.map((control) => control.organisation)).toEqual(['acme', 'bolt'])
    }
  })
})
