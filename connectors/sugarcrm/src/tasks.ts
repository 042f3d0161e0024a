import { ASSAY_TASK_MARK, AssayError } from '@assay/shared'
import type { AlertTask, TaskResult } from '@assay/shared'
import { SCORED } from '@assay/sugar-family'
import type { Instance } from './instance.ts'
import { idOf, instant, isDeleted } from './map.ts'
import { instantText, pagesById } from './query.ts'
import type { WireRecord } from './wire.ts'

const READ = ['id', 'name', 'description', 'status', 'date_due', 'assigned_user_id', 'deleted'] as const
const DONE = 'Completed'
const CLOSED: ReadonlySet<unknown> = new Set([DONE, 'Deferred'])
const TRIES = 3
const PAGE = 200

/** Stands at the end of the description; the closing bracket keeps one key from being the start of another. */
const markOf = (key: string): string => `${ASSAY_TASK_MARK}${key}]`

const fieldsOf = async (instance: Instance, task: AlertTask): Promise<Record<string, string>> => {
  // Some versions have room for 50 characters.
  const room = Number((await instance.fields('Tasks'))?.get('name')?.len ?? Number.NaN)
  return {
    name: Number.isFinite(room) && room > 0 ? task.title.slice(0, room) : task.title,
    description: `${task.body}\n\n${markOf(task.key)}`,
    date_due: instantText(task.dueAt),
    ...(task.ownerId === null ? {} : { assigned_user_id: task.ownerId }),
  }
}

/**
 * The task of that key: by its id where that is known, else among all tasks of the record. Both are asked of the records
 * themselves: there is no index that lags behind.
 */
const find = async ({ client }: Instance, task: AlertTask): Promise<WireRecord | null> => {
  const mark = markOf(task.key)
  const filter = task.taskId === null ? [{ parent_type: SCORED[task.object] }, { parent_id: task.id }] : [{ id: task.taskId }]
  const pages = pagesById(client, { module: 'Tasks', fields: READ, filter, most: PAGE })
  for (let found = await pages.next(); ; found = await pages.next()) {
    if (found.done === true && found.value === 'whole') return null
    if (found.done === true)
      throw new AssayError('config', 'Sugar does not show Tasks to this sign-in: no alert can be made.', {
        hint: 'Give the integration user a role with "Access: Enabled", "List", "View" and "Edit" on Tasks (Admin > Role Management).',
      })
    for (const row of found.value) {
      const isIt = task.taskId !== null || (typeof row['description'] === 'string' && row['description'].includes(mark))
      if (isIt && !isDeleted(row)) return row
    }
  }
}

const create = async (instance: Instance, task: AlertTask): Promise<string> => {
  const body = {
    ...(await fieldsOf(instance, task)),
    status: 'Not Started',
    priority: 'Medium',
    // In the same call, so that no task is ever without the link by which it is found again.
    parent_type: SCORED[task.object],
    parent_id: task.id,
    ...(task.object === 'contact' ? { contact_id: task.id } : {}),
  }
  const answer = await instance.client.call({ method: 'POST', path: '/Tasks', body, repeatable: false })
  return idOf(answer.body as WireRecord)
}

const same = (name: string, left: unknown, right: string): boolean =>
  (left ?? '') === right || (name === 'date_due' && instant(left) === instant(right))

const update = async (instance: Instance, task: AlertTask, existing: WireRecord): Promise<TaskResult> => {
  const taskId = idOf(existing)
  // Whoever closed it, it stays closed.
  if (CLOSED.has(existing['status'])) return { taskId, outcome: 'unchanged' }
  const wanted = { ...(await fieldsOf(instance, task)), ...(task.state === 'closed' ? { status: DONE } : {}) }
  const changed = Object.entries(wanted).filter(([name, value]) => !same(name, existing[name], value))
  if (changed.length === 0) return { taskId, outcome: 'unchanged' }
  const answer = await instance.client.call({ method: 'PUT', path: `/Tasks/${taskId}`, body: Object.fromEntries(changed), accept: [404] })
  // Deleted between the look and the touch.
  if (answer.status === 404) return { taskId, outcome: 'unchanged' }
  return { taskId, outcome: task.state === 'closed' ? 'closed' : 'updated' }
}

/**
 * One task per key. A task that a person deleted is not made again when its id is known, and a task to be closed that never
 * was is not made at all (its `taskId` is then empty).
 */
export const upsertTask = async (instance: Instance, task: AlertTask): Promise<TaskResult> => {
  for (let tries = 1; ; tries += 1) {
    const existing = await find(instance, task)
    // Found after a try of ours that was not answered: that try made it.
    if (existing !== null && tries > 1) return { taskId: idOf(existing), outcome: 'created' }
    if (existing !== null) return update(instance, task, existing)
    if (task.taskId !== null || task.state === 'closed') return { taskId: task.taskId ?? '', outcome: 'unchanged' }
    try {
      return { taskId: await create(instance, task), outcome: 'created' }
    } catch (error) {
      // The answer is missing, the task perhaps not: look again before making one.
      if (!(error instanceof AssayError) || error.kind !== 'offline' || tries >= TRIES) throw error
      await instance.host.sleep(1000 * 2 ** tries)
    }
  }
}
