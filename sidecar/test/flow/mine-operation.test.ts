import { expect, it } from 'vitest'
import { mine } from '../../src/api/operations/mine.ts'
import type { App } from '../../src/app.ts'
import { openedPlanes, SLOW } from './planes.ts'

const planes = openedPlanes()

it('mining what was never read says what to do, instead of asking for more customers', { timeout: SLOW }, async () => {
  const id = await planes.connect()
  const connection = (await planes.control.connections.list()).find((one) => one.id === id)!
  const app = { control: planes.control, store: planes.store, connection: () => Promise.resolve(connection) } as unknown as App
  const asked = mine.run(app, { refit: false }, () => undefined, new AbortController().signal)
  await expect(asked).rejects.toMatchObject({
    kind: 'config',
    message: expect.stringContaining('read yet') as string,
    hint: expect.stringContaining('assay sync') as string,
  })
})
