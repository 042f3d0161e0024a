import { AssayError, type DataFacts, type Frame } from '@assay/shared'
import type { MinerCase } from './case.ts'
import { fail, fit, type MinerCheck, paramsOf, retrain, score } from './check.ts'
import { addNumbers, flatten, pickRows, rowsOf, setOutcome } from './frames.ts'
import { checkScores } from './scores.ts'

/** Learns from changed frames: a sensible model, or an AssayError of kind `data` that says why. Never NaN, never a crash. */
async function survives(given: MinerCase, change: (frame: Frame) => Frame): Promise<void> {
  let model: unknown
  try {
    model = await fit(given, retrain(given, change))
  } catch (error) {
    if (error instanceof AssayError && error.kind === 'data' && error.message.length > 10) return
    throw new Error(`not refused with a reason, but broken: ${String(error)}`, { cause: error })
  }
  const frame = change(given.later[0]!)
  checkScores(given, score(given, model, frame), frame)
}

const nothing: DataFacts = {
  customers: 3,
  orders: 4,
  repeaters: 1,
  firstEventAt: 0,
  lastEventAt: 86_400_000,
  rows: 3,
  positives: 1,
  periods: 0,
  judgedRows: 0,
  judgedPositives: 0,
  products: 1,
  lineItems: 2,
}

/** What real companies send. */
export const degenerateChecks: readonly MinerCheck[] = [
  {
    name: 'outcomes of one class are refused with a reason',
    needs: 'predicts',
    async run(given) {
      for (const outcome of [0, 1]) {
        try {
          await fit(
            given,
            retrain(given, (frame) => setOutcome(frame, () => outcome)),
          )
        } catch (error) {
          if (error instanceof AssayError && error.kind === 'data') continue
          throw error
        }
        fail(`a model was learned although the outcome is always ${outcome}`)
      }
    },
  },
  { name: 'constant columns do no harm', needs: null, run: (given) => survives(given, (frame) => addNumbers(frame, 'constant', 5)) },
  { name: 'only constant columns do no harm', needs: null, run: (given) => survives(given, flatten) },
  {
    name: 'a column that is missing everywhere does no harm',
    needs: null,
    run: (given) => survives(given, (frame) => addNumbers(frame, 'nowhere', Number.NaN)),
  },
  {
    name: 'three customers do no harm',
    needs: null,
    run: (given) => survives(given, (frame) => pickRows(frame, rowsOf(frame).slice(0, 3))),
  },
  { name: 'no customers do no harm', needs: null, run: (given) => survives(given, (frame) => pickRows(frame, [])) },
  {
    name: 'duplicated rows do no harm',
    needs: null,
    run: (given) =>
      survives(given, (frame) =>
        pickRows(
          frame,
          rowsOf(frame).flatMap((row) => [row, row]),
        ),
      ),
  },
  {
    name: 'readiness refuses next to nothing, in numbers',
    needs: null,
    async run(given) {
      const said = given.miner.readiness(nothing, paramsOf(given))
      if (said.ready) fail('three customers are called enough')
      if (!said.needs.some(({ have, need }) => have < need)) fail('it does not say in numbers what is missing')
      if (!/\d/.test(said.note)) fail(`the note has no number in it: "${said.note}"`)
    },
  },
  {
    name: 'readiness accepts a company that is large enough',
    needs: null,
    async run(given) {
      const said = given.miner.readiness(given.enough, paramsOf(given))
      if (!said.ready) fail(`refused: ${said.note}`)
    },
  },
]
