import { AssayError } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { CHURN_DECISION, SCORES_DECISION } from '../../src/api/operations/mine.ts'
import { publishConnection } from '../../src/api/operations/publish.ts'
import type { App } from '../../src/app.ts'
import { fakeCrm } from './fake-crm.ts'
import { churnEntry, MONDAY, openedPlanes, SLOW } from './planes.ts'

const planes = openedPlanes()

describe('the publish command', { timeout: SLOW }, () => {
  it('writes nothing before somebody has accepted what "lost" means', async () => {
    const crm = fakeCrm()
    const id = await planes.connect()
    const connection = (await planes.control.connections.list()).find((one) => one.id === id)!
    const app = {
      control: planes.control,
      store: planes.store,
      now: () => MONDAY,
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
      connector: () => ({ capabilities: { write: true } }),
      session: () => crm.session,
    } as unknown as App
    const asked = (dryRun: boolean) =>
      publishConnection(app, connection, { dryRun, proceed: true }, () => undefined, new AbortController().signal)
    await expect(asked(false)).rejects.toThrow(/no scores to publish/)
    await planes.store.logScores(id, [churnEntry('a', 70, { run: 'r1', scoredAt: MONDAY })])
    await planes.control.decisions.set(id, SCORES_DECISION, { run: 'r1', unit: 'account', today: MONDAY, dataUntil: MONDAY }, 'mine')
    for (const dryRun of [false, true]) {
      const error: unknown = await asked(dryRun).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(AssayError)
      expect((error as AssayError).hint).toMatch(/assay define churn/)
    }
    expect(crm.rows).toEqual([])
    await planes.control.decisions.set(
      id,
      CHURN_DECISION,
      { event: 'no order within 90 days', from: 'silence', horizonDays: 90, who: '' },
      'admin',
    )
    expect(await asked(false)).toMatchObject({ written: 1 })
    expect(crm.fields.get('a')).toMatchObject({ churn_risk: 70, churn_band: 'High' })
  })
})
