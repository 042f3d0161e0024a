import { ASSAY_TASK_MARK, AssayError } from '@assay/shared'
import type { AlertTask, ScoreObject, TaskResult } from '@assay/shared'
import { readBatch } from './pages.ts'
import type { Portal } from './portal.ts'
import { listOf, nextOf, type WireList, type WireRecord } from './wire.ts'
import { OBJECT_NAMES } from './write.ts'

/** Association types of a task with the record it is about. */
const LINKS: Readonly<Record<ScoreObject, number>> = { account: 192, contact: 204, deal: 216 }
const DONE = 'COMPLETED'
const READ = ['hs_task_subject', 'hs_task_body', 'hs_task_status', 'hs_timestamp', 'hubspot_owner_id']
const TRIES = 3

/** Stands at the end of the body; the closing bracket keeps one key from being the start of another. */
const markOf = (key: string): string => `${ASSAY_TASK_MARK}${key}]`

const propertiesOf = (task: AlertTask): Record<string, string> => ({
  hs_task_subject: task.title,
  hs_task_body: `${task.body}\n\n${markOf(task.key)}`,
  hs_timestamp: new Date(task.dueAt).toISOString(),
  hubspot_owner_id: task.ownerId ?? '',
})

/** The ids of all tasks that hang on the record: from its associations, which do not lag behind as a search would. */
const taskIds = async ({ client }: Portal, object: string, id: string): Promise<string[]> => {
  const ids: string[] = []
  let after: string | undefined
  do {
    const tail = `/${object}/${id}/associations/tasks?limit=500${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`
    const list: WireList<{ toObjectId: string | number }> = listOf(await client.call({ area: 'linksOfOne', tail }), 'tasks of a record')
    ids.push(...list.results.map(({ toObjectId }) => String(toObjectId)))
    after = nextOf(list)
  } while (after !== undefined)
  return ids
}

const find = async (portal: Portal, task: AlertTask): Promise<WireRecord | null> => {
  const ids = task.taskId === null ? await taskIds(portal, OBJECT_NAMES[task.object], task.id) : [task.taskId]
  if (ids.length === 0) return null
  const mark = markOf(task.key)
  const found = await readBatch(portal, 'tasks', ids, READ, [])
  return found.find(({ id, properties }) => id === task.taskId || (properties['hs_task_body'] ?? '').includes(mark)) ?? null
}

const create = async ({ client }: Portal, task: AlertTask): Promise<string> => {
  const answer = await client.call({
    method: 'POST',
    area: 'objects',
    tail: '/tasks',
    body: {
      properties: { ...propertiesOf(task), hs_task_status: 'NOT_STARTED', hs_task_type: 'TODO', hs_task_priority: 'MEDIUM' },
      // In the same call, so that no task is ever without the link by which it is found again.
      associations: [{ to: { id: task.id }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: LINKS[task.object] }] }],
    },
    repeatable: false,
  })
  return (answer.body as WireRecord).id
}

const same = (name: string, left: string | null | undefined, right: string): boolean =>
  (left ?? '') === right || (name === 'hs_timestamp' && Date.parse(left ?? '') === Date.parse(right))

const update = async ({ client }: Portal, task: AlertTask, existing: WireRecord): Promise<TaskResult> => {
  const taskId = existing.id
  // Whoever closed it, it stays closed.
  if (existing.properties['hs_task_status'] === DONE) return { taskId, outcome: 'unchanged' }
  const wanted = { ...propertiesOf(task), ...(task.state === 'closed' ? { hs_task_status: DONE } : {}) }
  const changed = Object.entries(wanted).filter(([name, value]) => !same(name, existing.properties[name], value))
  if (changed.length === 0) return { taskId, outcome: 'unchanged' }
  await client.call({ method: 'PATCH', area: 'objects', tail: `/tasks/${taskId}`, body: { properties: Object.fromEntries(changed) } })
  return { taskId, outcome: task.state === 'closed' ? 'closed' : 'updated' }
}

/**
 * One task per key. A task that a person deleted is not made again when its id is known, and a task to be closed that never
 * was is not made at all (its `taskId` is then empty).
 */
export const upsertTask = async (portal: Portal, task: AlertTask): Promise<TaskResult> => {
  for (let tries = 1; ; tries += 1) {
    const existing = await find(portal, task)
    // Found after a try of ours that was not answered: that try made it.
    if (existing !== null && tries > 1) return { taskId: existing.id, outcome: 'created' }
    if (existing !== null) return update(portal, task, existing)
    if (task.taskId !== null || task.state === 'closed') return { taskId: task.taskId ?? '', outcome: 'unchanged' }
    try {
      return { taskId: await create(portal, task), outcome: 'created' }
    } catch (error) {
      // The answer is missing, the task perhaps not: look again before making one.
      if (!(error instanceof AssayError) || error.kind !== 'offline' || tries >= TRIES) throw error
      await portal.host.sleep(1000 * 2 ** tries)
    }
  }
}
