import { beforeEach, describe, expect, it } from 'vitest'
import { defineAlerts, defineAttributes, definePublishing } from '../../src/api/operations/index.ts'
import type { App } from '../../src/app.ts'
import { ALERT_DECISION, alertPolicy } from '../../src/flow/alert/policy.ts'
import { POLICY_DECISION, publishPolicy } from '../../src/flow/publish/policy.ts'
import { live } from '../store/records.ts'
import { MONDAY, openedPlanes, SLOW } from './planes.ts'

const planes = openedPlanes()

describe('what an admin may decide', { timeout: SLOW }, () => {
  let id: string
  const app = (): App =>
    ({
      control: planes.control,
      store: planes.store,
      now: () => MONDAY,
      connection: async () => (await planes.control.connections.list()).find((one) => one.id === id)!,
    }) as unknown as App
  type Wish = { readonly set?: Record<string, unknown>; readonly reset?: boolean }
  const asked = ({ set = {}, reset = false }: Wish = {}) => [app(), { set, reset }, () => undefined, new AbortController().signal] as const
  const alerts = (wish?: Wish) => defineAlerts.run(...asked(wish))
  const publishing = (wish?: Wish) => definePublishing.run(...asked(wish))

  beforeEach(async () => {
    id = await planes.connect()
  })

  it('is shown with its defaults, and nothing is decided by looking', async () => {
    expect(await alerts()).toEqual(alertPolicy.parse({}))
    expect(await publishing()).toEqual(publishPolicy.parse({}))
    expect(await planes.control.decisions.get(id, ALERT_DECISION)).toBeNull()
  })

  it('is kept by name, where alerts and publish read it; words become numbers where numbers are meant', async () => {
    await alerts({ set: { persistDays: '4' } })
    await alerts({ set: { fallbackOwner: '12' } })
    expect(await planes.control.decisions.get(id, ALERT_DECISION)).toEqual(alertPolicy.parse({ persistDays: 4, fallbackOwner: '12' }))
    expect(await alerts({ set: { fallbackOwner: 'none' } })).toMatchObject({ persistDays: 4, fallbackOwner: null })
    await publishing({ set: { bands: { high: '70' }, actions: { cases_open: 'Solve them.', region: 'Visit.' } } })
    const kept = publishPolicy.parse(await planes.control.decisions.get(id, POLICY_DECISION))
    expect(kept.bands).toEqual({ medium: 30, high: 70 })
    expect(kept.actions).toMatchObject({ cases_open: 'Solve them.', region: 'Visit.', other: publishPolicy.parse({}).actions['other'] })
    expect(await publishing({ reset: true })).toEqual(publishPolicy.parse({}))
  })

  it('refuses a name that there is not, a value that is none, and edges that overlap, and keeps what stood', async () => {
    await expect(alerts({ set: { persistDay: '4' } })).rejects.toMatchObject({
      kind: 'config',
      hint: expect.stringContaining('persistDays') as string,
    })
    await expect(alerts({ set: { persistDays: 'soon' } })).rejects.toThrow(/persistDays/)
    await expect(publishing({ set: { bands: { hihg: '70' } } })).rejects.toThrow(/bands\.hihg/)
    await expect(publishing({ set: { bands: { high: '20' } } })).rejects.toThrow(/Medium must begin below High/)
    expect(await planes.control.decisions.get(id, POLICY_DECISION)).toBeNull()
  })

  it('gives warnings without an owner only to somebody who is there', async () => {
    const user = (one: string, isActive: boolean) => live('user', one, '2026-01-01', { name: `User ${one}`, isActive })
    await planes.store.append(id, [user('7', true), user('8', false)])
    expect(await alerts({ set: { fallbackOwner: '7' } })).toMatchObject({ fallbackOwner: '7' })
    for (const gone of ['8', '9'])
      await expect(alerts({ set: { fallbackOwner: gone } })).rejects.toMatchObject({
        message: expect.stringContaining('No active user') as string,
        hint: expect.stringContaining('7 (User 7)') as string,
      })
  })
})

describe('attributes', { timeout: SLOW }, () => {
  it('that the newest model did not see are named, and what is declared is not said to be left out', async () => {
    const id = await planes.connect()
    const details = { attributes: { used: [], leftOut: ['region', 'city'].map((column) => ({ column, why: 'not declared stable' })) } }
    const app = {
      control: { ...planes.control, models: { newest: async () => ({ report: { details } }) } },
      connection: async () => ({ id }),
    } as unknown as App
    const declared = defineAttributes.run(
      app,
      { stable: ['region', 'regoin'], open: ['city'] },
      () => undefined,
      new AbortController().signal,
    )
    expect(await declared).toMatchObject({
      unknown: ['regoin'],
      idle: ['city'],
      leftOut: [{ column: 'city', why: 'not declared stable' }],
    })
  })
})
