import type { EventDefinition, Report, Rng, Trial } from '@assay/shared'
import { clusterBootstrap } from '../../numeric/cluster-bootstrap.ts'
import { isoDay } from '../../numeric/iso-day.ts'
import { judgeTrial, TOPS, WAYS, type Figures, type Judged, type Way } from './judge-trial.ts'
import type { OffersModel, OffersParams } from './model.ts'
import { productName } from './why.ts'

const LEAST_CUSTOMERS = 50
const SHOWN = 20

const known = (values: readonly number[]): number[] => values.filter((value) => !Number.isNaN(value))
const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length

function meansOf(judged: readonly Judged[], way: Way): Figures {
  const names = TOPS.flatMap((top) => [`recall@${top}`, `ndcg@${top}`, `hit@${top}`])
  return Object.fromEntries(names.map((name) => [name, mean(judged.map((each) => each.ways[way][name]!))]))
}

type Interval = { value: number; low: number; high: number }

/** 95 % interval of a mean over customers; a customer of several periods is drawn with all of them. */
function interval(judged: readonly Judged[], of: (each: Judged) => number, rng: Rng): Interval {
  if (judged.length === 0) return { value: 0, low: 0, high: 0 }
  const values = judged.map(of)
  return clusterBootstrap(
    judged.map((each) => each.id),
    (rows) => rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length,
    rng,
  )
}

function verdictOf(judged: readonly Judged[], gain: Interval, figures: Figures, popular: Figures): Pick<Report, 'verdict' | 'why'> {
  const customers = new Set(judged.map((each) => each.id)).size
  if (customers < LEAST_CUSTOMERS) {
    return {
      verdict: 'refuse',
      why: `${customers} customers can be judged by; ${LEAST_CUSTOMERS - customers} more are needed who ordered again.`,
    }
  }
  const numbers = `of ten products proposed, ${(100 * figures['recall@10']!).toFixed(1)} % of the next order were among them, against ${(100 * popular['recall@10']!).toFixed(1)} % for the ten most popular`
  const range = `(difference ${(100 * gain.low).toFixed(1)} to ${(100 * gain.high).toFixed(1)} points, ${customers} customers)`
  return gain.low > 0
    ? { verdict: 'publish', why: `Better than the most popular products: ${numbers} ${range}.` }
    : { verdict: 'refuse', why: `No better than the most popular products beyond chance: ${numbers} ${range}.` }
}

/** Whether the proposals foretell the next order better than proposing what sells most. */
export function judge(
  trials: readonly Trial<OffersModel>[],
  definition: EventDefinition,
  params: OffersParams,
  rng: Rng,
  version: number,
): Report {
  const all = trials.map((trial) => judgeTrial(trial, params))
  const judged = all.flatMap((each) => each.judged)
  const [ours, ...others] = WAYS.map((way) => ({ name: way, ...meansOf(judged, way) }))
  const baselines = others.filter((each) => each.name !== 'without rules')
  const of = (way: Way) => (each: Judged) => each.ways[way]['recall@10']!
  const gain = interval(judged, (each) => of(WAYS[0])(each) - of('most popular')(each), rng.fork('gain'))
  const overOwn = interval(judged, (each) => of(WAYS[0])(each) - of('personal frequency')(each), rng.fork('gain over frequency'))
  const { name: _name, ...figures } = ours!
  const last = trials.at(-1)?.model
  return {
    miner: 'offers',
    version,
    event: definition.event,
    ...verdictOf(judged, gain, figures, meansOf(judged, 'most popular')),
    protocol: 'later-period',
    population: {
      who: `customers with at least ${params.leastOrders} orders before the one that is foretold`,
      rows: judged.length,
      positives: judged.filter((each) => each.ways[WAYS[0]]['hit@10'] === 1).length,
    },
    judgedAt: trials.flatMap(({ frame }) => (frame.asOf === null ? [] : [isoDay(frame.asOf)])),
    metrics: { ...figures, 'recall@10': interval(judged, of(WAYS[0]), rng.fork('recall')) },
    baselines,
    candidates: [ours!, others[0]!].map((each, i) => ({ ...each, chosen: i === 0 })),
    details: {
      gainOverPopular: gain,
      gainOverFrequency: overOwn,
      repeatRecall: mean(known(judged.map((each) => each.repeat))),
      exploreRecall: mean(known(judged.map((each) => each.explore))),
      coverage: last === undefined ? 0 : new Set(all.flatMap((each) => [...each.offered])).size / last.codes.length,
      ...(last === undefined ? {} : detailsOf(last)),
    },
  }
}

function detailsOf(model: OffersModel): Report['details'] {
  const named = (item: number) => ({
    code: model.codes[item]!,
    name: model.names[item] ?? null,
    buyers: model.buyers[item]!,
    again: model.again[item]!,
  })
  const owned = model.owned.flatMap((value, item) => (value === 1 ? [item] : []))
  return {
    products: model.codes.length,
    excluded: model.excluded,
    weights: model.weights,
    tried: model.tried,
    owned: {
      count: owned.length,
      most: owned
        .sort((a, b) => model.buyers[b]! - model.buyers[a]! || a - b)
        .slice(0, SHOWN)
        .map(named),
    },
    rules: {
      count: model.rules.length,
      leastSupport: model.leastSupport,
      customers: model.ruleCustomers,
      strongest: model.rules.slice(0, SHOWN).map((rule) => ({
        ifBought: rule.ifBought.map((item) => productName(model, item)),
        offer: productName(model, rule.offer),
        customers: rule.both,
        confidence: rule.confidence,
        lift: rule.lift,
      })),
    },
  }
}
