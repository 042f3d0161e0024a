import { AssayError } from '@assay/shared'
import type { AlertState } from '../../control/control.ts'
import { stakes } from '../../features/stakes.ts'
import { withDealDays } from '../../store/deal-days.ts'
import type { AlertInput } from './input.ts'
import { digestOf, isDigest } from './keys.ts'
import { endWords } from './words.ts'

/** What became of the open tasks that alerts made. */
export interface Closed {
  readonly closed: number
  /** Still open in the CRM, with the reason. */
  readonly left: readonly { readonly taskId: string; readonly object: string; readonly id: string; readonly why: string }[]
}

/** The records behind every task that alerts made and that is not known to be closed, by its key: a digest has many. */
export function openTasks(states: readonly AlertState[]): ReadonlyMap<string, readonly AlertState[]> {
  const open = new Map<string, AlertState[]>()
  for (const state of states) if (state.taskKey !== null) open.set(state.taskKey, [...(open.get(state.taskKey) ?? []), state])
  return open
}

/** Closes every task that alerts made. One that the CRM does not let be closed stops no other: it is named. */
export async function closeAll(
  input: Pick<AlertInput, 'control' | 'store' | 'session' | 'connection' | 'now' | 'signal'> & { readonly fallbackOwner: string | null },
): Promise<Closed> {
  const { control, connection } = input
  const open = openTasks(await control.alerts.states(connection))
  const about = await aboutThem(input, [...open.values()].flat())
  const left: Closed['left'][number][] = []
  let closed = 0
  for (const [key, states] of open) {
    input.signal.throwIfAborted()
    const [anchor] = states.toSorted((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1))
    const { object, id, since } = anchor!
    const taskId = states.find((state) => state.taskId !== null)?.taskId ?? null
    const ownerId = isDigest(key) ? digestOf(key).owner : (about.get(`${object} ${id}`)?.ownerId ?? input.fallbackOwner)
    const words = endWords(isDigest(key) ? undefined : about.get(`${object} ${id}`))
    try {
      const answer = await input.session.upsertTask({ key, object, id, ...words, ownerId, dueAt: since, state: 'closed', taskId })
      if (answer.outcome === 'closed') closed++
    } catch (error) {
      if (!(error instanceof AssayError) || !REFUSALS.has(error.kind)) throw error
      left.push({ taskId: taskId ?? '', object, id, why: error.message })
      continue
    }
    await control.alerts.save(
      connection,
      states.map((state) => ({ ...state, taskKey: null, taskId: null })),
    )
  }
  return { closed, left }
}

/** The CRM said no to this one, and would say it again. */
const REFUSALS: ReadonlySet<AssayError['kind']> = new Set(['rejected', 'data', 'config'])

type About = Awaited<ReturnType<typeof stakes>>

async function aboutThem(input: Parameters<typeof closeAll>[0], states: readonly AlertState[]): Promise<About> {
  const found = new Map<string, About extends ReadonlyMap<string, infer S> ? S : never>()
  for (const unit of ['account', 'contact'] as const) {
    const ids = states.filter((state) => state.object === unit).map(({ id }) => id)
    if (ids.length === 0) continue
    const some = await withDealDays(input.store.driver, (days) => stakes(days, input.connection, unit, input.now(), ids))
    for (const [id, stake] of some) found.set(`${unit} ${id}`, stake)
  }
  return found
}
