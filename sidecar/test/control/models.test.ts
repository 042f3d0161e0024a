import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Control, Model } from '../../src/control/index.ts'
import { ENGINES } from './planes.ts'
import type { Plane } from './planes.ts'

const model = (connection: string, state: Model['state'], why: string): Omit<Model, 'id' | 'decidedAt'> => ({
  connection,
  miner: 'churn',
  minerVersion: 1,
  state,
  definition: { event: 'no order within 90 days', from: 'silence', horizonDays: 90, who: 'customers' },
  params: { folds: 5 },
  model: { weights: [1, 2] },
  report: {
    miner: 'churn',
    version: 1,
    event: 'no order within 90 days',
    verdict: state === 'refused' ? 'refuse' : 'publish',
    why,
    protocol: 'later-period',
    population: { who: 'customers', rows: 10, positives: 2 },
    judgedAt: [],
    metrics: {},
    baselines: [],
    candidates: [],
    details: {},
  },
  dataUntil: 1,
  fittedAt: 2,
})

describe.each(ENGINES)('the model registry on $name', ({ make }) => {
  let plane: Plane
  let control: Control
  beforeAll(async () => {
    plane = await make()
    control = await plane.open('registry')
  })
  afterAll(() => plane.remove())
  const connect = async () => (await control.connections.add({ connector: 'hubspot', title: 'one', settings: {} })).id

  test('goes back by one command, forward again by name, and keeps every decision', async () => {
    const id = await connect()
    const first = await control.models.add(model(id, 'live', 'first'))
    const refused = await control.models.add(model(id, 'refused', 'no better'))
    expect((await control.models.current(id, 'churn'))?.id).toBe(refused.id)
    const second = await control.models.add(model(id, 'live', 'second'))
    expect((await control.models.current(id, 'churn'))?.id).toBe(second.id)

    const back = await control.models.restore(id, 'churn', null, 'admin')
    expect([back.from, back.to.id, back.to.state]).toEqual([second.id, first.id, 'live'])
    expect((await control.models.live(id, 'churn'))?.id).toBe(first.id)
    // The refused one was made after the first and before it was gone back to.
    expect((await control.models.current(id, 'churn'))?.id).toBe(first.id)
    // There is nothing before the first.
    await expect(control.models.restore(id, 'churn', null, 'admin')).rejects.toMatchObject({ kind: 'config' })
    await expect(control.models.restore(id, 'churn', refused.id, 'admin')).rejects.toMatchObject({ kind: 'config' })
    expect((await control.models.live(id, 'churn'))?.id).toBe(first.id)

    await control.models.restore(id, 'churn', second.id, 'admin')
    expect((await control.models.get(id, second.id))?.state).toBe('live')
    const events = await control.models.events(id, 'churn', 20)
    expect(events.map((event) => [event.what, event.model, event.actor]).reverse()).toEqual([
      ['live', first.id, 'assay'],
      ['refused', refused.id, 'assay'],
      ['retired', first.id, 'assay'],
      ['live', second.id, 'assay'],
      ['retired', second.id, 'admin'],
      ['restored', first.id, 'admin'],
      ['retired', first.id, 'admin'],
      ['restored', second.id, 'admin'],
    ])
    expect(await control.models.list(id)).toHaveLength(3)
  })

  test('a live model that a newer one lost to stays the one that speaks', async () => {
    const id = await connect()
    const live = await control.models.add(model(id, 'live', 'good'))
    const lost = await control.models.add(model(id, 'refused', 'lost'))
    await control.models.keep(id, live.id, 'assay', 'the new one is worse')
    expect((await control.models.current(id, 'churn'))?.id).toBe(live.id)
    expect((await control.models.events(id, null, 1))[0]).toMatchObject({ what: 'kept', model: live.id, why: 'the new one is worse' })
    // Only a live one can be kept.
    await control.models.keep(id, lost.id, 'assay', 'no')
    expect((await control.models.events(id, null, 1))[0]?.what).toBe('kept')
    expect((await control.models.current(id, 'churn'))?.id).toBe(live.id)
  })

  test('models of one connection are not those of another', async () => {
    const [one, other] = [await connect(), await connect()]
    await control.models.add(model(one, 'live', 'mine'))
    expect(await control.models.current(other, 'churn')).toBeNull()
    expect(await control.models.events(other, null, 5)).toEqual([])
    await expect(control.models.restore(other, 'churn', null, 'admin')).rejects.toMatchObject({ kind: 'config' })
  })
})
