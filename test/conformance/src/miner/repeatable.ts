import { bytes } from './bytes.ts'
import { fail, fit, judge, type MinerCheck, retrain, score } from './check.ts'
import { pickRows, reverseColumns, reverseRows, rowsOf, setOutcome } from './frames.ts'

/** The same input gives the same output, and nothing but the input does. */
export const repeatableChecks: readonly MinerCheck[] = [
  {
    name: 'the same seed gives the same bytes',
    needs: null,
    async run(given) {
      const [one, two] = [await fit(given), await fit(given)]
      if (bytes(one) !== bytes(two)) fail('two fits with one seed gave two models')
      if (bytes(score(given, one)) !== bytes(score(given, two))) fail('one model gave two answers')
      if (bytes(judge(given, one)) !== bytes(judge(given, two))) fail('one model got two verdicts')
    },
  },
  {
    name: 'a fit leaves nothing behind that another fit finds',
    needs: null,
    async run(given) {
      const first = bytes(await fit(given))
      const half = retrain(given, (frame) =>
        pickRows(
          frame,
          rowsOf(frame).filter((row) => row % 2 === 0),
        ),
      )
      await fit(given, half, 'other')
      if (bytes(await fit(given)) !== first) fail('after a fit on other data the same fit gave another model')
    },
  },
  {
    name: 'inputs stay untouched',
    needs: null,
    async run(given) {
      const before = bytes([given.training, given.later])
      const model = await fit(given)
      if (bytes([given.training, given.later]) !== before) fail('fit changed its input')
      judge(given, model)
      if (bytes([given.training, given.later]) !== before) fail('judge changed its input')
      score(given, model)
      if (bytes([given.training, given.later]) !== before) fail('score changed its input')
    },
  },
  {
    name: 'judging and scoring do not change the model',
    needs: null,
    async run(given) {
      const model = await fit(given)
      const before = bytes(model)
      score(given, model)
      if (bytes(model) !== before) fail('score changed the model')
      judge(given, model)
      if (bytes(model) !== before) fail('judge changed the model')
    },
  },
  {
    name: 'the order of columns does not matter',
    needs: null,
    async run(given) {
      const straight = bytes(score(given, await fit(given)))
      const turned = await fit(given, retrain(given, reverseColumns))
      if (bytes(score(given, turned)) !== straight) fail('columns in another order taught another model')
      if (bytes(score(given, turned, reverseColumns(given.later[0]!))) !== straight) fail('columns in another order were scored otherwise')
    },
  },
  {
    name: 'the order of rows does not matter, unless it is that of time',
    needs: null,
    async run(given) {
      if (given.training.order === 'file') return
      const straight = bytes(score(given, await fit(given)))
      const turned = await fit(given, retrain(given, reverseRows))
      if (bytes(score(given, turned)) !== straight) fail('rows in another order taught another model')
    },
  },
  {
    name: 'a model survives JSON',
    needs: null,
    async run(given) {
      const model = await fit(given)
      const copy = given.miner.model.parse(JSON.parse(JSON.stringify(model)))
      if (bytes(score(given, copy)) !== bytes(score(given, model))) fail('the model scores otherwise after a trip through JSON')
    },
  },
  {
    name: 'cutting the frame into chunks changes nothing',
    needs: null,
    async run(given) {
      const model = await fit(given)
      const frame = given.later[0]!
      const whole = score(given, model, frame)
      const cut = Math.floor(frame.ids.length / 3)
      const parts = [rowsOf(frame).slice(0, cut), rowsOf(frame).slice(cut)].map((rows) => score(given, model, pickRows(frame, rows)))
      for (const [name, values] of Object.entries(whole.fields)) {
        const joined = parts.flatMap((part) => Array.from<number | string | null>(part.fields[name] ?? []))
        if (bytes(joined) !== bytes(Array.from<number | string | null>(values))) fail(`${name} is another in two chunks than in one`)
      }
      if (whole.probability && bytes(parts.flatMap((part) => [...(part.probability ?? [])])) !== bytes([...whole.probability]))
        fail('the probability is another in two chunks than in one')
      if (whole.signs && bytes(parts.flatMap((part) => part.signs ?? [])) !== bytes(whole.signs))
        fail('signs are others in two chunks than in one')
      if (bytes(parts.flatMap((part) => part.unscored)) !== bytes(whole.unscored)) fail('other rows are left out in two chunks than in one')
    },
  },
  {
    name: 'a score does not look ahead',
    needs: null,
    async run(given) {
      const model = await fit(given)
      const frame = given.later[0]!
      const now = bytes(score(given, model, { ...frame, outcome: null, next: null, followed: [] }))
      if (bytes(score(given, model, frame)) !== now) fail('what came later changes the score')
      if (
        bytes(
          score(
            given,
            model,
            setOutcome(frame, (row) => 1 - (frame.outcome?.[row] ?? 0)),
          ),
        ) !== now
      )
        fail('another outcome changes the score')
    },
  },
]
