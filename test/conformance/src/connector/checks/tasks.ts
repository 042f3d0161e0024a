import assert from 'node:assert/strict'
import type { AlertTask } from '@assay/shared'
import { isLive, readAll, rejectsWith, type ConnectorCheck, type Subject } from '../check.ts'

const prepared = async (subject: Subject) => {
  const object = subject.connector.capabilities.objects[0]
  assert.ok(object !== undefined)
  const [id = ''] = await subject.crm.create(object, 2)
  const task: AlertTask = {
    key: 'churn:7:2026-01',
    object,
    id,
    title: 'Call Acme',
    body: 'No order for 94 days.',
    ownerId: null,
    dueAt: subject.host.now() + 86_400_000,
    state: 'open',
    taskId: null,
  }
  return { task, tasks: () => subject.crm.tasks(object, id) }
}

const makesTasks: ConnectorCheck['leftOut'] = (can) => (can.tasks ? null : 'the connector makes no tasks')

export const taskChecks: readonly ConnectorCheck[] = [
  {
    name: 'tasks: one per key, although the index lags and the id was never learned',
    leftOut: makesTasks,
    async run(subject) {
      const { task, tasks } = await prepared(subject)
      const first = await subject.open().upsertTask(task)
      assert.equal(first.outcome, 'created')
      const again = await subject.open().upsertTask(task)
      assert.equal(again.taskId, first.taskId)
      assert.notEqual(again.outcome, 'created')
      assert.equal(tasks().length, 1)
      const other = await subject.open().upsertTask({ ...task, key: 'churn:7:2026-010' })
      assert.notEqual(other.taskId, first.taskId, 'another key is another task')
      assert.equal(tasks().length, 2)
    },
  },
  {
    name: 'tasks: written again is updated, closed stays closed',
    leftOut: makesTasks,
    async run(subject) {
      const { task, tasks } = await prepared(subject)
      const { taskId } = await subject.open().upsertTask(task)
      const updated = await subject.open().upsertTask({ ...task, title: 'Call Acme today', taskId })
      assert.deepEqual(updated, { taskId, outcome: 'updated' })
      assert.equal(tasks()[0]?.title, 'Call Acme today')
      const closed = await subject.open().upsertTask({ ...task, title: 'Call Acme today', state: 'closed', taskId })
      assert.deepEqual(closed, { taskId, outcome: 'closed' })
      assert.equal(tasks()[0]?.isOpen, false)
      await subject.open().upsertTask({ ...task, title: 'Call Acme today', taskId })
      assert.equal(tasks()[0]?.isOpen, false, 'a closed task was opened again')
      assert.equal(tasks().length, 1)
    },
  },
  {
    name: 'tasks: a crash between making one and hearing of it makes no second one',
    leftOut: (can, crm) => makesTasks(can, crm) ?? (crm.faults.includes('unanswered') ? null : 'the stand-in has no fault "unanswered"'),
    async run(subject) {
      const { task, tasks } = await prepared(subject)
      subject.crm.inject({ type: 'unanswered', times: 1 })
      const first = await subject
        .open()
        .upsertTask(task)
        .catch((error: unknown) => error)
      if (first instanceof Error) await rejectsWith(['offline'], () => Promise.reject(first))
      assert.equal(tasks().length, 1)
      const { taskId } = await subject.open().upsertTask(task)
      assert.deepEqual(
        tasks().map(({ id }) => id),
        [taskId],
      )
    },
  },
  {
    name: "tasks: Assay's own are nobody's activity",
    leftOut: (can, crm) =>
      makesTasks(can, crm) ??
      (can.kinds.includes('activity') && crm.kinds.includes('activity') ? null : 'no activities on one of the two sides'),
    async run(subject) {
      const { task } = await prepared(subject)
      const ids = await subject.crm.create('activity', 2)
      subject.crm.passTime(subject.crm.settleMs)
      const full = await readAll(subject.open(), 'activity', null)
      const { taskId } = await subject.open().upsertTask(task)
      subject.crm.passTime(subject.crm.settleMs)
      const session = subject.open()
      for (const since of [null, full.next]) {
        const { records } = await readAll(session, 'activity', since)
        assert.ok(!records.some(({ id }) => id === taskId), "Assay's task was read as an activity")
        if (since === null)
          assert.deepEqual(
            records
              .filter(isLive)
              .map(({ id }) => id)
              .sort(),
            [...ids].sort(),
          )
      }
    },
  },
]
