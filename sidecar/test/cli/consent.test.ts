import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Connector, Consent } from '@assay/shared'
import { expect, test } from 'vitest'
import { consented } from '../../src/cli/consent.ts'

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

/** A CRM whose page of consent is only an address; `come` is the browser that comes back from it. */
async function begun(more: Partial<Consent> = {}) {
  const redirect = `http://localhost:${await freePort()}/signed-in`
  const said: string[] = []
  const write = (message: string): void => void said.push(message)
  const log = { debug: write, info: write, warn: write }
  const asked = Promise.withResolvers<URL>()
  const stop = new AbortController()
  const consent: Consent = {
    redirect,
    page: (_app, state) => `https://crm.example/consent?state=${state}`,
    settings: async (app, code) => ({ ...app, code }),
    ...more,
  }
  const connector = { id: 'crm', title: 'The CRM', consent } as unknown as Connector
  const settings = consented(
    connector,
    { clientId: 'c' },
    { log: { ...log, info: (message) => asked.resolve(new URL(message.split('\n').at(-1) ?? '')) } },
    stop.signal,
  )
  settings.catch(() => undefined)
  const come = async (query: Record<string, string>, path = '/signed-in', method = 'GET'): Promise<{ status: number; text: string }> => {
    const address = `http://127.0.0.1:${new URL(redirect).port}${path}?${new URLSearchParams(query).toString()}`
    const answer = await fetch(address, { method })
    return { status: answer.status, text: await answer.text() }
  }
  return { settings, come, state: (await asked.promise).searchParams.get('state') ?? '', stop, said }
}

test('the visit with the right state brings the settings; others change nothing', async () => {
  const { settings, come, state } = await begun()
  expect(state).toHaveLength(43)
  expect((await come({ code: 'stolen', state: 'x'.repeat(43) })).status).toBe(400)
  expect((await come({ code: 'stolen' })).status).toBe(400)
  expect((await come({ code: 'c1', state }, '/elsewhere')).status).toBe(404)
  expect((await come({ code: 'c1', state }, '/signed-in', 'POST')).status).toBe(404)
  expect((await come({ code: 'c1', state })).text).toContain('Signed in')
  expect(await settings).toEqual({ clientId: 'c', code: 'c1' })
  // Nobody listens any more.
  await expect(come({ code: 'c2', state })).rejects.toThrow()
})

test('whoever says no is heard', async () => {
  const { settings, come, state } = await begun()
  await come({ error: 'access_denied', state })
  await expect(settings).rejects.toMatchObject({ kind: 'auth', message: expect.stringContaining('said no') as string })
})

test('a stop ends the waiting', async () => {
  const { settings, stop } = await begun()
  stop.abort(new DOMException('stopped', 'AbortError'))
  await expect(settings).rejects.toMatchObject({ name: 'AbortError' })
})

test('a CRM without such a page says so', async () => {
  const connector = { id: 'crm', title: 'The CRM' } as unknown as Connector
  const log = { debug: () => {}, info: () => {}, warn: () => {} }
  await expect(consented(connector, {}, { log }, new AbortController().signal)).rejects.toMatchObject({ kind: 'config' })
})
