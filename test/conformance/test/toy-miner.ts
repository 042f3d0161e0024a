import { AssayError, type Frame, type Miner, type NumberColumn, type Rng, type Sign } from '@assay/shared'

export interface ToyModel {
  columns: { name: string; mean: number; scale: number; weight: number }[]
  intercept: number
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** A generator for these tests: mulberry32, forked by name. */
export function toyRng(seed: string): Rng {
  let state = 2_166_136_261
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 16_777_619)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return { next, below: (n) => Math.floor(next() * n), fork: (name) => toyRng(`${seed}/${name}`) }
}

const columnsOf = (frame: Frame): NumberColumn[] =>
  frame.columns.filter((c): c is NumberColumn => c.type === 'number').sort((a, b) => (a.info.name < b.info.name ? -1 : 1))

/** Standardised value; missing is the mean. */
const encoded = (values: Float64Array, row: number, mean: number, scale: number): number =>
  Number.isNaN(values[row]!) ? 0 : (values[row]! - mean) / scale

interface Row {
  readonly x: number[]
  readonly y: number
  readonly key: string
}

/** Gradient descent on the logistic loss of all frames. */
export function learn(frames: readonly Frame[]): ToyModel {
  const names = frames.length === 0 ? [] : columnsOf(frames[0]!).map((c) => c.info.name)
  const values = (frame: Frame, name: string): Float64Array => columnsOf(frame).find((c) => c.info.name === name)!.values
  // Sorted, so that sums run in one order whatever the order of the rows.
  const stats = names.map((name) => {
    const known = frames
      .flatMap((frame) => [...values(frame, name)])
      .filter((v) => !Number.isNaN(v))
      .sort((a, b) => a - b)
    const mean = known.length === 0 ? 0 : known.reduce((a, b) => a + b, 0) / known.length
    const scale = Math.sqrt(known.reduce((s, v) => s + (v - mean) ** 2, 0) / Math.max(1, known.length))
    return { name, mean, scale: scale > 0 ? scale : 1 }
  })
  const rows = frames
    .flatMap((frame, k) =>
      frame.ids.map((id, row): Row => ({
        x: stats.map((s) => encoded(values(frame, s.name), row, s.mean, s.scale)),
        y: frame.outcome![row]!,
        key: `${k} ${id}`,
      })),
    )
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const positives = rows.reduce((sum, row) => sum + row.y, 0)
  if (Math.min(positives, rows.length - positives) < 10)
    throw new AssayError('data', `it happened in ${positives} of ${rows.length} rows: ten are needed`)
  const weights = stats.map(() => 0)
  let intercept = Math.log(positives / (rows.length - positives))
  for (let step = 0; step < 60; step++) {
    const slope = stats.map(() => 0)
    let shift = 0
    for (const { x, y } of rows) {
      const miss = sigmoid(intercept + x.reduce((sum, v, j) => sum + v * weights[j]!, 0)) - y
      shift += miss
      x.forEach((v, j) => (slope[j]! += miss * v))
    }
    intercept -= (2 * shift) / rows.length
    slope.forEach((s, j) => (weights[j]! -= (2 * s) / rows.length))
  }
  return { columns: stats.map((s, j) => ({ ...s, weight: weights[j]! })), intercept }
}

/** Log-odds and signs of one row. */
export function explain(model: ToyModel, frame: Frame, row: number): { odds: number; signs: Sign[] } {
  const parts = model.columns.map((c) => {
    const column = columnsOf(frame).find((one) => one.info.name === c.name)
    const contribution = column ? c.weight * encoded(column.values, row, c.mean, c.scale) : 0
    return { column, contribution, name: c.name }
  })
  const total = parts.reduce((sum, part) => sum + part.contribution, 0)
  const odds = model.intercept + total
  const points = 100 * (sigmoid(odds) - sigmoid(model.intercept))
  return {
    odds,
    signs: parts.map(({ column, contribution, name }) => ({
      feature: name,
      text: `${name} as it is`,
      value: column && !Number.isNaN(column.values[row]!) ? column.values[row]! : null,
      contribution,
      points: total === 0 ? 0 : (points * contribution) / total,
      evidence: null,
      sourceFields: column?.info.sourceFields ?? [],
      restricted: column?.info.restricted ?? false,
    })),
  }
}

function auc(scores: readonly number[], outcome: readonly number[]): number {
  let [wins, pairs] = [0, 0]
  scores.forEach((a, i) =>
    scores.forEach((b, j) => {
      if (outcome[i] !== 1 || outcome[j] !== 0) return
      pairs++
      wins += a > b ? 1 : a === b ? 0.5 : 0
    }),
  )
  return pairs === 0 ? 0.5 : wins / pairs
}

/** A small honest miner: the sound thing that faults are planted in. */
export const toyMiner: Miner<unknown, ToyModel> = {
  id: 'toy',
  version: 1,
  title: 'Toy',
  params: { parse: (x: unknown) => x } as unknown as Miner<unknown, ToyModel>['params'],
  model: { parse: (x: unknown) => x } as unknown as Miner<unknown, ToyModel>['model'],
  writes: [{ name: 'churn_risk', on: 'customer', label: 'Risk', type: 'number', description: 'Chance in percent.' }],
  readiness(facts) {
    const ready = facts.positives >= 10
    return {
      miner: 'toy',
      ready,
      needs: [{ what: 'events', have: facts.positives, need: 10 }],
      note: ready ? 'enough' : `${10 - facts.positives} more events needed`,
    }
  },
  fit: async (training) => learn(training.frames),
  judge(trials, definition) {
    const rows = trials.flatMap(({ model, frame }) =>
      frame.ids.map((_, row) => ({
        said: explain(model, frame, row).odds,
        silence: columnsOf(frame).find((c) => c.info.name === 'days_since_last_order')!.values[row]!,
        happened: frame.outcome![row]!,
      })),
    )
    const happened = rows.map((row) => row.happened)
    const ours = auc(
      rows.map((row) => row.said),
      happened,
    )
    const naive = Math.max(
      0.5,
      auc(
        rows.map((row) => row.silence),
        happened,
      ),
    )
    return {
      miner: 'toy',
      version: 1,
      event: definition.event,
      verdict: ours > naive + 0.08 ? 'publish' : 'refuse',
      why: `AUC ${ours.toFixed(2)} against ${naive.toFixed(2)}`,
      protocol: 'later-period',
      population: { who: definition.who, rows: rows.length, positives: happened.reduce((a, b) => a + b, 0) },
      judgedAt: [],
      metrics: { auc: ours },
      baselines: [{ name: 'recency only', auc: naive }],
      candidates: [{ name: 'toy', auc: ours, chosen: true }],
      details: {},
    }
  },
  score(model, now) {
    const all = now.ids.map((_, row) => explain(model, now, row))
    const probability = Float64Array.from(all, ({ odds }) => sigmoid(odds))
    return {
      ids: now.ids,
      fields: { churn_risk: probability.map((p) => Math.min(99, Math.max(1, Math.round(100 * p)))) },
      probability,
      signs: all.map(({ signs }) => signs),
      unscored: now.ids.map(() => null),
    }
  },
}
