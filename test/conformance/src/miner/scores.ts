import type { Frame, ScoreColumns } from '@assay/shared'
import type { MinerCase } from './case.ts'
import { fail } from './check.ts'

/** Throws where scores are not of this frame, out of range, not finite, or of fields that the miner does not write. */
export function checkScores(given: MinerCase, said: ScoreColumns, frame: Frame): void {
  if (said.ids.join('\n') !== frame.ids.join('\n')) fail('the scores are not those of the rows that were asked for')
  if (said.unscored.length !== frame.ids.length) fail('not every row says whether it has a score')
  const writes = new Map(given.miner.writes.map((field) => [field.name, field]))
  for (const [name, values] of Object.entries(said.fields)) {
    const field = writes.get(name)
    if (!field) fail(`"${name}" is written and not among the miner's fields`)
    if (values.length !== frame.ids.length) fail(`"${name}" has ${values.length} values for ${frame.ids.length} rows`)
    const range = given.ranges[name]
    Array.from<number | string | null>(values).forEach((value, row) => {
      const absent = value === null || (typeof value === 'number' && Number.isNaN(value))
      if (said.unscored[row] !== null && !absent) fail(`row ${row} has no score and a value of "${name}"`)
      if (typeof value !== 'number') return
      if (said.unscored[row] === null && range && !(value >= range[0] && value <= range[1]))
        fail(`"${name}" is ${value}, out of ${range.join(' to ')}`)
      if (!absent && !Number.isFinite(value)) fail(`"${name}" is ${value}`)
    })
  }
  said.probability?.forEach((p, row) => {
    if (said.unscored[row] === null ? !(p > 0 && p < 1) : !Number.isNaN(p)) fail(`the probability of row ${row} is ${p}`)
  })
  said.signs?.flat().forEach((sign) => {
    if (!Number.isFinite(sign.contribution) || !Number.isFinite(sign.points)) fail(`the sign "${sign.feature}" is not a number`)
    if (sign.text === '' || sign.text.includes('NaN') || sign.text.includes('{value}'))
      fail(`the sign "${sign.feature}" says "${sign.text}"`)
  })
}
