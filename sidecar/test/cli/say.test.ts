import type { Report } from '@assay/shared'
import { expect, test } from 'vitest'
import { reportLines } from '../../src/cli/say.ts'

test('what is not there is left out of a line, never said to be null', () => {
  const report: Report = {
    miner: 'segments',
    version: 1,
    event: 'belongs together',
    verdict: 'publish',
    why: 'found again',
    protocol: 'resampling',
    population: { who: 'customers with an order', rows: 90, positives: 0 },
    judgedAt: [],
    metrics: { k: 3 },
    baselines: [],
    candidates: [
      { name: '3 segments', auc: null, logLoss: null, against: null, k: 3, chosen: true },
      { name: '4 segments', auc: null, logLoss: null, against: 'one has 3 customers', k: 4, chosen: false },
    ],
    details: {},
  }
  const text = reportLines(report).join('\n')
  expect(text).toContain('3 segments: k 3.000  (chosen)')
  expect(text).toContain('4 segments: against one has 3 customers, k 4.000')
  expect(text).not.toContain('null')
})
