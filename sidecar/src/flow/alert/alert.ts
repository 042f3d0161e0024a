import { type AlertTask, type Log, type ScoreObject, type Session } from '@assay/shared'
import type { AlertState, Control } from '../../control/control.ts'
import type { CustomerUnit } from '../../features/history.ts'
import { type Stake, stakes } from '../../features/stakes.ts'
import type { Store } from '../../store/store.ts'
import { churnScores, type ChurnScore } from '../../store/churn-scores.ts'
import type { Bands } from '../bands.ts'
import type { AlertPolicy } from './policy.ts'
import { transitions } from './transitions.ts'

export interface AlertInput {
  readonly control: Pick<Control, 'alerts'>
  readonly store: Store
  readonly session: Pick<Session, 'upsertTask'>
  readonly connection: string
  readonly object: CustomerUnit
  readonly run: string
  /** The event in words: "no order within 90 days". */
  readonly event: string
  readonly dataUntil: number
  readonly bands: Bands
  readonly policy: AlertPolicy
  readonly dryRun: boolean
  readonly now: () => number
  readonly log: Log
  readonly signal: AbortSignal
}

export interface AlertResult {
  readonly looked: number
  readonly raised: number
  readonly updated: number
  readonly closed: number
  /** Customers named in a digest instead of a task of their own. */
  readonly digested: number
  /** Customers without an active owner and without a fallback: told here, to nobody else. */
  readonly ownerless: number
  /** First run or new model: states taken, nothing sent. */
  readonly reset: boolean
  /** Why nothing was sent although customers turned; null otherwise. */
  readonly held: string | null
}

const DAY = 86_400_000
const WEEK = 7 * DAY

/** Looks at the newest scores, tells the owners of those who turned, updates and closes what is open. */
export async function alert(input: AlertInput): Promise<AlertResult> {
  const scores = await churnScores(input.store, input.connection, input.object, input.run)
  const before = await input.control.alerts.states(input.connection)
  const turned = transitions(scores, before, { now: input.now(), dataUntil: input.dataUntil }, input.bands, input.policy)
  const counted = { looked: scores.length, raised: 0, updated: 0, closed: 0, digested: 0, ownerless: 0 }
  const keep = async (states: readonly AlertState[]): Promise<void> => {
    if (!input.dryRun) await input.control.alerts.save(input.connection, states)
  }
  if (turned.reset) {
    await keep(turned.states)
    return { ...counted, reset: true, held: null }
  }
  if (turned.raised.length > 5 && turned.raised.length > input.policy.stormShare * scores.length) {
    // States stay as they were: when the feed is mended, nothing has been missed and nothing was cried.
    const held = `${turned.raised.length} of ${scores.length} customers turned at once: that looks like a feed problem, so nothing was sent`
    input.log.warn(held)
    return { ...counted, reset: false, held }
  }
  await keep(turned.states)
  const signs = new Map(scores.map((score) => [score.id, score]))
  const about = await stakes(input.store.driver, input.connection, input.object, input.now(), [...turned.raised, ...turned.still.map((one) => one.state)].map((one) => one.id))
  await raise(input, turned.raised.map((risk) => signs.get(risk.id)!), about, turned.states, counted, keep)
  for (const state of turned.recovered) {
    input.signal.throwIfAborted()
    if (!input.dryRun) await input.session.upsertTask(taskOf(input, state.id, state.taskKey!, state.taskId, 'closed', 'Recovered', 'The risk went down again and stayed down.', null))
    await keep([{ ...state, taskKey: null, taskId: null }])
    counted.closed++
  }
  for (const { state, risk } of turned.still) {
    input.signal.throwIfAborted()
    const score = signs.get(risk.id)!
    if (!input.dryRun) await input.session.upsertTask(taskFor(input, score, about.get(risk.id), state.taskKey!, state.taskId))
    counted.updated++
  }
  return { ...counted, reset: false, held: null }
}

