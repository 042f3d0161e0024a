import { type AlertTask, AssayError, type TaskResult } from '@assay/shared'
import type { AlertState } from '../../control/control.ts'
import type { Stake } from '../../features/stakes.ts'
import type { ChurnScore } from '../../store/churn-scores.ts'
import type { AlertInput } from './input.ts'
import { digestKey, digestOf, isDigest, taskKey } from './keys.ts'
import type { Turned } from './transitions.ts'
import { digestWords, overWords, reason, taskWords } from './words.ts'

/** Who was told what. */
export interface Told {
  readonly raised: number
  readonly updated: number
  readonly closed: number
  /** Customers named in a digest, newly, instead of a task of their own. */
  readonly digested: number
  /** Customers without an active owner and without a fallback: told here, to nobody else; tried again by every run. */
  readonly ownerless: number
  /** The first of them by money at stake. */
  readonly without: readonly { readonly id: string; readonly name: string | null }[]
  /** Tasks that the CRM refused; tried again by the next run. */
  readonly refused: number
}

type Counts = { -readonly [K in keyof Told]: Told[K] }
type Keep = (states: readonly AlertState[]) => Promise<void>
interface Scene {
  readonly input: AlertInput
  readonly scores: ReadonlyMap<string, ChurnScore>
  readonly about: ReadonlyMap<string, Stake>
  readonly keep: Keep
  readonly counts: Counts
  /** One more customer was dealt with. */
  readonly progress: () => void
}

const DAY = 86_400_000
const WEEK = 7 * DAY
const LISTED = 20

/** Closes what is over, updates what stays, tells the owners of whom nobody was told yet. */
export async function tell(
  input: AlertInput,
  turned: Turned,
  scores: ReadonlyMap<string, ChurnScore>,
  about: ReadonlyMap<string, Stake>,
  keep: Keep,
): Promise<Told> {
  const counts: Counts = { raised: 0, updated: 0, closed: 0, digested: 0, ownerless: 0, without: [], refused: 0 }
  const concerned = turned.over.length + turned.still.length + turned.owed.length + turned.raised.length
  let done = 0
  const scene: Scene = { input, scores, about, keep, counts, progress: () => input.tell(++done, concerned) }
  const digests = new Map<string, AlertState[]>()
  const inDigest = (state: AlertState): boolean => {
    if (!isDigest(state.taskKey!)) return false
    digests.set(state.taskKey!, [...(digests.get(state.taskKey!) ?? []), state])
    scene.progress()
    return true
  }
  const ended = await close(scene, turned)
  for (const key of ended.keys()) digests.set(key, [])
  for (const state of turned.still) if (!inDigest(state)) await update(scene, state)
  await raise(
    scene,
    [...turned.owed, ...turned.raised].filter((state) => !inDigest(state)),
    digests,
  )
  for (const [key, members] of digests) await writeDigest(scene, key, members, ended.get(key) ?? [])
  return counts
}

/** Returns those who were named in a digest, by its key: that is written anew without them. */
async function close({ input, about, keep, counts, progress }: Scene, turned: Turned): Promise<Map<string, AlertState[]>> {
  const ended = new Map<string, AlertState[]>()
  for (const { state, why } of turned.over) {
    input.signal.throwIfAborted()
    progress()
    if (isDigest(state.taskKey!)) {
      ended.set(state.taskKey!, [...(ended.get(state.taskKey!) ?? []), state])
      continue
    }
    const owner = about.get(state.id)?.ownerId ?? input.policy.fallbackOwner
    const task = { ...taskOf(input, state, owner), ...overWords(why, about.get(state.id)), state: 'closed' as const }
    if ((await send({ input, counts }, task)) === null) continue
    await keep([{ ...state, taskKey: null, taskId: null }])
    counts.closed++
  }
  return ended
}

async function update({ input, scores, about, counts, progress }: Scene, state: AlertState): Promise<void> {
  const score = scores.get(state.id)
  progress()
  if (!score) return
  input.signal.throwIfAborted()
  const owner = about.get(state.id)?.ownerId ?? input.policy.fallbackOwner
  const answer = await send({ input, counts }, { ...taskOf(input, state, owner), ...taskWords(input.event, score, about.get(state.id)) })
  if (answer !== null && answer.outcome !== 'unchanged') counts.updated++
  // Again where a killed run made the task and did not come to note it; noted already, nothing happens.
  if (!input.dryRun && owner !== null && input.now() - state.since < WEEK) await note(input, [state], owner, scores, state.since)
}

