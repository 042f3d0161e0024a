import { report as reportSchema } from '@assay/shared'
import { bytes } from './bytes.ts'
import type { MinerCase } from './case.ts'
import { fail, fit, judge, type MinerCheck, retrain, score } from './check.ts'
import { checkScores } from './scores.ts'
import { setNumbers, setOutcome } from './frames.ts'

const SUM = 1e-7

/** What is said is meant: ranges, reasons, missing values, the verdict. */
export const truthfulChecks: readonly MinerCheck[] = [
  {
    name: 'scores are in their range, of fields that the miner writes, and finite',
    needs: null,
    async run(given) {
      checkScores(given, score(given, await fit(given)), given.later[0]!)
    },
  },
  {
    name: 'missing is not zero',
    needs: 'matters',
    async run(given) {
      const name = given.matters!
      const model = await fit(given)
      const withNothing = bytes(
        score(
          given,
          model,
          setNumbers(given.later[0]!, name, () => Number.NaN),
        ),
      )
      const withZero = bytes(
        score(
          given,
          model,
          setNumbers(given.later[0]!, name, () => 0),
        ),
      )
      if (withNothing === withZero) fail(`"${name}" missing is scored as zero`)
      const hole = (value: number, row: number): number => (row % 3 === 0 ? Number.NaN : value)
      const zero = (value: number, row: number): number => (row % 3 === 0 ? 0 : value)
      const holes = await fit(
        given,
        retrain(given, (frame) => setNumbers(frame, name, hole)),
      )
      const zeros = await fit(
        given,
        retrain(given, (frame) => setNumbers(frame, name, zero)),
      )
      if (bytes(score(given, holes)) === bytes(score(given, zeros))) fail(`"${name}" missing is learned as zero`)
    },
  },
  {
    name: 'signs add up',
    needs: 'predicts',
    async run(given) {
      const frame = given.later[0]!
      const said = score(given, await fit(given), frame)
      if (!said.probability) fail('a miner that predicts an event gives its probability')
      if (!said.signs) return
      const scored = frame.ids.map((_, row) => row).filter((row) => said.unscored[row] === null)
      const rests = scored.map((row) => {
        const p = said.probability![row]!
        const signs = said.signs![row]!
        return {
          odds: Math.log(p / (1 - p)) - signs.reduce((sum, sign) => sum + sign.contribution, 0),
          points: 100 * p - signs.reduce((sum, sign) => sum + sign.points, 0),
        }
      })
      for (const [k, rest] of rests.entries()) {
        if (!(Math.abs(rest.odds - rests[0]!.odds) < SUM))
          fail(`contributions of "${frame.ids[scored[k]!]}" and the average do not add up to its score`)
        if (!(Math.abs(rest.points - rests[0]!.points) < SUM))
          fail(`points of "${frame.ids[scored[k]!]}" and the average do not add up to its percent`)
      }
    },
  },
  {
    name: 'the verdict is a report, in plain JSON',
    needs: null,
    async run(given) {
      const verdict = judge(given, await fit(given))
      const copy: unknown = JSON.parse(JSON.stringify(verdict))
      reportSchema.parse(copy)
      if (bytes(copy) !== bytes(verdict)) fail('the report holds what JSON cannot (NaN, undefined, typed arrays)')
      if (verdict.miner !== given.miner.id || verdict.why.length === 0) fail('the report does not say whose it is, or not why')
    },
  },
  {
    name: 'what is there to learn is published, with its baselines beside it',
    needs: 'predicts',
    async run(given) {
      const verdict = judge(given, await fit(given))
      if (verdict.verdict !== 'publish') fail(`refused although there is something to learn: ${verdict.why}`)
      if (verdict.baselines.length === 0) fail('no naive baseline is reported')
    },
  },
  {
    name: 'noise is never published',
    needs: 'predicts',
    async run(given) {
      for (const seed of ['noise 1', 'noise 2', 'noise 3']) {
        const rng = given.rng(seed)
        const deal = (frame: MinerCase['later'][number]): typeof frame => {
          const outcome = [...frame.outcome!]
          for (let i = outcome.length - 1; i > 0; i--) {
            const j = rng.below(i + 1)
            ;[outcome[i], outcome[j]] = [outcome[j]!, outcome[i]!]
          }
          return setOutcome(frame, (row) => outcome[row]!)
        }
        const model = await fit(given, retrain(given, deal))
        const verdict = judge(given, model, given.later.map(deal))
        if (verdict.verdict === 'publish') fail(`outcomes that were drawn at random were published: ${verdict.why}`)
      }
    },
  },
]
