import { describe, expect, it } from 'vitest'
import { connectorChecks, runCheck } from '../src/connector/index.ts'
import { PLANTED } from './reference/planted.ts'
import { startReference, type ReferenceHarness } from './reference/harness.ts'

describe('the connector suite finds every planted fault', () => {
  it.each(PLANTED)('$fault', async ({ foundBy, connector }) => {
    let running: ReferenceHarness | undefined
    const inside = () => {
      if (running === undefined) throw new Error('not started')
      return running.inside
    }
    const start = async () => (running = await startReference())
    for (const name of foundBy) {
      const check = connectorChecks.find((entry) => entry.name === name)
      if (check === undefined) throw new Error(`there is no check "${name}"`)
      await expect(runCheck(check, { connector: connector(inside), start }), name).rejects.toThrow()
    }
  })

  it('and every check of the suite passes on the connector that has none of them', async () => {
    const { referenceConnector } = await import('./reference/connector.ts')
    for (const check of connectorChecks)
      expect(await runCheck(check, { connector: referenceConnector, start: startReference }), check.name).toBeNull()
  })
})
