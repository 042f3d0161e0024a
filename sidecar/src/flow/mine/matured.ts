import type { EventDefinition, Frame, Kind, Matured, ScoreObject } from '@assay/shared'
import { endingFrame, silenceOutcome } from '../../features/outcomes.ts'
import { aucInterval } from '../../numeric/auc-interval.ts'
import { isoDay } from '../../numeric/iso-day.ts'
import { withDealDays, type DealDays } from '../../store/deal-days.ts'
import { scoredDays, type ScoredDay, stoodScores } from '../../store/matured-scores.ts'
import type { Store } from '../../store/store.ts'
import { bandOf, type Bands } from '../bands.ts'
import { DAY, stepDays } from './days.ts'

export interface MaturedInput {
  readonly store: Store
  readonly connection: string
  readonly unit: Extract<ScoreObject, 'account' | 'contact'>
  /** Epoch ms: outcomes up to here are known. */
  readonly today: number
  readonly bands: Bands
  /** What a model foretold, by its id; null where the model is not known any more. */
  readonly definitionOf: (model: string) => EventDefinition | null
  /** Warnings that people got as a task. */
  readonly warned: readonly { readonly id: string; readonly at: number }[]
}

/** Days that are looked at, newest first: scores of a night and of the next tell the same story. */
const MOST_DAYS = 6

interface Row {
  readonly on: number
  readonly id: string
  readonly probability: number
  readonly risk: number
  readonly happened: boolean
  /** A task was sent within the horizon: somebody may have worked on it. */
  readonly warned: boolean
}

/** How published scores did once their horizon was over; null where none is yet, or the model foretold nothing with a horizon. */
export async function maturedOutcomes(input: MaturedInput): Promise<Matured | null> {
  const days = await daysToLookAt(input)
  if (days.length === 0) return null
  const rows = await withDealDays(input.store.driver, async (dealDays) => {
    const all: Row[] = []
    for (const day of days) all.push(...(await rowsOf(input, dealDays, day)))
    return all
  })
  if (rows.length === 0) return null
  return summary(rows, input.bands, days[0]!.definition.event)
}

interface Asked extends ScoredDay {
  readonly definition: EventDefinition
}

/** Days whose horizon is over, newest first, far enough apart, all of the event of the newest. */
async function daysToLookAt({ store, connection, unit, today, definitionOf }: MaturedInput): Promise<readonly Asked[]> {
  const chosen: Asked[] = []
  for (const day of (await scoredDays(store, connection, unit)).toReversed()) {
    const definition = definitionOf(day.model)
    if (definition === null || definition.horizonDays === null) continue
    if (day.asOf + definition.horizonDays * DAY > today) continue
    const last = chosen.at(-1)
    if (last && (last.definition.event !== definition.event || last.asOf - day.asOf < stepDays(definition.horizonDays) * DAY)) continue
    chosen.push({ ...day, definition })
    if (chosen.length === MOST_DAYS) break
  }
  return chosen
}

async function rowsOf({ store, connection, unit, today, warned }: MaturedInput, dealDays: DealDays, day: Asked): Promise<Row[]> {
  const horizonDays = day.definition.horizonDays!
  const until = day.asOf + horizonDays * DAY
  const stood = await stoodScores(store, connection, unit, day, until)
  const frame: Frame = { asOf: day.asOf, ids: stood.ids, columns: [], outcome: null, baskets: null, next: null }
  const kinds: ReadonlySet<Kind> = new Set(['deal'])
  const request = { connection, unit, asOf: day.asOf, permille: 1000, kinds }
  const outcome = new Map<string, number>()
  if (day.definition.from === 'end') {
    const ended = await endingFrame(store.driver, frame, request, horizonDays, today)
    ended.ids.forEach((id, row) => outcome.set(id, ended.outcome![row]!))
  } else {
    const silent = await silenceOutcome(dealDays, frame, request, horizonDays, today)
    frame.ids.forEach((id, row) => outcome.set(id, silent[row]!))
  }
  const tasks = new Set(warned.filter(({ at }) => at >= day.asOf && at <= until).map(({ id }) => id))
  return stood.ids.flatMap((id, row): Row[] => {
    const happened = outcome.get(id)
    if (happened === undefined || Number.isNaN(happened)) return []
    return [
      {
        on: day.asOf,
        id,
        probability: stood.probability[row]!,
        risk: stood.risk[row]!,
        happened: happened === 1,
        warned: tasks.has(id),
      },
    ]
  })
}

const count = (rows: readonly Row[]): { n: number; happened: number; said: number } => ({
  n: rows.length,
  happened: rows.filter((row) => row.happened).length,
  said: rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + row.probability, 0) / rows.length,
})

function summary(rows: readonly Row[], bands: Bands, event: string): Matured {
  const whole = count(rows)
  const both = whole.happened > 0 && whole.happened < whole.n
  const auc = both
    ? aucInterval(
        rows.map((row) => row.probability),
        rows.map((row) => (row.happened ? 1 : 0)),
        rows.map((row) => row.id),
      )
    : null
  const high = count(rows.filter((row) => bandOf(Math.round(row.risk), bands) === 'High'))
  return {
    event,
    ...whole,
    auc: auc === null ? null : { value: auc.value, low: auc.low, high: auc.high },
    bands: (['Low', 'Medium', 'High'] as const).map((band) => ({
      band,
      ...count(rows.filter((row) => bandOf(Math.round(row.risk), bands) === band)),
    })),
    // Worked on and stayed is no false alarm: those with a task are counted apart.
    warned: count(rows.filter((row) => row.warned)),
    days: [...new Set(rows.map((row) => row.on))].map((on) => ({ on: isoDay(on), ...count(rows.filter((row) => row.on === on)) })),
    text:
      high.n === 0
        ? `No published score was in the band High; of ${whole.n} scores ${whole.happened} came true (${event}).`
        : `Of ${high.n} such warnings ${high.happened} left (${event}); ${(100 * high.said).toFixed(0)} % of them were said to.`,
  }
}