/** Most money at stake first; what is over an owner's week goes into one digest. */
async function raise(scene: Scene, waiting: readonly AlertState[], digests: Map<string, AlertState[]>): Promise<void> {
  const { input, scores, about, keep, counts } = scene
  const sent: Record<string, number> = { ...(await input.control.alerts.sentSince(input.connection, input.now() - WEEK)) }
  const risk = (state: AlertState): number => scores.get(state.id)?.risk ?? 0
  const stake = (state: AlertState): number => (risk(state) / 100) * (about.get(state.id)?.money ?? 0)
  for (const state of waiting.toSorted((a, b) => stake(b) - stake(a) || risk(b) - risk(a) || (a.id < b.id ? -1 : 1))) {
    input.signal.throwIfAborted()
    const score = scores.get(state.id)
    scene.progress()
    if (!score) continue
    const stakeOf = about.get(state.id)
    const owner = stakeOf?.ownerId ?? input.policy.fallbackOwner
    if (owner === null) {
      counts.ownerless++
      if (counts.without.length < LISTED) counts.without = [...counts.without, { id: state.id, name: stakeOf?.name ?? null }]
      continue
    }
    if ((sent[owner] ?? 0) >= input.policy.perOwnerAndWeek) {
      const key = digestKey(owner, input.now())
      digests.set(key, [...(digests.get(key) ?? []), { ...state, taskKey: key, taskId: null }])
      continue
    }
    const answer = await send({ input, counts }, { ...taskOf(input, state, owner), ...taskWords(input.event, score, stakeOf) })
    if (answer === null) continue
    sent[owner] = (sent[owner] ?? 0) + 1
    counts.raised++
    await keep([{ ...state, taskId: answer.taskId }])
    if (!input.dryRun) await note(input, [state], owner, scores, input.now())
  }
}

/** One task for all members, closed when nobody is left in it. New members are remembered, so that nobody is named again as news. */
async function writeDigest(scene: Scene, key: string, members: readonly AlertState[], ended: readonly AlertState[]): Promise<void> {
  const { input, scores, about, keep, counts } = scene
  input.signal.throwIfAborted()
  const { owner, weekEnds } = digestOf(key)
  const taskId = [...members, ...ended].find((state) => state.taskId !== null)?.taskId ?? null
  const fresh = members.filter((state) => state.taskId === null)
  // By age, then by id: the first member is the record that the task hangs on.
  const ordered = members.toSorted((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1))
  const anchor = ordered[0] ?? ended[0]
  if (anchor === undefined) return
  await keep(fresh)
  const state = ordered.length === 0 ? ('closed' as const) : ('open' as const)
  const words = ordered.length === 0 ? overWords('recovered', about.get(anchor.id)) : digestWords(ordered, scores, about)
  const answer = await send(scene, { ...taskOf(input, { ...anchor, taskKey: key, taskId }, owner), ...words, state, dueAt: weekEnds })
  if (answer === null) return
  await keep(ended.map((one) => ({ ...one, taskKey: null, taskId: null })))
  counts.closed += ended.length
  if (answer.outcome === 'updated' && fresh.length === 0) counts.updated++
  if (fresh.length === 0) return
  if (taskId !== null && answer.outcome === 'unchanged') {
    // Somebody has closed this week's digest, so nobody reads the new names in it: they are told another time.
    await keep(fresh.map((one) => ({ ...one, taskKey: taskKey(one), taskId: null })))
    return
  }
  counts.digested += fresh.length
  await keep(fresh.map((one) => ({ ...one, taskId: answer.taskId })))
  if (!input.dryRun) await note(input, fresh, owner, scores, input.now())
}

/** Sends one task; null where the CRM refuses it, which stops nobody else's. A dry run sends nothing. */
async function send({ input, counts }: Pick<Scene, 'input' | 'counts'>, task: AlertTask): Promise<TaskResult | null> {
  if (input.dryRun) return { taskId: task.taskId ?? '', outcome: 'updated' }
  try {
    return await input.session.upsertTask(task)
  } catch (error) {
    if (!(error instanceof AssayError) || (error.kind !== 'rejected' && error.kind !== 'data')) throw error
    input.log.warn(`the CRM refused the task about ${task.object} ${task.id}: ${error.message}`)
    counts.refused++
    return null
  }
}

/** Remembers what was sent to whom; the log counts an owner's week and keeps warnings for learning. */
const note = (
  input: AlertInput,
  states: readonly AlertState[],
  owner: string,
  scores: ReadonlyMap<string, ChurnScore>,
  at: number,
): Promise<void> =>
  input.control.alerts.logSent(
    input.connection,
    states.map(({ id, object, taskKey: key }) => {
      const score = scores.get(id)
      return { owner, object, id, taskKey: key!, at, reason: score ? reason(score) : '' }
    }),
  )

/** A task about one customer; due some days after the customer turned, whenever it is updated. */
const taskOf = (input: AlertInput, state: AlertState, ownerId: string | null): AlertTask => ({
  key: state.taskKey!,
  object: state.object,
  id: state.id,
  title: '',
  body: '',
  ownerId,
  dueAt: state.since + input.policy.dueDays * DAY,
  state: 'open',
  taskId: state.taskId,
})
