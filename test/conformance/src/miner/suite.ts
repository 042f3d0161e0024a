import { describe, it } from 'vitest'
import type { MinerCase } from './case.ts'
import type { MinerCheck } from './check.ts'
import { degenerateChecks } from './degenerate.ts'
import { repeatableChecks } from './repeatable.ts'
import { truthfulChecks } from './truthful.ts'

/** Every promise that `Miner` makes, by name. */
export const minerChecks: readonly MinerCheck[] = [...repeatableChecks, ...truthfulChecks, ...degenerateChecks]

const REASONS = { predicts: 'this miner predicts no event', matters: 'no number column matters to this miner' } as const

/** Why a promise means nothing for that miner, or null. */
export const leftOut = (check: MinerCheck, given: MinerCase): string | null =>
  (check.needs === 'predicts' && !given.predicts) || (check.needs === 'matters' && given.matters === null) ? REASONS[check.needs] : null

/** Registers one test a promise. What does not apply is named with its reason. */
export function minerSuite(given: MinerCase): void {
  describe(`miner ${given.miner.id} keeps its promises`, () => {
    for (const check of minerChecks) {
      const reason = leftOut(check, given)
      if (reason === null) it(check.name, () => check.run(given), 60_000)
      else it.skip(`${check.name} (left out: ${reason})`)
    }
  })
}
