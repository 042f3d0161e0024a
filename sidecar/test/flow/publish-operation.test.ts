import { AssayError } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { CHURN_DECISION } from '../../src/api/operations/mine.ts'
import { publishConnection } from '../../src/api/operations/publish.ts'
import { SCORES_DECISION } from '../../src/api/operations/scores.ts'
import type { App } from '../../src/app.ts'
import { fakeCrm } from './fake-crm.ts'
import { churnEntry, entry, MONDAY, openedPlanes, SLOW } from './planes.ts'

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
    const run = { run: 'r1', scoredAt: MONDAY } as const
    const deals = ['d', 'e'].map((deal) => entry('wins', deal, { win_chance: '37' }, { ...run, object: 'deal' }))
    await planes.store.logScores(id, [churnEntry('a', 70, run), ...deals])
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
    expect(await asked(true)).toMatchObject({ written: 0, bill: { records: 3 } })
    expect(await asked(false)).toMatchObject({ written: 3, waiting: 0, bill: { records: 3, changed: 3 } })
    expect(crm.fields.get('a')).toMatchObject({ churn_risk: 70, churn_band: 'High' })
    expect(crm.fields.get('d')).toMatchObject({ win_chance: 37 })
    expect(crm.fields.get('d')).not.toHaveProperty('churn_risk')
    expect(crm.rows.map(({ object }) => object)).toEqual(['account', 'deal', 'deal'])
    // The next run does not ask about customers: what they hold stays. One deal is closed: its number goes.
    await planes.store.logScores(id, [entry('wins', 'd', { win_chance: '37' }, { run: 'r2', scoredAt: MONDAY, object: 'deal' })])
    await planes.control.decisions.set(id, SCORES_DECISION, { run: 'r2', unit: 'account', today: MONDAY, dataUntil: MONDAY }, 'mine')
    expect(await asked(false)).toMatchObject({ written: 1, bill: { cleared: 1, unchanged: 1 } })
    expect(crm.fields.get('a')).toMatchObject({ churn_risk: 70 })
    expect(crm.fields.get('e')).toMatchObject({ win_chance: null, score_note: 'No win chance: no longer among the open deals' })
  })
})