/** Most money at stake first; what is over an owner's week goes into one digest. */
async function raise(
  input: AlertInput,
  scores: readonly ChurnScore[],
  about: ReadonlyMap<string, Stake>,
  states: readonly AlertState[],
  counted: { raised: number; digested: number; ownerless: number },
  keep: (states: readonly AlertState[]) => Promise<void>,
): Promise<void> {
  const stateOf = new Map(states.map((state) => [state.id, state]))
  const sent: Record<string, number> = { ...(await input.control.alerts.sentSince(input.connection, input.now() - WEEK)) }
  const digests = new Map<string, ChurnScore[]>()
  const stake = (score: ChurnScore): number => (score.risk / 100) * (about.get(score.id)?.money ?? 0)
  for (const score of [...scores].sort((a, b) => stake(b) - stake(a) || b.risk - a.risk || (a.id < b.id ? -1 : 1))) {
    input.signal.throwIfAborted()
    const owner = about.get(score.id)?.ownerId ?? input.policy.fallbackOwner
    if (owner === null) {
      counted.ownerless++
      continue
    }
    if ((sent[owner] ?? 0) >= input.policy.perOwnerAndWeek) {
      digests.set(owner, [...(digests.get(owner) ?? []), score])
      counted.digested++
      continue
    }
    sent[owner] = (sent[owner] ?? 0) + 1
    counted.raised++
    if (input.dryRun) continue
    const state = stateOf.get(score.id)!
    const taskKey = `churn-${input.object}-${score.id}-${new Date(state.since).toISOString().slice(0, 10)}`
    // The key is kept before the task is made: killed in between, the next run finds the task by its key.
    await keep([{ ...state, taskKey }])
    const { taskId } = await input.session.upsertTask({ ...taskFor(input, score, about.get(score.id), taskKey, null), ownerId: owner })
    await keep([{ ...state, taskKey, taskId }])
    await input.control.alerts.logSent(input.connection, [{ owner, object: input.object, id: score.id, taskKey, at: input.now(), reason: reason(score) }])
  }
  if (!input.dryRun) for (const [owner, rest] of digests) await digest(input, owner, rest, about)
}

async function digest(input: AlertInput, owner: string, scores: readonly ChurnScore[], about: ReadonlyMap<string, Stake>): Promise<void> {
  const lines = scores.map((score) => `${about.get(score.id)?.name ?? score.id}: ${Math.round(score.risk)} % (${reason(score)})`)
  const key = `digest-${owner}-${new Date(Math.floor(input.now() / WEEK) * WEEK).toISOString().slice(0, 10)}`
  const title = `${scores.length} more customers may leave`
  await input.session.upsertTask(taskOf(input, scores[0]!.id, key, null, 'open', title, lines.join('\n'), owner))
}

const reason = (score: ChurnScore): string =>
  score.signs
    .filter((sign) => sign.contribution > 0 && !sign.restricted && sign.feature !== 'other')
    .slice(0, 2)
    .map((sign) => sign.text)
    .join('; ') || 'several small signs together'

function taskFor(input: AlertInput, score: ChurnScore, about: Stake | undefined, key: string, taskId: string | null): AlertTask {
  const title = `${about?.name ?? 'This customer'} may leave: ${Math.round(score.risk)} % risk`
  const money = about && about.money > 0 ? ` Spent in the last year: ${Math.round(about.money).toLocaleString('en')}.` : ''
  const body = `Chance of ${input.event}: ${Math.round(score.risk)} %. Signs: ${reason(score)}.${money}`
  return taskOf(input, score.id, key, taskId, 'open', title, body, about?.ownerId ?? input.policy.fallbackOwner)
}

const taskOf = (
  input: AlertInput,
  id: string,
  key: string,
  taskId: string | null,
  state: 'open' | 'closed',
  title: string,
  body: string,
  ownerId: string | null,
): AlertTask => ({
  key,
  object: input.object satisfies ScoreObject,
  id,
  title,
  body,
  ownerId,
  dueAt: input.now() + input.policy.dueDays * DAY,
  state,
  taskId,
})
