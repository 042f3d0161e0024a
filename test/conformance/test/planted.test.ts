import { expect, it } from 'vitest'
import { connectorChecks, plantedSuite, runCheck } from '../src/connector/index.ts'
import { referenceConnector } from './reference/connector.ts'
import { startReference } from './reference/harness.ts'
import { PLANTED } from './reference/planted.ts'

plantedSuite('the connector suite finds every planted fault', { connector: referenceConnector, start: startReference }, PLANTED)

it('and every check of the suite passes on the connector that has none of them', async () => {
  for (const check of connectorChecks)
    expect(await runCheck(check, { connector: referenceConnector, start: startReference }), check.name).toBeNull()
})
