import { alone, type Miner, type ScoreField, unmeasured } from '@assay/shared'
import { changes } from './changes.ts'
import { fitPropensity } from './fit.ts'
import { judgePropensity } from './judge.ts'
import { type Params, params, propensityModel, type PropensityModel } from './model.ts'
import { propensityReadiness } from './readiness.ts'
import { scorePropensity } from './score.ts'

/** What makes one propensity miner differ from another: its name and what it writes. */
export interface PropensityKind {
  readonly id: string
  readonly title: string
  /** What those in whom it happened are called: "lost customers". */
  readonly events: string
  readonly writes: readonly ScoreField[]
  /** The one of them that holds the chance in percent; null where nothing is written. */
  readonly field: string | null
}

/** A miner for a yes-or-no event, whatever it means: one engine for all of them. */
export function propensityMiner(kind: PropensityKind): Miner<Params, PropensityModel> {
  const head = { id: kind.id, version: 2 }
  return {
    ...head,
    title: kind.title,
    params,
    model: propensityModel,
    writes: kind.writes,
    readiness: (facts, settings) => propensityReadiness(kind.id, kind.events, facts, settings),
    fit: async (training, settings, rng, meter = unmeasured, parallel = alone) =>
      fitPropensity(head, training, settings, rng, meter, parallel),
    judge: (trials, definition, _, rng) => judgePropensity(head, trials, definition, rng),
    score: (model, now) => scorePropensity(model, now, kind.field),
    changes: (before, after) => changes(before, after),
  }
}
