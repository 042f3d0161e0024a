import type { AlertState } from '../../control/control.ts'
import { stakes } from '../../features/stakes.ts'
import { churnScores } from '../../store/churn-scores.ts'
import { withDealDays } from '../../store/deal-days.ts'
import type { AlertInput } from './input.ts'
import { tell, type Told } from './tell.ts'
import { transitions } from './transitions.ts'

export interface AlertResult extends Told {
  readonly looked: number
  /** First run, new model or moved edges: states taken, nothing sent. */
  readonly reset: boolean
  /** Why nothing was sent although customers turned; null otherwise. */
  readonly held: string | null
}

const NOBODY: Told = { raised: 0, updated: 0, closed: 0, digested: 0, ownerless: 0, without: [], refused: 0 }
/** Fewer customers than this are no storm, whatever their share. */
const STORM = 5

/** Looks at the newest scores, tells the owners of those who turned, updates and closes what is open. */
export async function alert(input: AlertInput): Promise<AlertResult> {
  const scores = await churnScores(input.store, input.connection, input.object, input.run)
  const before = await input.control.alerts.states(input.connection)
  const turned = transitions(scores, before, { now: input.now(), dataUntil: input.dataUntil }, input.bands, input.policy)
  if (!turned.reset && turned.raised.length > STORM && turned.raised.length > input.policy.stormShare * scores.length) {
    // States stay as they were: when the feed is mended, nothing has been missed and nothing was cried.
    const held = `${turned.raised.length} of ${scores.length} customers turned at once: that looks like a feed problem, so nothing was sent`
    input.log.warn(held)
    return { ...NOBODY, looked: scores.length, reset: false, held }
  }
  const keep = async (states: readonly AlertState[]): Promise<void> => {
    if (!input.dryRun && states.length > 0) await input.control.alerts.save(input.connection, states)
  }
  // The keys of new tasks are kept before the first is made: killed anywhere, the next run finds whom it still has to tell.
  await keep(turned.states)
  if (turned.reset) return { ...NOBODY, looked: scores.length, reset: true, held: null }
  const concerned = [...turned.raised, ...turned.owed, ...turned.still, ...turned.over.map((one) => one.state)].map((state) => state.id)
  const about = await withDealDays(input.store.driver, (days) => stakes(days, input.connection, input.object, input.now(), concerned))
  const told = await tell(input, turned, new Map(scores.map((score) => [score.id, score])), about, keep)
  return { ...told, looked: scores.length, reset: false, held: null }
}
