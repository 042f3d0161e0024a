import { alone, AssayError, type Meter, type Parallel, type Rng, type Training, unmeasured } from '@assay/shared'
import { BASE_RATE, choose, contenders, finish, tryOut } from './candidates.ts'
import { learnEvidence } from './evidence.ts'
import { edgesOf } from './intervals.ts'
import { findLeaks } from './leaks.ts'
import { totalsOf } from './forecast.ts'
import type { Params, WinsModel } from './model.ts'
import { stagesOf } from './splits.ts'
import { concat, numbersOf, stack, type Table, without } from './table.ts'

const LEAST_OF_A_KIND = 10
const NO_HORIZON = 90

/** Learns all candidates, lets them compete inside the training rows, and keeps them for the report. */
export function fitWins(
  miner: { id: string; version: number },
  training: Training,
  params: Params,
  rng: Rng,
  meter: Meter = unmeasured,
  parallel: Parallel = alone,
): WinsModel {
  const { definition } = training
  const horizonDays = definition.horizonDays ?? NO_HORIZON
  const all = stack(training.frames)
  const count = (how: number): number => all.how.reduce((n, one) => n + (one === how ? 1 : 0), 0)
  const [won, lost] = [count(1), count(2)]
  refuseTooLittle(all, won, lost)
  const leaks = findLeaks(all)
  const table = without(all, new Set(leaks.map((leak) => leak.column)))
  const seed = String(rng.fork('folds').below(2 ** 31))
  const { kind, stages } = stagesOf(table, horizonDays, params.folds, seed)
  const validate = concat(stages.map((stage) => stage.validate))
  const { entered, leftOut } = contenders(table)
  const setting = { edges: edgesOf(horizonDays), rng, parallel }
  const tried = entered.map((contender) => meter.measure(contender.name, () => tryOut(contender, stages, validate, setting)))
  const winner = choose(tried)
  const candidates = tried.map((one) => meter.measure(one.contender.name, () => finish(one, table, setting)))
  const chosen = candidates.find(({ name }) => name === winner.contender.name)!
  const read = new Set(
    [chosen.ends, chosen.wins].flatMap((head) =>
      head === null ? [] : head.kind === 'linear' ? head.slots.map((s) => s.column) : head.boosting.inputs.map((i) => i.name),
    ),
  )
  const used = table.columns.filter((column) => read.has(column.info.name))
  if (used.length === 0)
    throw new AssayError('data', `no column says anything: all that could predict "${definition.event}" are constant or empty`)
  const base = candidates.find(({ name }) => name === BASE_RATE)!
  return {
    miner: miner.id,
    version: miner.version,
    event: definition.event,
    horizonDays,
    edges: [...setting.edges],
    trained: {
      rows: table.size,
      deals: new Set(table.ids).size,
      won,
      lost,
      open: count(0),
      rate: base.rates!.average,
      days: new Set(table.asOf).size,
    },
    features: used.map((column) => ({ ...column.info, sourceFields: [...column.info.sourceFields] })),
    candidates,
    chosen: chosen.name,
    evidence: used.map((column) => learnEvidence(column, table.outcome)),
    validation: { kind, rows: validate.size },
    moneyRatio: moneyRatioOf(table),
    totals: totalsOf(table, horizonDays),
    leaks,
    leftOut,
  }
}

function refuseTooLittle(table: Table, won: number, lost: number): void {
  if (table.size === 0) throw new AssayError('data', 'no deal that was open on an earlier day is known to have ended')
  if (Math.min(won, lost) >= LEAST_OF_A_KIND) return
  throw new AssayError(
    'data',
    `of the deals that were seen open ${won} were won and ${lost} lost: at least ${LEAST_OF_A_KIND} of either are needed`,
    { hint: 'Deals that are entered on the day they are won teach nothing about open ones. Keep lost deals too.' },
  )
}

/** What won deals came to for each unit of their amount as it stood on an earlier day; null where no money is known. */
function moneyRatioOf(table: Table): number | null {
  const amount = numbersOf(table, 'amount')
  let [then, came] = [0, 0]
  for (let row = 0; amount !== null && row < table.size; row++) {
    if (table.how[row] !== 1 || !(amount[row]! > 0) || Number.isNaN(table.value[row]!)) continue
    then += amount[row]!
    came += table.value[row]!
  }
  return then > 0 && came > 0 ? came / then : null
}
