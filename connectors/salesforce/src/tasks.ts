import { ASSAY_TASK_MARK, AssayError } from '@assay/shared'
import type { AlertTask, TaskResult } from '@assay/shared'
import { refusedWith } from './client.ts'
import { instant } from './map.ts'
import type { Org } from './org.ts'
import { rowsOf } from './query.ts'
import { quoted } from './soql.ts'
import type { WireRecord } from './wire.ts'

const FIELDS = ['Id', 'Subject', 'Description', 'Status', 'IsClosed', 'ActivityDate', 'OwnerId'] as const
const TRIES = 3

/** Stands at the end of the description; the closing bracket keeps one key from being the start of another. */
const markOf = (key: string): string => `${ASSAY_TASK_MARK}${key}]`
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

const fieldsOf = (task: AlertTask): Record<string, string> => ({
  Subject: task.title,
  Description: `${task.body}\n\n${markOf(task.key)}`,
  ActivityDate: dayOf(task.dueAt),
  ...(task.ownerId === null ? {} : { OwnerId: task.ownerId }),
})

/**
 * The task of that key: by its id where that is known, else among all tasks of the record. Both are asked of the records
 * themselves: SOQL sees what was committed, there is no index that lags behind.
 */
const find = async ({ client }: Org, task: AlertTask): Promise<WireRecord | null> => {
  const link = task.object === 'contact' ? 'WhoId' : 'WhatId'
  const where = task.taskId === null ? `${link} = ${quoted(task.id)}` : `Id = ${quoted(task.taskId)}`
  const mark = markOf(task.key)
  for await (const rows of rowsOf(client, `SELECT ${FIELDS.join(', ')} FROM Task WHERE ${where} ORDER BY CreatedDate, Id`)) {
    for (const row of rows) {
      if (task.taskId !== null || (typeof row['Description'] === 'string' && row['Description'].includes(mark))) return row
    }
  }
  return null
}

const create = async ({ client }: Org, task: AlertTask): Promise<string> => {
  const link = task.object === 'contact' ? { WhoId: task.id } : { WhatId: task.id }
  const body = { ...fieldsOf(task), ...link }
  const answer = await client.call({ method: 'POST', path: '/sobjects/Task', body, repeatable: false })
  return (answer.body as { id: string }).id
}

const same = (name: string, left: WireRecord[string], right: string): boolean =>
  (left ?? '') === right ||
  (name === 'ActivityDate' && instant(left) === instant(right)) ||
  (name === 'OwnerId' && String(left).slice(0, 15) === right.slice(0, 15))

const update = async (org: Org, task: AlertTask, existing: WireRecord): Promise<TaskResult> => {
  const taskId = String(existing['Id'])
  // Whoever closed it, it stays closed.
  if (existing['IsClosed'] === true) return { taskId, outcome: 'unchanged' }
  const wanted = { ...fieldsOf(task), ...(task.state === 'closed' ? { Status: await org.doneStatus() } : {}) }
  const changed = Object.entries(wanted).filter(([name, value]) => !same(name, existing[name], value))
  if (changed.length === 0) return { taskId, outcome: 'unchanged' }
  const answer = await org.client.call({
    method: 'PATCH',
    path: `/sobjects/Task/${taskId}`,
    body: Object.fromEntries(changed),
    accept: [404],
  })
  // Deleted between the look and the touch.
  if (answer.status === 404 || refusedWith(answer, 'ENTITY_IS_DELETED')) return { taskId, outcome: 'unchanged' }
  return { taskId, outcome: task.state === 'closed' ? 'closed' : 'updated' }
}

/**
 * One task per key. A task that a person deleted is not made again when its id is known, and a task to be closed that never
 * was is not made at all (its `taskId` is then empty).
 */
export const upsertTask = async (org: Org, task: AlertTask): Promise<TaskResult> => {
  for (let tries = 1; ; tries += 1) {
    const existing = await find(org, task)
    // Found after a try of ours that was not answered: that try made it.
    if (existing !== null && tries > 1) return { taskId: String(existing['Id']), outcome: 'created' }
    if (existing !== null) return update(org, task, existing)
    if (task.taskId !== null || task.state === 'closed') return { taskId: task.taskId ?? '', outcome: 'unchanged' }
    try {
      return { taskId: await create(org, task), outcome: 'created' }
    } catch (error) {
      // The answer is missing, the task perhaps not: look again before making one.
      if (!(error instanceof AssayError) || error.kind !== 'offline' || tries >= TRIES) throw error
      await org.host.sleep(1000 * 2 ** tries)
    }
  }
}
