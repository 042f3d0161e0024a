import { commonFaults, type Planted, plantedSuite, stampCompared, stream, windowClosedLate } from '@assay/conformance'
import type { ScoreRow } from '@assay/shared'
import { OVERLAP } from '../src/cursor.ts'
import { salesforce } from '../src/index.ts'
import { startHarness } from './harness.ts'

/** Mistakes that connectors to Salesforce make. */
const PLANTED: readonly Planted[] = [
  commonFaults.firstPageOnly,
  windowClosedLate(OVERLAP),
  commonFaults.fixedWait,
  commonFaults.ledgerNotAsked,
  commonFaults.tokenInLog,
  commonFaults.missingAsBlank,
  {
    ...commonFaults.deletionsPassedOver,
    foundBy: ['a deletion becomes a tombstone', 'a merge becomes a tombstone that names the winner'],
  },
  commonFaults.mergeAsDeletion,
  stampCompared('SystemModstamp'),
  commonFaults.oneRefusedRefusesAll,
  {
    fault: 'what was refused is sent again',
    foundBy: ['write: what was rejected is not tried again'],
    session: (good) => ({
      async *write(rows, total) {
        const all: ScoreRow[] = []
        for await (const row of rows) all.push(row)
        const refused = new Set<string>()
        for await (const result of good.write(stream(all), total))
          if (result.outcome === 'rejected') refused.add(result.id)
          else yield result
        if (refused.size > 0) yield* good.write(stream(all.filter(({ id }) => refused.has(id))), total)
      },
    }),
  },
  commonFaults.hiddenAsEmpty,
]

plantedSuite('the suite finds on Salesforce every planted fault', { connector: salesforce, start: () => startHarness() }, PLANTED)
