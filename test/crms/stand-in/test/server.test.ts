import type { Server } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { bytesOf, close, createHttpServer, isKept, listen, payloadOf, send } from '../src/index.ts'

interface Fault {
  readonly kind: string
  readonly ms?: number
  readonly when?: 'before' | 'after' | 'inBody'
}

let server: Server
afterEach(() => close(server))

const done: string[] = []
/** A server that does what it is told and says it back, disturbed by the fault. */
const start = async (fault: Fault | null): Promise<string> => {
  done.length = 0
  server = createHttpServer(
    {},
    async (request, response) => {
      const text = (await bytesOf(request)).toString()
      if (!(await isKept(request, fault))) return
      if (text === 'break') throw new Error('a mistake')
      done.push(text)
      send(response, { status: 200, headers: {}, bytes: payloadOf({ status: 200, body: { said: text } }) }, fault)
    },
    (response, text) => send(response, { status: 500, headers: {}, bytes: Buffer.from(text) }, null),
  )
  return listen(server)
}
const asked = async (url: string, body = 'hello'): Promise<unknown> => (await fetch(url, { method: 'POST', body })).json()

test.each<Fault | null>([null, { kind: 'other' }, { kind: 'slow', ms: 5 }, { kind: 'slow', ms: 5, when: 'inBody' }])(
  '%o: the answer comes whole',
  async (fault) => {
    expect(await asked(await start(fault))).toEqual({ said: 'hello' })
    expect(done).toEqual(['hello'])
  },
)

test.each([
  ['before', []],
  ['after', ['hello']],
  ['inBody', ['hello']],
] as const)('a connection that breaks %s', async (when, expected) => {
  const url = await start({ kind: 'drop', when })
  await expect(asked(url)).rejects.toThrow()
  expect(done).toEqual(expected)
})

test('a mistake of its own is told', async () => {
  const response = await fetch(await start(null), { method: 'POST', body: 'break' })
  expect([response.status, await response.text()]).toEqual([500, expect.stringContaining('a mistake')])
})
