import { ASSAY_TASK_MARK, AssayError } from '@assay/shared'
import type { AlertTask, TaskResult } from '@assay/shared'
import { SCORED } from '@assay/sugar-family'
import { isGone, isTaken, refusalOf } from './answer.ts'
import type { Instance } from './instance.ts'
import { isDeleted } from './map.ts'
import { moduleNamed } from './modules.ts'
import { rowsByIds } from './query.ts'
import { taskIdOf } from './task-id.ts'
import { decoded, instantOf, instantText, kept } from './text.ts'
import type { WireRecord } from './wire.ts'

const READ = ['id', 'name', 'description', 'status', 'date_due', 'assigned_user_id', 'deleted'] as const
const DONE = 'Completed'
const CLOSED: ReadonlySet<unknown> = new Set([DONE, 'Deferred'])
/** What a title has room for where the server does not tell. */
const TITLE = 50
/** A description is a long text: cut by nobody. */
const UNCUT = 60_000

const fieldsOf = async (instance: Instance, task: AlertTask): Promise<Record<string, string>> => {
  const room = Number((await instance.fields('Tasks'))?.get('name')?.len ?? Number.NaN)
  return {
    name: kept(task.title, Number.isFinite(room) && room > 0 ? room : TITLE),
    description: kept(`${task.body}\n\n${ASSAY_TASK_MARK}${task.key}]`, UNCUT),
    date_due: instantText(task.dueAt),
    ...(task.ownerId === null ? {} : { assigned_user_id: task.ownerId }),
  }
}

const find = async (instance: Instance, id: string): Promise<WireRecord | null> => {
  if ((await instance.fields('Tasks')) === null)
    throw new AssayError('config', 'SuiteCRM does not show Tasks to this sign-in: no alert can be made.', {
      hint: 'Give the integration user a role with "Access: Enabled", "List", "View" and "Edit" on Tasks (Admin > Role Management).',
    })
  const [found] = await rowsByIds(instance.client, { module: moduleNamed('Tasks'), fields: READ, deleted: true }, [id])
  return found ?? null
}

/** Makes the task under an id of our own: made once, it is refused ever after, so that a second try is safe. */
const create = async (instance: Instance, task: AlertTask): Promise<string> => {
  const id = taskIdOf(task.key)
  const attributes = {
    ...(await fieldsOf(instance, task)),
    status: 'Not Started',
    priority: 'Medium',
    parent_type: SCORED[task.object],
    parent_id: task.id,
    ...(task.object === 'contact' ? { contact_id: task.id } : {}),
  }
  await instance.client.api({
    method: 'POST',
    path: '/module',
    body: { data: { type: 'Tasks', id, attributes } },
    accept: ({ body }) => isTaken(refusalOf(body)),
  })
  return id
}

const same = (name: string, found: unknown, wanted: string): boolean => {
  const said = typeof found === 'string' ? decoded(found) : ''
  return said === wanted || (name === 'date_due' && said !== '' && instantOf(said) === instantOf(wanted))
}

const update = async (instance: Instance, task: AlertTask, existing: WireRecord): Promise<TaskResult> => {
  const taskId = existing.id
  // Whoever closed it, it stays closed; whoever deleted it, it stays deleted.
  if (isDeleted(existing) || CLOSED.has(existing.values['status'])) return { taskId, outcome: 'unchanged' }
  const wanted = { ...(await fieldsOf(instance, task)), ...(task.state === 'closed' ? { status: DONE } : {}) }
  const changed = Object.entries(wanted).filter(([name, value]) => !same(name, existing.values[name], value))
  if (changed.length === 0) return { taskId, outcome: 'unchanged' }
  const answer = await instance.client.api({
    method: 'PATCH',
    path: '/module',
    body: { data: { type: 'Tasks', id: taskId, attributes: Object.fromEntries(changed) } },
    accept: ({ body }) => isGone(refusalOf(body)),
  })
  // Deleted between the look and the touch.
  if (answer.status >= 300) return { taskId, outcome: 'unchanged' }
  return { taskId, outcome: task.state === 'closed' ? 'closed' : 'updated' }
}

/**
 * One task per key. A task that a person deleted is not made again, and a task to be closed that never was is not made at all (its
 * `taskId` is then empty).
 */
export const upsertTask = async (instance: Instance, task: AlertTask): Promise<TaskResult> => {
  const existing = await find(instance, task.taskId ?? taskIdOf(task.key))
  if (existing !== null) return update(instance, task, existing)
  if (task.taskId !== null || task.state === 'closed') return { taskId: task.taskId ?? '', outcome: 'unchanged' }
  return { taskId: await create(instance, task), outcome: 'created' }
}
