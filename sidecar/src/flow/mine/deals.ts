import type { Frame } from '@assay/shared'
import { selectRows } from '../../features/frames.ts'
import { pipelineTotal } from '../../numeric/pipeline-total.ts'
import type { MinerEntry } from '../../registry.ts'
import { dealLesson, dealSubjects } from './deal-lesson.ts'
import { type Examined, examine } from './examine.ts'
import type { Scene } from './frames.ts'
import type { KnownModel } from './known.ts'
import { probabilities } from './probabilities.ts'
import type { Workshop } from './workshop.ts'

/** What of a run concerns deals. */
export interface DealInput {
  /** Models that are young enough to score with again, and those that are live, by miner. */
  readonly known?: ReadonlyMap<string, KnownModel>
  readonly live?: ReadonlyMap<string, KnownModel>
  readonly params?: Readonly<Record<string, unknown>>
  /** Days of the verdict that were asked for, epoch ms. */
  readonly judgeAt?: readonly number[]
  readonly workshop: Workshop
  readonly tell: (step: 'features' | 'fit' | 'judge', detail: string) => void
}

/** Open deals, as customers are looked at: a model that is known and young serves again; else a lesson, a verdict, and what the pipeline comes to. */
export async function mineDeals(entry: MinerEntry, scene: Scene, input: DealInput): Promise<Examined> {
  const { miner } = entry
  const known = input.known?.get(miner.id)
  const serves = known?.minerVersion === miner.version ? known : undefined
  input.tell('features', `${miner.title}: open deals as they are today`)
  const subjects = await dealSubjects(scene, serves?.definition)
  if (serves) {
    const readiness = { miner: miner.id, ready: true, needs: [], note: 'a model of an earlier run serves again' }
    const { id, params, model, report } = serves
    return { miner: miner.id, minerVersion: miner.version, subjects, known: id, params, readiness, report, model }
  }
  input.tell('features', `${miner.title}: past days`)
  const lesson = await dealLesson(scene, subjects, input.judgeAt)
  const live: KnownModel | undefined = input.live?.get(miner.id)
  const one = await examine(entry, lesson, input.params?.[miner.id] ?? {}, input.workshop, input.tell, live)
  const examined = { ...one, subjects }
  if (examined.report === null) return examined
  const forecast = await forecastToday(examined, input.workshop)
  const { history } = subjects
  const details = {
    ...examined.report.details,
    deals: { known: history.deals, open: history.open, won: history.won, lost: history.lost, openWithoutDay: history.undated },
    notUsed: history.leftOut,
    pipeline: forecast,
  }
  return { ...examined, report: { ...examined.report, details } }
}

/** What the backtest of the report says about errors that periods share. */
interface PastErrors {
  readonly shared: { readonly wins: number; readonly money: number | null }
  readonly moneyRatio: number | null
  readonly backtest: readonly unknown[]
}

/** How many of the deals that are open today are won within the horizon, and what they come to; null where there is no published model. */
async function forecastToday(examined: Examined, workshop: Workshop): Promise<object | null> {
  const { report, subjects, model, params } = examined
  const past = report?.details['forecast'] as PastErrors | null | undefined
  if (report?.verdict !== 'publish' || !past) return null
  const rows = Int32Array.from(subjects.outside.flatMap((why, row) => (why === null ? [row] : [])))
  const open = selectRows(subjects.now, rows)
  const chances = (await probabilities(workshop, examined.miner, model, open, params)) ?? new Float64Array(open.ids.length)
  const p = Array.from(chances, (chance) => (Number.isNaN(chance) ? 0 : chance))
  const forecasts = past.backtest.length
  const worth = past.shared.money === null ? null : worthOf(open, past.moneyRatio)
  return {
    horizonDays: subjects.definition.horizonDays,
    deals: open.ids.length,
    wins: pipelineTotal(p, new Float64Array(p.length).fill(1), { shared: past.shared.wins, forecasts }),
    money: worth && pipelineTotal(p, worth, { shared: past.shared.money!, forecasts }),
  }
}

/** Amounts by what won ones came to; a deal without an amount is worth the mean of the others. */
function worthOf(open: Frame, ratio: number | null): Float64Array | null {
  const amount = open.columns.find((c) => c.info.name === 'amount')
  if (amount?.type !== 'number' || ratio === null) return null
  const known = amount.values.filter((value) => !Number.isNaN(value))
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length)
  return amount.values.map((value) => ratio * (Number.isNaN(value) ? mean : value))
}
